"""Finds page furniture: page numbers and running headers, by form, position and repetition."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from corpus.records import Span
from corpus.segmentation.sentences import ends_sentence

_DASH = r"[-‐‑–—―−－~〜]"
_DIGITS = r"[0-9０-９]{1,4}"
_PAGE_WORD = (
    r"(?:page|pág(?:ina)?\.?|página|pagina|seite|strana|страница|стр\.|trang|halaman|hal\."
    r"|pp?\.)"
)
# A number alone on a line may also be the end of a sentence; see `find_furniture`.
_PLAIN_NUMBER = re.compile(r"[0-9０-９]{1,3}")
_DECORATED_NUMBER = re.compile(
    rf"{_DASH}\s*(?:{_DIGITS}|[ivx]{{1,5}})\s*{_DASH}?|{_DIGITS}\s*{_DASH}"
    rf"|\[\s*{_DIGITS}\s*\]|{_DIGITS}\s*[/／]\s*{_DIGITS}"
    rf"|{_PAGE_WORD}\s*{_DIGITS}(?:\s*(?:of|de|di|von|sur|из|/|／)\s*{_DIGITS})?"
    rf"|第?\s*{_DIGITS}\s*(?:頁|页|ページ|쪽|페이지)(?:\s*[,、/／]?\s*[全共]\s*{_DIGITS}\s*(?:頁|页|ページ))?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*・•●○■◆–—]\s*[^\s\d]")
_MAX_HEADER = 120  # code points
_MAX_BLANKS = 3  # blank lines between a running header and the end of its page


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of the file.

    Attributes:
        start: Offset of its first character.
        content: Span of its visible text; None in a blank line.
        form_feed: Whether a form feed is before its text, so that a new page begins.
    """

    start: int
    content: Span | None
    form_feed: bool


def is_decorated_number(words: str) -> bool:
    """Return whether a line is surely a page number, such as `- 2 -` or `Page 2 of 3`."""
    return bool(_DECORATED_NUMBER.fullmatch(words))


def is_plain_number(words: str) -> bool:
    """Return whether a line is a number alone, which may be that of a page."""
    return bool(_PLAIN_NUMBER.fullmatch(words))


def header_key(words: str) -> str:
    """Return what is equal for the same running header on two pages: all but the digits."""
    return re.sub(r"\d+", "0", unicodedata.normalize("NFKC", words)).casefold()


def find_furniture(text: str, lines: Sequence[RawLine]) -> Set[int]:
    """Return the numbers of the lines that belong to the page and not to the text.

    A page number is recognised by its form. A number without decoration must also be between blank
    lines, or at the end of a page. A running header or footer is a short line that is repeated,
    apart from its digits, at the ends of most pages or in the middle of a sentence. The first
    line of the file is no header, since it may be the title.
    """
    page_numbers = {n for n in range(len(lines)) if _is_page_number(text, lines, n)}
    return page_numbers | _running_headers(text, lines, page_numbers)


def _is_page_number(text: str, lines: Sequence[RawLine], number: int) -> bool:
    content = lines[number].content
    if not content:
        return False
    words = content.of(text)
    if is_decorated_number(words):
        return True
    return is_plain_number(words) and _stands_alone(lines, number, ())


def _stands_alone(lines: Sequence[RawLine], number: int, furniture: Collection[int]) -> bool:
    """Return whether a line is between blank lines or at the end of a page."""

    def is_blank(neighbour: int) -> bool:
        if not 0 <= neighbour < len(lines) or neighbour in furniture:
            return True
        return not lines[neighbour].content

    page_ends = number + 1 < len(lines) and lines[number + 1].form_feed
    if page_ends or lines[number].form_feed:
        return True
    return is_blank(number - 1) and is_blank(number + 1)


def _running_headers(text: str, lines: Sequence[RawLine], page_numbers: Set[int]) -> set[int]:
    repeated = _repeated_lines(text, lines, page_numbers)
    headers: set[int] = set()
    first = next((number for number, line in enumerate(lines) if line.content), -1)
    page_ends = max(len(page_numbers), sum(line.form_feed for line in lines))
    alone = {
        number
        for numbers in repeated
        for number in numbers
        if _stands_alone(lines, number, page_numbers)
    }
    for numbers in repeated:
        at_page_end = [
            n for n in numbers if n in alone and _is_near_page_end(lines, n, page_numbers)
        ]
        in_sentence = [n for n in numbers if n in alone and _interrupts_sentence(text, lines, n)]
        common = len(at_page_end) >= 2 and 2 * len(at_page_end) >= page_ends
        if common and len(at_page_end) >= len(numbers) - 1:
            headers.update(n for n in at_page_end if n != first)
        elif len(numbers) > 2 and in_sentence:
            headers.update(numbers[1:])
    return headers


def _repeated_lines(text: str, lines: Sequence[RawLine], page_numbers: Set[int]) -> list[list[int]]:
    """Return the numbers of short lines that are equal apart from their digits, as groups.

    The ends of sentences and bullets are left out.
    """
    numbers_by_key: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if not line.content or number in page_numbers:
            continue
        words = line.content.of(text)
        if len(words) <= _MAX_HEADER and not (ends_sentence(words) or _BULLET.match(words)):
            numbers_by_key[header_key(words)].append(number)
    return [numbers for numbers in numbers_by_key.values() if len(numbers) > 1]


def _is_near_page_end(lines: Sequence[RawLine], number: int, page_numbers: Set[int]) -> bool:
    """Return whether only blank lines are between a line and a page number or the end of a page."""
    if lines[number].form_feed:
        return True
    for step in (-1, 1):
        place, blanks = number + step, 0
        while 0 <= place < len(lines) and blanks < _MAX_BLANKS:
            if place in page_numbers or (step > 0 and lines[place].form_feed):
                return True
            if lines[place].content:
                break
            if lines[place].form_feed:
                return True
            blanks += 1
            place += step
    return False


def _interrupts_sentence(text: str, lines: Sequence[RawLine], number: int) -> bool:
    """Return whether a sentence continues after a line that is between blank lines."""
    before = [line.content.of(text) for line in lines[max(0, number - 9) : number] if line.content]
    after = [line.content.of(text) for line in lines[number + 1 : number + 10] if line.content]
    if not before or not after or ends_sentence(before[-1]):
        return False
    if before[-1].endswith((";", ":", "；", "：")):
        return False
    return before[-1].endswith((",", "、", "，")) or after[0][0].islower()
