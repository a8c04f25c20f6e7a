"""Finds page numbers, running headers and footers in the rows of all pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import CutReason
from corpus.formats.pdf.glyphs import Flow
from corpus.formats.pdf.rows import Row
from corpus.segmentation.page_furniture import header_key, is_decorated_number, is_plain_number

_EDGE_ROWS = 3  # rows at both ends of a page that may be furniture
_EDGE = 0.14  # of the depth of the page: how far from its edges they may be
_SAME_PLACE = 0.02  # of the depth: how far the same header may be apart on two pages
_MAX_HEADER = 120  # code points
_MIN_PAGES = 2  # on which a header stands


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of a page.

    Attributes:
        flow: The page in the direction of its writing.
        rows: The rows, from the first to the last.
    """

    flow: Flow
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int  # place in the list of pages
    row: int
    key: str
    place: float  # of its middle, as a share of the depth of the page


def find_furniture(pages: Sequence[PageRows]) -> dict[tuple[int, int], CutReason]:
    """Return the rows that belong to pages and not to the text, by page and row, with the reason.

    A page number is told by its form. A header or footer stands at the same place of most pages,
    with the same words apart from digits.
    """
    candidates = [each for place in range(len(pages)) for each in _edge_rows(pages, place)]
    found: dict[tuple[int, int], CutReason] = {}
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        words = pages[candidate.page].rows[candidate.row].text
        if is_decorated_number(words) or is_plain_number(words):
            found[candidate.page, candidate.row] = "page number"
        elif len(words) <= _MAX_HEADER:
            groups[candidate.key].append(candidate)
    for group in groups.values():
        for candidate in _repeated(group, len(pages)):
            found[candidate.page, candidate.row] = "running header"
    return found


def _edge_rows(pages: Sequence[PageRows], place: int) -> list[_Candidate]:
    """Return the rows at both ends of a page, as far as they are near its edges."""
    page = pages[place]
    depth = page.flow.depth or 1.0
    edge_rows = {*range(_EDGE_ROWS), *range(len(page.rows) - _EDGE_ROWS, len(page.rows))}
    candidates = []
    for number in sorted(edge_rows & set(range(len(page.rows)))):
        row = page.rows[number]
        middle = (row.low + row.high) / 2 / depth
        if not _EDGE < middle < 1 - _EDGE:
            candidates.append(_Candidate(place, number, header_key(row.text), middle))
    return candidates


def _repeated(group: Sequence[_Candidate], pages: int) -> list[_Candidate]:
    """Return the rows of a group that stand at the same place of enough pages.

    Odd and even pages may have other headers, so a third of the pages is enough.
    """
    repeated = []
    for candidate in group:
        same = {other.page for other in group if abs(other.place - candidate.place) <= _SAME_PLACE}
        if len(same) >= max(_MIN_PAGES, pages / 3):
            repeated.append(candidate)
    return repeated
