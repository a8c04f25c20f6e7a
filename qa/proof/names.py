"""The names of a claim that a statement does not have.

In one language a name is either there or not. Across languages only what both write alike can be
compared: acronyms, and long forms whose initials the statement gives. The rest is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from corpus.characters.folding import key_of
from qa.proof.numbers import in_digits, table

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HANGUL = "\uac00-\ud7af"
_KANA = "\u3041-\u30ff\uff66-\uff9f"
_LETTER = rf"[^\W\d_{_HAN}{_HANGUL}{_KANA}\u0e00-\u0eff]"
_WORD = re.compile(rf"{_LETTER}+")
# Words in a row that begin with a capital, with short ones between them: Department of Commerce.
_ROW = re.compile(rf"{_LETTER}+(?:'s\b)?(?:(?:, | ?& ?|[ -])(?:[a-z]{{1,3}} ){{0,2}}{_LETTER}+)*")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
_FOREIGN_NAME = re.compile(r"[ァ-ヴー]+(?:[・=][ァ-ヴー]+)+")
_RUN = re.compile(rf"[{_HAN}]{{2,}}|[{_HANGUL}]{{2,}}")
_SENTENCE = re.compile(r"(?:^|[.!?:]\"?\s+)\W*\Z")


@dataclass(slots=True)
class Unfounded:
    """What of a claim the statement does not have.

    Attributes:
        missing: Names that would be there if the claim were right.
        not_checked: What may be a name, but cannot be compared, or may be another word.
    """

    missing: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)


def unfounded(claim: str, said: str, language: str, other: str) -> Unfounded:
    """Look for the names of a claim in a statement.

    Args:
        claim: The claim.
        said: All that the statement says, and what is known about it.
        language: Of the claim.
        other: Of the statement.
    """
    claim, said = _plain(claim), _plain(said)
    found = Unfounded()
    if language not in ("ja", "zh", "ko") and _akin(claim, said):
        language = other
    _latin(claim, said, language, other, found)
    if language == other:
        for name in _KATAKANA.findall(claim):
            if name.rstrip("ー") not in said:
                found.missing.append(name)
        for name, person in _uncovered(claim, said):
            (found.missing if person else found.not_checked).append(name)
    else:
        found.not_checked += _persons(claim, said)
    return found


def _plain(text: str) -> str:
    """The key, with numbers in digits, and U.S. as US."""
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), key_of(in_digits(text)))


def _akin(claim: str, said: str) -> bool:
    """Whether half of the claim's words are those of a statement that is written in such words.

    A claim of a few words hides its language.
    """
    words = [word for word in _WORD.findall(claim) if word.islower()]
    known = _WORD.findall(said.casefold())
    spaced = 2 * sum(map(len, known)) > sum(map(str.isalpha, said))
    return bool(words) and spaced and 2 * sum(word in known for word in words) >= len(words)


# -- scripts with capitals ---------------------------------------------------------------------


def _latin(claim: str, said: str, language: str, other: str, found: Unfounded) -> None:
    known = {word.casefold() for word in _WORD.findall(said)}
    acronyms = {word for word in _WORD.findall(said) if word.isupper() and len(word) > 1}
    spelt_out = {initials for row in _rows(said) for initials, _ in _initials(row)}
    passed = known | set(table()["common"])
    for start, row in _rows_at(claim):
        founded = {
            word for initials, words in _initials(row) if initials in acronyms for word in words
        }
        unknown = [
            word
            for word in _capitals(row)
            if word not in founded
            and not _stems(word) & passed
            and not (_is_acronym(word) and word in spelt_out)
        ]
        for name in _joined(row, unknown):
            if _is_acronym(name):  # two letters are often a country, which each language has
                sure = language == other or len(name) > 2
            else:  # every sentence begins with a capital, and every noun of German
                opens = name == row[0] and _SENTENCE.search(claim[:start])
                sure = language == other != "de" and not opens
            (found.missing if sure else found.not_checked).append(name)


def _rows_at(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where words in a row begin with a capital, and the words."""
    for found in _ROW.finditer(text):
        words = _WORD.findall(found[0])
        while words and not words[-1][0].isupper():
            words.pop()
        begin = next((at for at, word in enumerate(words) if word[0].isupper()), len(words))
        run: list[str] = []
        for word in [*words[begin:], ""]:
            if word and (word[0].isupper() or (run and len(word) <= 3)):
                run.append(word)
            elif run:
                yield found.start() + found[0].find(run[0]), _trimmed(run)
                run = []


def _rows(text: str) -> Iterator[list[str]]:
    return (row for _, row in _rows_at(text))


def _trimmed(row: list[str]) -> list[str]:
    while not row[-1][0].isupper():
        row.pop()
    return row


def _capitals(row: Sequence[str]) -> list[str]:
    return [word for word in row if word[0].isupper()]


def _initials(row: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The initials of every stretch of a row, with those of its short words and without."""
    for begin in range(len(row)):
        for end in range(begin + 2, min(len(row), begin + 12) + 1):
            words = row[begin:end]
            if words[0][0].isupper() and words[-1][0].isupper():
                capitals = _capitals(words)
                yield "".join(word[0] for word in capitals), words
                yield "".join(word[0].upper() for word in words), words


def _is_acronym(word: str) -> bool:
    return sum(char.isupper() for char in word) > 1 and " " not in word


def _stems(word: str) -> set[str]:
    plain = word.casefold()
    return {plain, plain.removesuffix("s"), f"{plain}s"}


def _joined(row: Sequence[str], unknown: Sequence[str]) -> Iterator[str]:
    """Unknown words that stand beside each other as one name; acronyms alone."""
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


# -- scripts without -----------------------------------------------------------------------------


def _uncovered(claim: str, said: str) -> Iterator[tuple[str, bool]]:
    """Stretches of kanji or hangul that the statement does not have, and whether a title follows.

    What stands in the statement is taken off in pieces of two characters or more.
    """
    for found in _RUN.finditer(claim):
        run = found[0]
        if run in said:
            continue
        covered = [False] * len(run)
        pieces = [0] * len(run)  # where the piece begins that covers a character
        for begin in range(len(run) - 1):
            end = begin
            while end < len(run) and run[begin : end + 1] in said:
                end += 1
            for at in range(begin, end if end - begin > 1 else begin):
                if not covered[at]:
                    covered[at], pieces[at] = True, begin
        for begin, end in _stretches(covered):
            if end - begin == 1 and begin and not re.match(f"[{_HANGUL}]", run):
                begin = pieces[begin - 1]  # 西村康夫, where 西村康 is known
            if end - begin > 1:
                yield run[begin:end], bool(_title().search(run[begin:]))


def _stretches(covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    begin = None
    for at, known in enumerate([*covered, True]):
        if not known and begin is None:
            begin = at
        elif known and begin is not None:
            yield begin, at
            begin = None


def _persons(claim: str, said: str) -> Iterable[str]:
    """Names of persons in a script that the statement is not written in."""
    names = _FOREIGN_NAME.findall(claim)
    runs = (run for run in _RUN.findall(claim) if not _title().fullmatch(run))
    names += [run for run in runs if _title().search(run)]
    return [name for name in names if name not in said]


@cache
def _title() -> re.Pattern[str]:
    return re.compile("|".join(sorted(table()["titles"], key=len, reverse=True)))
