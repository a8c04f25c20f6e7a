"""The names of a claim that a statement does not have.

In the same language a name is either in the statement or not. In different languages only what
both write alike can be compared: acronyms, and long forms whose initials the statement has. Other
names are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from corpus.characters.folding import key_of
from corpus.characters.scripts import HAN, KANA
from qa.mentions.numbers import claim_table, longest_first, with_digits

_HANGUL = "\uac00-\ud7af"
_KANA = rf"{KANA}\uff66-\uff9f"  # with half-width forms
_LETTER = rf"[^\W\d_{HAN}{_HANGUL}{_KANA}\u0e00-\u0eff]"
_WORD = re.compile(rf"{_LETTER}+")
# Words in a row, such as Department of Commerce, with short words between those with capitals.
_ROW = re.compile(rf"{_LETTER}+(?:'s\b)?(?:(?:, | ?& ?|[ -])(?:[a-z]{{1,3}} ){{0,2}}{_LETTER}+)*")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
_KATAKANA_NAME = re.compile(r"[ァ-ヴー]+(?:[・=][ァ-ヴー]+)+")
_RUN = re.compile(rf"[{HAN}]{{2,}}|(?P<hangul>[{_HANGUL}]{{2,}})")
_SENTENCE_BEGIN = re.compile(r"(?:^|[.!?:]\"?\s+)\W*\Z")
_MAX_LONG_FORM = 12  # words of a long form whose initials may be an acronym


@dataclass(slots=True)
class Unsupported:
    """What of a claim the statement does not have.

    Attributes:
        missing: Numbers and names that would be there if the claim were right.
        not_checked: Words that may be names, but cannot be compared, or may be other words.
    """

    missing: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)


def unsupported_names(
    claim: str, source: str, claim_language: str, source_language: str
) -> Unsupported:
    """Return the names of a claim that a statement does not have.

    Args:
        claim: The claim.
        source: The text of the statement, and what is recorded of it.
        claim_language: Language of the claim.
        source_language: Language of the statement.
    """
    claim, source = _plain(claim), _plain(source)
    if claim_language not in ("ja", "zh", "ko") and _shares_words(claim, source):
        claim_language = source_language
    same_language = claim_language == source_language
    names = _names_with_capitals(claim, source, same_language, source_language == "de")
    if same_language:
        katakana = _KATAKANA.findall(claim)
        names.missing += [name for name in katakana if name.rstrip("ー") not in source]
        for name, has_title in _unknown_stretches(claim, source):
            (names.missing if has_title else names.not_checked).append(name)
    else:
        names.not_checked += [name for name in _persons(claim) if name not in source]
    return names


def _plain(text: str) -> str:
    """Return the key of a text, with numbers in digits, and U.S. as US."""
    return _DOTTED.sub(lambda match: match[0].replace(".", ""), key_of(with_digits(text)))


def _shares_words(claim: str, source: str) -> bool:
    """Return whether half of the words of a claim stand in a source that is written with spaces.

    The language of a claim of a few words is often detected wrongly.
    """
    words = [word for word in _WORD.findall(claim) if word.islower()]
    source_words = _WORD.findall(source.casefold())
    has_spaces = 2 * sum(map(len, source_words)) > sum(map(str.isalpha, source))
    shared = sum(word in source_words for word in words)
    return bool(words) and has_spaces and 2 * shared >= len(words)


# -- scripts with capital letters -----------------------------------------------------------------


def _names_with_capitals(
    claim: str, source: str, same_language: bool, is_german: bool
) -> Unsupported:
    """Return the names of a claim that begin with a capital letter and are not in the source."""
    names = Unsupported()
    source_words = _WORD.findall(source)
    acronyms = {word for word in source_words if word.isupper() and len(word) > 1}
    long_forms = {initials for _, row in _rows(source) for initials, _ in _initials(row)}
    no_names = {word.casefold() for word in source_words} | set(claim_table()["common"])
    for start, row in _rows(claim):
        spelt_out = {
            word for initials, words in _initials(row) if initials in acronyms for word in words
        }
        unknown = [
            word
            for word in _capitals(row)
            if word not in spelt_out
            and not _forms(word) & no_names
            and not (_is_acronym(word) and word in long_forms)
        ]
        for name in _joined(row, unknown):
            if _is_acronym(name):
                # Two letters are often a country, and each language has its own for it.
                is_name = same_language or len(name) > 2
            else:
                # Every sentence begins with a capital letter, and so does every noun in German.
                begins = name == row[0] and _SENTENCE_BEGIN.search(claim[:start])
                is_name = same_language and not is_german and not begins
            (names.missing if is_name else names.not_checked).append(name)
    return names


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Return rows of words that begin with a capital letter, each with its start in the text."""
    for match in _ROW.finditer(text):
        words = _WORD.findall(match[0])
        first = next((at for at, word in enumerate(words) if word[0].isupper()), len(words))
        row: list[str] = []
        for word in [*words[first:], ""]:
            if word and (word[0].isupper() or (row and len(word) <= 3)):
                row.append(word)
            elif row:
                yield match.start() + match[0].find(row[0]), _without_short_end(row)
                row = []


def _without_short_end(row: list[str]) -> list[str]:
    """Return a row of words up to the last one that begins with a capital letter."""
    while not row[-1][0].isupper():
        row.pop()
    return row


def _capitals(row: Sequence[str]) -> list[str]:
    return [word for word in row if word[0].isupper()]


def _initials(row: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Return the initials of every stretch of a row, without and with those of its short words."""
    for begin in range(len(row)):
        for end in range(begin + 2, min(len(row), begin + _MAX_LONG_FORM) + 1):
            words = row[begin:end]
            if words[0][0].isupper() and words[-1][0].isupper():
                yield "".join(word[0] for word in _capitals(words)), words
                yield "".join(word[0].upper() for word in words), words


def _is_acronym(word: str) -> bool:
    return sum(char.isupper() for char in word) > 1 and " " not in word


def _forms(word: str) -> set[str]:
    """Return a word in small letters, with and without a plural s."""
    plain = word.casefold()
    return {plain, plain.removesuffix("s"), f"{plain}s"}


def _joined(row: Sequence[str], unknown: Sequence[str]) -> Iterator[str]:
    """Return unknown words as names. Words that stand together are one name; acronyms are not."""
    name: list[str] = []
    for word in [*row, ""]:
        if word in unknown and not _is_acronym(word):
            name.append(word)
            continue
        if name:
            yield " ".join(name)
            name = []
        if word in unknown:
            yield word


# -- scripts without capital letters --------------------------------------------------------------


def _unknown_stretches(claim: str, source: str) -> Iterator[tuple[str, bool]]:
    """Return stretches of kanji or hangul that the source does not have.

    Pieces of two characters or more that stand in the source are taken off first.

    Returns:
        Each stretch, and whether the title of a person follows it.
    """
    for match in _RUN.finditer(claim):
        run = match[0]
        if run in source:
            continue
        piece_starts = _known_pieces(run, source)
        for begin, end in _gaps([start is not None for start in piece_starts]):
            previous = piece_starts[begin - 1] if begin else None
            if end - begin == 1 and previous is not None and not match["hangul"]:
                begin = previous  # 西村康夫 is one name, even if 西村康 stands in the source
            if end - begin > 1:
                yield run[begin:end], bool(_title().search(run[begin:]))


def _known_pieces(run: str, source: str) -> list[int | None]:
    """Return, for each character, where the piece of the source begins that covers it.

    None stands for a character that no piece of two characters or more covers.
    """
    starts: list[int | None] = [None] * len(run)
    for begin in range(len(run) - 1):
        end = begin
        while end < len(run) and run[begin : end + 1] in source:
            end += 1
        for at in range(begin, end if end - begin > 1 else begin):
            if starts[at] is None:
                starts[at] = begin
    return starts


def _gaps(covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Return start and end of each stretch that is not covered."""
    begin = None
    for at, is_covered in enumerate([*covered, True]):
        if not is_covered and begin is None:
            begin = at
        elif is_covered and begin is not None:
            yield begin, at
            begin = None


def _persons(claim: str) -> Iterator[str]:
    """Return names of persons in katakana, and in kanji or hangul before a title."""
    yield from _KATAKANA_NAME.findall(claim)
    for match in _RUN.finditer(claim):
        if _title().search(match[0]) and not _title().fullmatch(match[0]):
            yield match[0]


@cache
def _title() -> re.Pattern[str]:
    return re.compile("|".join(longest_first(claim_table()["titles"])))
