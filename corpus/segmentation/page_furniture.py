"""Page furniture: page numbers and running headers, told by their form, position and repetition."""

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
_PAGE = (
    r"(?:page|pág(?:ina)?\.?|página|pagina|seite|strana|страница|стр\.|trang|halaman|hal\."
    r"|pp?\.)"
)
# A number on a line of its own may also be the end of a sentence, so it must stand apart.
_BARE = re.compile(r"[0-9０-９]{1,3}")
_DRESSED = re.compile(
    rf"{_DASH}\s*(?:{_DIGITS}|[ivx]{{1,5}})\s*{_DASH}?|{_DIGITS}\s*{_DASH}"
    rf"|\[\s*{_DIGITS}\s*\]|{_DIGITS}\s*[/／]\s*{_DIGITS}"
    rf"|{_PAGE}\s*{_DIGITS}(?:\s*(?:of|de|di|von|sur|из|/|／)\s*{_DIGITS})?"
    rf"|第?\s*{_DIGITS}\s*(?:頁|页|ページ|쪽|페이지)(?:\s*[,、/／]?\s*[全共]\s*{_DIGITS}\s*(?:頁|页|ページ))?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*・•●○■◆–—]\s*[^\s\d]")
_LONGEST = 120  # code points of a running header
_NEAR = 3  # lines of furniture that may stand together


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of the file.

    Attributes:
        start: Its first code point.
        content: What is visible of it; None in a blank line.
        form_feed: Whether a page begins with it.
    """

    start: int
    content: Span | None
    form_feed: bool


def find_furniture(text: str, lines: Sequence[RawLine]) -> Set[int]:
    """The numbers of the lines that belong to the page and not to the text.

    A page number is known by its form; one without any ornament must stand between blank lines,
    or beside the end of a page. A running header or footer is a short line that comes again,
    digits aside, and does so where most pages end or in the middle of a sentence. The first line
    of the file stays: it may be the title.
    """
    pages = {n for n, line in enumerate(lines) if line.content and _is_page(text, lines, n)}
    return pages | _running(text, lines, pages)


def _is_page(text: str, lines: Sequence[RawLine], number: int) -> bool:
    content = lines[number].content
    words = content.of(text) if content else ""
    if _DRESSED.fullmatch(words):
        return True
    return bool(_BARE.fullmatch(words)) and _apart(lines, number, ())


def _apart(lines: Sequence[RawLine], number: int, furniture: Collection[int]) -> bool:
    """Whether a line stands between blank lines or at the end of a page."""

    def blank(other: int) -> bool:
        return not 0 <= other < len(lines) or not lines[other].content or other in furniture

    follows = number + 1 < len(lines) and lines[number + 1].form_feed
    if follows or lines[number].form_feed:
        return True
    return blank(number - 1) and blank(number + 1)


def _running(text: str, lines: Sequence[RawLine], pages: Set[int]) -> Set[int]:
    repeated: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if (
            line.content
            and number not in pages
            and line.content.end - line.content.start <= _LONGEST
        ):
            words = line.content.of(text)
            if not (ends_sentence(words) or _BULLET.match(words)):
                repeated[_key(words)].append(number)
    found: set[int] = set()
    first = next((number for number, line in enumerate(lines) if line.content), -1)
    breaks = max(len(pages), sum(line.form_feed for line in lines))
    apart = {number for numbers in repeated.values() for number in numbers if len(numbers) > 1}
    apart = {number for number in apart if _apart(lines, number, pages)}
    for numbers in repeated.values():
        if len(numbers) < 2:
            continue
        at_break = [n for n in numbers if n in apart and _near_break(lines, n, pages)]
        inside = [n for n in numbers if n in apart and _interrupts(text, lines, n)]
        common = len(at_break) >= 2 and 2 * len(at_break) >= breaks
        if common and len(at_break) >= len(numbers) - 1:
            found.update(n for n in at_break if n != first)
        elif len(numbers) > 2 and inside:
            found.update(numbers[1:])
    return found


def _key(words: str) -> str:
    return re.sub(r"\d+", "0", unicodedata.normalize("NFKC", words)).casefold()


def _near_break(lines: Sequence[RawLine], number: int, pages: Set[int]) -> bool:
    """Whether a page number or the end of a page is near, with no more than blank lines between."""
    if lines[number].form_feed:
        return True
    for step in (-1, 1):
        place, seen = number + step, 0
        while 0 <= place < len(lines) and seen < _NEAR:
            if place in pages or (step > 0 and lines[place].form_feed):
                return True
            if lines[place].content:
                break
            if lines[place].form_feed:
                return True
            seen += 1
            place += step
    return False


def _interrupts(text: str, lines: Sequence[RawLine], number: int) -> bool:
    """Whether a sentence goes on behind a line that stands between blank lines."""
    words = [line.content.of(text) for line in lines[max(0, number - 9) : number] if line.content]
    after = [line.content.of(text) for line in lines[number + 1 : number + 10] if line.content]
    if (
        not words
        or not after
        or ends_sentence(words[-1])
        or words[-1].endswith((";", ":", "；", "："))
    ):
        return False
    return words[-1].endswith((",", "、", "，")) or after[0][0].islower()
