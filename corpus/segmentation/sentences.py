"""Sentence boundaries in Japanese, Chinese and Latin-script prose, as offsets.

A sentence cut short can say the opposite of what was agreed (the predicate and the negation
stand last in Japanese), so when in doubt two sentences stay one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from corpus.records import Span

_OPEN = dict(zip("「『（(【〔《〈［[“", "」』）)】〕》〉］]”", strict=True))
_CLOSING = frozenset(_OPEN.values())
_BRACKET = re.compile(f"[{re.escape(''.join(_OPEN) + ''.join(_OPEN.values()))}]")
_CJK_END = "。！？｡．"
_LATIN_END = ".!?"
_ENDS = _CJK_END + _LATIN_END
_CLOSERS = "」』）)】〕》〉］]”’\"'"
# Words whose full stop does not end a sentence, lower case, without the stop.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof hon amb gov gen sen rep st no nos vol art arts para paras sec fig pp res"
    " ed eds vs cf etc e.g i.e al inc ltd co corp dept est approx jan feb mar apr jun jul aug sep"
    " sept oct nov dec bzw ca nr abs sr sra ud núm pág m mme z.b d.h u.a".split()
)
# "am 1. März 2026", "im 19. Jahrhundert": a small number with a stop is an ordinal before these.
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\Z")
_AFTER_ORDINAL = re.compile(
    r"\s+(?:Jan|Jän|Feb|Mär|Apr|Mai\b|Jun[ei]|Jul[ei]|Aug|Sept|Okt|Nov|Dez|Jahrhundert|Jh\.)"
)
_WORD_BEFORE = re.compile(r"(?<![\w-])[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
_BLANK = re.compile(r"\s*")
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)\s*?(?:\r\n|\r|\n)")
_PARTICLE = re.compile(r"[ぁ-ん]\Z")
_MARK_UP = "*_"
_FOOTNOTE = (
    r"(?:\[\^?\d{1,3}\]|[¹²³⁰⁴-⁹]{1,3}|[†‡]|<sup>\[?\d{1,3}\]?</sup>|[(（]注\d{0,3}[)）]|※\d{1,2})"
)
_FOOTNOTES_AT_END = re.compile(rf"(?:{_FOOTNOTE})+\Z")
# Emphasis counts only where it closes, before a blank: "*" may also open the next word.
_TRAILERS = re.compile(rf"(?:[*_]+(?=\s|\Z))?{_FOOTNOTE}*(?:[*_]+(?=\s|\Z))?")
# "III. Conclusion": a number alone is no sentence.
_NUMERAL = re.compile(r"(?:[\W_]*(?:\d{1,4}|[IVXLC]{1,6}|[A-Za-z])(?![^\W_]))+[\W_]*")
_LONGEST_NUMERAL = 40  # code points
_STOPS = re.compile(f"[{re.escape(_ENDS)}]+")
_TAIL = 400  # code points in which a line ends, with its footnote marks
_REACH, _STEP = 2000, 500  # code points in which the other bracket is looked for
# A number that was wrapped in the middle, as happens in Japanese text.
_DECIMAL = re.compile(r"[.．]\s*\d+(?:\.\d+)?(?=[%％°℃〇-鿿ぁ-ヿ])")


def split_sentences(text: str, span: Span, breaks: Collection[int] = ()) -> tuple[Span, ...]:
    """Cut `span` of `text` into whole sentences.

    A line end is no sentence end: it may be where a sentence was wrapped.

    Args:
        text: The source text.
        span: The part to cut.
        breaks: Offsets at which a sentence ends whatever its words are.

    Returns:
        Spans in order, free of surrounding white space; every other character is in one of them.
    """
    closed_at = _matching_brackets(text, span)
    sentences: list[Span] = []
    begin = position = span.start
    run = _Run(0, 0)
    while position < span.end:
        if position in closed_at:  # a full stop inside a quotation does not end the sentence
            position = closed_at[position]
        stop = 0
        if position in breaks:
            stop = position
        elif text[position] in _ENDS:
            if position >= run.end:
                run = _run(text, position, span.end)
            stop = _stop(text, position, run, span.end)
        position += 1
        if stop and not _is_numeral(text, begin, stop):
            _append(sentences, text, begin, stop)
            begin = position = max(stop, position)
    _append(sentences, text, begin, span.end)
    return tuple(sentences)


def ends_sentence(text: str) -> bool:
    """Whether `text`, a whole line, closes with a sentence end."""
    body = _FOOTNOTES_AT_END.sub("", text.rstrip()[-_TAIL:]).rstrip(_CLOSERS + _MARK_UP)
    return body.endswith((*_CJK_END, *_LATIN_END))


def is_title(words: str) -> bool:
    """Whether a line looks like a heading: capitals in Latin script, no particle in Japanese."""
    letters = re.findall(r"[^\W\d_]+", words)
    small = sum(one.islower() for one in letters)
    return 2 * small <= len(letters) and not _PARTICLE.search(words)


def closes(text: str, span: Span, end: int) -> bool:
    """Whether a sentence ends at `end`, the end of a line, given the line that follows it.

    Args:
        text: The source text.
        span: From the beginning of the block to the end of the following line.
        end: One past the last visible character of the line.
    """
    start = max(span.start, end - _TAIL)
    body = _FOOTNOTES_AT_END.sub("", text[start:end]).rstrip(_CLOSERS + _MARK_UP)
    stop = start + len(body.rstrip(_ENDS))
    if stop >= end or text[stop] not in _ENDS:
        return False
    run = _run(text, stop, span.end)
    return bool(_stop(text, stop, run, span.end)) and not in_brackets(text, span.start, stop)


def in_brackets(text: str, start: int, position: int) -> bool:
    """Whether a position lies between a bracket and the one that closes it.

    Args:
        text: The source text.
        start: From where on an opening bracket counts.
        position: An offset behind `start`.
    """
    # The same pairs serve for many lines, so what is looked at begins and ends at round places.
    start = max(start, (position - _REACH) // _STEP * _STEP)
    before = text[start:position]
    if all(before.count(one) <= before.count(other) for one, other in _OPEN.items()):
        return False
    reach = (position + _REACH) // _STEP * _STEP
    paragraph = _BLANK_LINE.search(text, position, reach)
    limit = min(paragraph.start() if paragraph else len(text), reach)
    pairs = _paired(text, start, limit) if start < limit else {}
    return any(opened < position < closed for opened, closed in pairs.items())


@lru_cache(maxsize=2)
def _paired(text: str, start: int, limit: int) -> dict[int, int]:
    return _matching_brackets(text, Span(start, limit))


def _matching_brackets(text: str, span: Span) -> dict[int, int]:
    """Opening bracket -> its closing one; brackets that never close are left out."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    awaited = dict.fromkeys(_CLOSING, 0)  # how many of the stack each would close
    for found in _BRACKET.finditer(text, span.start, span.end):
        position, char = found.start(), found[0]
        if char in _OPEN:
            stack.append(position)
            awaited[_OPEN[char]] += 1
        elif awaited[char]:
            while _OPEN[text[opener := stack.pop()]] != char:
                awaited[_OPEN[text[opener]]] -= 1  # what it holds unclosed is dropped
            awaited[char] -= 1
            pairs[opener] = position
    return pairs


@dataclass(frozen=True, slots=True)
class _Run:
    """Full stops that stand together.

    Attributes:
        end: One past the last of them.
        after: One past what belongs to the sentence before it, such as closing quotes.
    """

    end: int
    after: int


def _run(text: str, position: int, limit: int) -> _Run:
    """The full stops from `position` on; looked for once, however many there are."""
    found = _STOPS.match(text, position, limit)
    end = found.end() if found else position
    return _Run(end, _with_closers(text, end, limit))


def _is_numeral(text: str, begin: int, end: int) -> bool:
    """Whether a part is no more than numbers, as "III." is."""
    return end - begin <= _LONGEST_NUMERAL and bool(_NUMERAL.fullmatch(text, begin, end))


def _stop(text: str, position: int, run: _Run, limit: int) -> int:
    """End offset of the sentence that closes at `position`, in a run of stops, or 0 if none."""
    char, end = text[position], run.after
    following = text[end : end + 1] if end < limit else ""
    if (
        char in ".．"
        and following
        and not following.isspace()
        and _numbers(text, position, following)
    ):
        return 0  # 3.5, example.org, 上記１．及び２．の
    if text[position - 1 : position].isdigit() and _DECIMAL.match(text, position, limit):
        return 0
    if char in _CJK_END:
        return end
    if following and not following.isspace() and following.isascii():
        return 0
    if char == "." and following and not _latin_stop(text, position, end, limit):
        return 0
    return end


def _with_closers(text: str, end: int, limit: int) -> int:
    """Past what belongs to the sentence before it: closing quotes, mark-up, footnote marks."""
    while end < limit and text[end] in _CLOSERS:
        end += 1
    if found := _TRAILERS.match(text, end, limit):
        end = found.end()
    return end


def _numbers(text: str, position: int, following: str) -> bool:
    """Whether a full stop within a line belongs to a number, an abbreviation or a name."""
    before = unicodedata.normalize("NFKC", text[max(0, position - 1) : position])
    return following.isdigit() or (before.isascii() and before.isalnum())


def _latin_stop(text: str, position: int, end: int, limit: int) -> bool:
    word = _WORD_BEFORE.search(text, max(0, position - 24), position)
    if word:
        bare = word.group().lower()
        if bare in _ABBREVIATIONS or "." in bare or len(bare) == 1:
            return False  # No. 3, U.S. officials, J. Smith
    if _ORDINAL.search(text, max(0, position - 3), position) and _AFTER_ORDINAL.match(text, end):
        return False
    start = _BLANK.match(text, end, limit)
    after = text[start.end() : start.end() + 1] if start else ""
    return not after.islower()


def _append(sentences: list[Span], text: str, begin: int, end: int) -> None:
    trimmed = trim(text, begin, end)
    if trimmed:
        sentences.append(trimmed)


def trim(text: str, begin: int, end: int) -> Span | None:
    """The part of `[begin, end)` between its first and last visible character, if it has any."""
    while begin < end and _blank(text[begin]):
        begin += 1
    while end > begin and _blank(text[end - 1]):
        end -= 1
    return Span(begin, end) if begin < end else None


def _blank(char: str) -> bool:
    return char.isspace() or char in "\ufeff\u200b\x00"
