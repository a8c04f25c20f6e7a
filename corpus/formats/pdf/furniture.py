"""Finds page numbers, running headers and footers in the rows of all pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import CutReason
from corpus.formats.pdf.placement import PageRows
from corpus.segmentation.page_furniture import header_key, is_decorated_number, is_plain_number
from corpus.segmentation.sentences import ends_sentence

_EDGE_ROWS = 3  # rows at both ends of a page that may be furniture
_EDGE, _MIN_EDGE = 0.14, 70.0  # of the depth of the page, and points: where page numbers may be
_SAME_PLACE = 0.02  # of the depth: how far the same header may be apart on two pages
_MAX_HEADER = 120  # code points
_MIN_PAGES = 2  # on which a header stands


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int  # place in the list of pages
    row: int
    key: str
    place: float  # of its middle, as a share of the depth of the page
    at_edge: bool  # whether it is near the upper or the lower edge


def find_furniture(pages: Sequence[PageRows]) -> dict[tuple[int, int], CutReason]:
    """Return the rows that belong to pages and not to the text, by page and row, with the reason.

    A page number is told by its form. A header or footer stands at the same place of most pages,
    with the same words apart from digits. It ends no sentence.
    """
    candidates = [each for place in range(len(pages)) for each in _edge_rows(pages, place)]
    found: dict[tuple[int, int], CutReason] = {}
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        words = pages[candidate.page].rows[candidate.row].text
        is_number = is_decorated_number(words) or is_plain_number(words)
        if is_number and candidate.at_edge:
            found[candidate.page, candidate.row] = "page number"
        elif len(words) <= _MAX_HEADER and not ends_sentence(words):
            groups[candidate.key].append(candidate)
    for group in groups.values():
        for candidate in _repeated(group, len(pages)):
            found[candidate.page, candidate.row] = "running header"
    return found


def _edge_rows(pages: Sequence[PageRows], place: int) -> list[_Candidate]:
    """Return the rows at both ends of a page."""
    page = pages[place]
    depth = page.flow.depth or 1.0
    edge_rows = {*range(_EDGE_ROWS), *range(len(page.rows) - _EDGE_ROWS, len(page.rows))}
    candidates = []
    for number in sorted(edge_rows & set(range(len(page.rows)))):
        row = page.rows[number]
        middle = (row.low + row.high) / 2
        at_edge = min(middle, depth - middle) < max(_EDGE * depth, _MIN_EDGE)
        key = header_key(row.text)
        candidates.append(_Candidate(place, number, key, middle / depth, at_edge))
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
