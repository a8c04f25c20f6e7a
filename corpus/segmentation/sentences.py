"""Finds sentence boundaries in Japanese, Chinese and Latin-script prose.

A sentence that is cut short can say the opposite of what was agreed: in Japanese, the predicate
and the negation are at the end. So when in doubt, two sentences stay one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from corpus.records import Span
from corpus.segmentation.brackets import in_brackets, matching_brackets

_CJK_END = "。！？｡．"
_LATIN_END = ".!?"
_ENDS = _CJK_END + _LATIN_END
_CLOSERS = "」』）)】〕》〉］]”’\"'"
# Words after which a full stop does not end a sentence, in lower case and without the stop.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof hon amb gov gen sen rep st no nos vol art arts para paras sec fig pp res"
    " ed eds vs cf etc e.g i.e al inc ltd co corp dept est approx jan feb mar apr jun jul aug sep"
    " sept oct nov dec bzw ca nr abs sr sra ud núm pág m mme z.b d.h u.a".split()
)
# A number with a full stop before one of these words is an ordinal, as in "am 1. März 2026".
_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\Z")
_AFTER_ORDINAL = re.compile(
    r"\s+(?:Jan|Jän|Feb|Mär|Apr|Mai\b|Jun[ei]|Jul[ei]|Aug|Sept|Okt|Nov|Dez|Jahrhundert|Jh\.)"
)
_WORD_BEFORE = re.compile(r"(?<![\w-])[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
_BLANK = re.compile(r"\s*")
_HIRAGANA_AT_END = re.compile(r"[ぁ-ん]\Z")
_MARK_UP = "*_"
_FOOTNOTE = (
    r"(?:\[\^?\d{1,3}\]|[¹²³⁰⁴-⁹]{1,3}|[†‡]|<sup>\[?\d{1,3}\]?</sup>|[(（]注\d{0,3}[)）]|※\d{1,2})"
)
_FOOTNOTES_AT_END = re.compile(rf"(?:{_FOOTNOTE})+\Z")
# Emphasis is closed only before white space; elsewhere "*" may open the emphasis of a word.
_TRAILERS = re.compile(rf"(?:[*_]+(?=\s|\Z))?{_FOOTNOTE}*(?:[*_]+(?=\s|\Z))?")
# A number alone is no sentence, as in "III. Conclusion".
_NUMERAL = re.compile(r"(?:[\W_]*(?:\d{1,4}|[IVXLC]{1,6}|[A-Za-z])(?![^\W_]))+[\W_]*")
_MAX_NUMERAL = 40  # code points
_STOPS = re.compile(f"[{re.escape(_ENDS)}]+")
_TAIL = 400  # code points at the end of a line that are looked at
# A decimal number may be wrapped after its point in Japanese text.
_DECIMAL = re.compile(r"[.．]\s*\d+(?:\.\d+)?(?=[%％°℃〇-鿿ぁ-ヿ])")


def split_sentences(text: str, span: Span, breaks: Collection[int] = ()) -> tuple[Span, ...]:
    """Cut a span of a text into sentences.

    The end of a line does not end a sentence, since the sentence may be wrapped there.

    Args:
        text: The source text.
        span: The part to cut.
        breaks: Offsets at which a sentence ends in any case.

    Returns:
        Spans in order without surrounding white space. They hold every visible character.
    """
    closing_brackets = matching_brackets(text, span)
    sentences: list[Span] = []
    begin = position = span.start
    stops = _Stops(0, 0)
    while position < span.end:
        if position in closing_brackets:  # a full stop in brackets does not end the sentence
            position = closing_brackets[position]
        end = 0
        if position in breaks:
            end = position
        elif text[position] in _ENDS:
            if position >= stops.end:
                stops = _stops_from(text, position, span.end)
            end = _sentence_end(text, position, stops, span.end)
        position += 1
        if end and not _is_numeral(text, begin, end):
            _append(sentences, text, begin, end)
            begin = position = max(end, position)
    _append(sentences, text, begin, span.end)
    return tuple(sentences)


def ends_sentence(text: str) -> bool:
    """Return whether a line ends with the end of a sentence."""
    body = _FOOTNOTES_AT_END.sub("", text.rstrip()[-_TAIL:]).rstrip(_CLOSERS + _MARK_UP)
    return body.endswith((*_CJK_END, *_LATIN_END))


def is_title(line: str) -> bool:
    """Return whether a line looks like a title.

    In Latin script, at most half of the words of a title are in lower case. In Japanese, a title
    does not end with hiragana, as most predicates and particles do.
    """
    words = re.findall(r"[^\W\d_]+", line)
    lower_case = sum(word.islower() for word in words)
    return 2 * lower_case <= len(words) and not _HIRAGANA_AT_END.search(line)


def sentence_ends_at(text: str, span: Span, end: int) -> bool:
    """Return whether a sentence ends at the end of a line, in view of the next line.

    Args:
        text: The source text.
        span: From the start of the block to the end of the next line.
        end: One past the last visible character of the line.
    """
    start = max(span.start, end - _TAIL)
    body = _FOOTNOTES_AT_END.sub("", text[start:end]).rstrip(_CLOSERS + _MARK_UP)
    first_stop = start + len(body.rstrip(_ENDS))
    if first_stop >= end or text[first_stop] not in _ENDS:
        return False
    stops = _stops_from(text, first_stop, span.end)
    ends = bool(_sentence_end(text, first_stop, stops, span.end))
    return ends and not in_brackets(text, span.start, first_stop)


@dataclass(frozen=True, slots=True)
class _Stops:
    """A row of full stops, such as `！？` or `...`.

    Attributes:
        end: One past the last full stop.
        after: One past the closing quotes and footnote marks that belong to the same sentence.
    """

    end: int
    after: int


def _stops_from(text: str, position: int, limit: int) -> _Stops:
    """Return the row of full stops at `position`. It is looked up once for all of its stops."""
    match = _STOPS.match(text, position, limit)
    end = match.end() if match else position
    return _Stops(end, _with_closers(text, end, limit))


def _is_numeral(text: str, begin: int, end: int) -> bool:
    """Return whether a part of a text is only a number, such as "III."."""
    return end - begin <= _MAX_NUMERAL and bool(_NUMERAL.fullmatch(text, begin, end))


def _sentence_end(text: str, position: int, stops: _Stops, limit: int) -> int:
    """Return the end of the sentence that the full stop at `position` ends, or 0 if it ends none.

    Args:
        text: The source text.
        position: Offset of a full stop.
        stops: The row of full stops that it is in.
        limit: End of the part that is cut into sentences.
    """
    char, end = text[position], stops.after
    following = text[end : end + 1] if end < limit else ""
    if (
        char in ".．"
        and following
        and not following.isspace()
        and _is_within_name_or_number(text, position, following)
    ):
        return 0  # 3.5, example.org, 上記１．及び２．の
    if text[position - 1 : position].isdigit() and _DECIMAL.match(text, position, limit):
        return 0
    if char in _CJK_END:
        return end
    if following and not following.isspace() and following.isascii():
        return 0
    if char == "." and following and not _is_latin_stop(text, position, end, limit):
        return 0
    return end


def _with_closers(text: str, end: int, limit: int) -> int:
    """Return the offset after the closing quotes, mark-up and footnote marks at `end`."""
    while end < limit and text[end] in _CLOSERS:
        end += 1
    if match := _TRAILERS.match(text, end, limit):
        end = match.end()
    return end


def _is_within_name_or_number(text: str, position: int, following: str) -> bool:
    """Return whether a full stop within a line is part of a number, abbreviation or name."""
    before = unicodedata.normalize("NFKC", text[max(0, position - 1) : position])
    return following.isdigit() or (before.isascii() and before.isalnum())


def _is_latin_stop(text: str, position: int, end: int, limit: int) -> bool:
    """Return whether a full stop ends a sentence in Latin script, not an abbreviation."""
    match = _WORD_BEFORE.search(text, max(0, position - 24), position)
    if match:
        word = match.group().lower()
        if word in _ABBREVIATIONS or "." in word or len(word) == 1:
            return False  # No. 3, U.S. officials, J. Smith
    if _ORDINAL.search(text, max(0, position - 3), position) and _AFTER_ORDINAL.match(text, end):
        return False
    blank = _BLANK.match(text, end, limit)
    following = text[blank.end() : blank.end() + 1] if blank else ""
    return not following.islower()


def _append(sentences: list[Span], text: str, begin: int, end: int) -> None:
    sentence = trim(text, begin, end)
    if sentence:
        sentences.append(sentence)


def trim(text: str, begin: int, end: int) -> Span | None:
    """Return `[begin, end)` without white space at both ends, or None if nothing is left."""
    while begin < end and _is_blank(text[begin]):
        begin += 1
    while end > begin and _is_blank(text[end - 1]):
        end -= 1
    return Span(begin, end) if begin < end else None


def _is_blank(char: str) -> bool:
    return char.isspace() or char in "\ufeff\u200b\x00"
