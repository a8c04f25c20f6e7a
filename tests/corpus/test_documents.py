"""The map from a text to its document: places of spans, and what is stored."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Area, Cut, Details, Document, PrintedLine, Stretch, TextMap
from corpus.records import Span

LINE = PrintedLine(Area(1, 10.0, 20.0, 50.0, 30.0), (10.0, 20.0, 30.0, 50.0))
DOWN = PrintedLine(Area(2, 10.0, 20.0, 30.0, 60.0), (20.0, 40.0, 60.0), vertical=True)
MAP = TextMap((Stretch(0, 3, LINE), Stretch(4, 6, DOWN), Stretch(8, 12, "body/p[2]")))
DETAILS = Details(
    MAP,
    (Cut("ruby", "かな", Area(1, 1.0, 2.0, 3.0, 4.0)), Cut("navigation", "Home", "body/nav")),
    {"title": "覚書", "date": "2026-11-30"},
    ("a warning",),
    ((595.3, 841.9), (841.9, 595.3)),
    "tesseract 5.3.0 (jpn)",
)


@st.composite
def maps(draw: st.DrawFn) -> TextMap:
    """Maps with lines and elements, some with gaps between them."""
    stretches, start, left = [], 0, 0.0
    for number in range(draw(st.integers(0, 8))):
        start += draw(st.integers(0, 2))
        length = draw(st.integers(1, 6))
        if draw(st.booleans()):
            widths = draw(st.lists(st.integers(0, 300), min_size=length, max_size=length))
            edges = [left]
            for width in widths:
                edges.append(round(edges[-1] + width / 10, 1))
            area = Area(draw(st.integers(1, 5)), edges[0], 5.0, edges[-1], 9.0)
            where: PrintedLine | str = PrintedLine(area, tuple(edges))
        else:
            where = f"body/p[{number}]"
        stretches.append(Stretch(start, start + length, where))
        start += length
    return TextMap(tuple(stretches))


@pytest.mark.parametrize(
    ("span", "areas", "pages", "elements"),
    [
        (Span(0, 3), [(1, 10, 20, 50, 30)], (1,), ()),
        (Span(1, 2), [(1, 20, 20, 30, 30)], (1,), ()),
        (Span(2, 5), [(1, 30, 20, 50, 30), (2, 10, 20, 30, 40)], (1, 2), ()),
        (Span(3, 4), [], (), ()),
        (Span(5, 9), [(2, 10, 40, 30, 60)], (2,), ("body/p[2]",)),
        (Span(12, 20), [], (), ()),
    ],
)
def test_the_place_of_a_span(
    span: Span, areas: list[Any], pages: tuple[int, ...], elements: tuple[str, ...]
) -> None:
    assert MAP.areas(span) == tuple(Area(*area) for area in areas)
    assert MAP.pages(span) == pages
    assert MAP.elements(span) == elements


@settings(deadline=None)
@given(maps(), st.integers(0, 60), st.integers(1, 20), st.integers(1, 20))
def test_two_spans_beside_each_other_have_the_places_of_both(
    text_map: TextMap, start: int, first: int, second: int
) -> None:
    middle, end = start + first, start + first + second
    whole = Span(start, end)
    parts = [Span(start, middle), Span(middle, end)]
    pages = [page for part in parts for page in text_map.pages(part)]
    assert tuple(dict.fromkeys(pages)) == text_map.pages(whole)
    elements = [each for part in parts for each in text_map.elements(part)]
    assert tuple(dict.fromkeys(elements)) == text_map.elements(whole)
    width = sum(area.right - area.left for area in text_map.areas(whole))
    halves = sum(area.right - area.left for part in parts for area in text_map.areas(part))
    assert halves == pytest.approx(width)


@given(maps())
def test_a_part_of_a_line_lies_within_it(text_map: TextMap) -> None:
    for stretch in text_map.stretches:
        if isinstance(stretch.where, PrintedLine):
            area = stretch.where.area
            for place in range(stretch.end - stretch.start):
                part = stretch.where.part(place, place + 1)
                assert area.left <= part.left <= part.right <= area.right
                assert (part.top, part.bottom, part.page) == (area.top, area.bottom, area.page)


def test_details_are_stored_and_read_again() -> None:
    assert Details.from_bytes(DETAILS.to_bytes()) == DETAILS
    assert Details.from_bytes(Details().to_bytes()) == Details()
    assert DETAILS.pages == 2


@given(maps())
def test_every_map_is_stored_as_it_is(text_map: TextMap) -> None:
    assert Details.from_bytes(Details(text_map).to_bytes()).map == text_map


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no details"):
        Details.from_bytes(data)


@pytest.mark.parametrize(
    "change",
    [
        {"map": [[0, 5, [1, 1, 2, 3, 4], [1, 1], 0]]},  # edges of another length
        {"map": [[0]]},
        {"map": 3},
        {"cuts": [["ruby"]]},
        {"sizes": [[1, 2, 3]]},
        {"facts": None, "map": [[0, 1, [1], [1, 1], 0]]},
    ],
)
def test_details_of_another_form_are_refused(change: dict[str, Any]) -> None:
    packed = json.loads(zlib.decompress(DETAILS.to_bytes())) | change
    with pytest.raises(ValueError, match="no details"):
        Details.from_bytes(zlib.compress(json.dumps(packed).encode()))


@pytest.mark.parametrize("missing", ["map", "cuts", "facts", "warnings", "sizes", "recognised"])
def test_details_without_a_part_are_refused(missing: str) -> None:
    packed = json.loads(zlib.decompress(DETAILS.to_bytes()))
    del packed[missing]
    with pytest.raises(ValueError, match="no details"):
        Details.from_bytes(zlib.compress(json.dumps(packed).encode()))


def test_a_check_finds_damage_without_reading_all() -> None:
    Document("pdf", "0" * 64, "pdf 1", DETAILS.to_bytes()).check()
    for packed in (b"", b"x", DETAILS.to_bytes()[:-3]):
        with pytest.raises(ValueError, match="no details"):
            Document("pdf", "0" * 64, "pdf 1", packed).check()
