"""Rows are placed in reading order, and paragraphs are told by distance and size."""

from __future__ import annotations

import pytest
from pdf_pages import LEFT, PITCH, TOP, Words, column, page, page_rows, vertical_page

from corpus.formats.pdf.placement import Measures, PlacedRow, placed_rows

TEXT = (
    "The two governments met in Kobe and agreed to work together on ports, on railways and on the "
    "training of those who run them. They will name officials who report each year on what was "
    "done, and they will publish the reports in both languages within a month of each meeting."
)
RIGHT = LEFT + 230


def placed(*pages: list[Words]) -> list[PlacedRow]:
    shown = (page(*lines, number=number) for number, lines in enumerate(pages, 1))
    return list(placed_rows([page_rows(each) for each in shown]))


def test_rows_know_their_column() -> None:
    rows = placed([*column(TEXT, width=40), *column(TEXT, RIGHT, width=40)])
    half = len(rows) // 2
    assert [row.start for row in rows] == [LEFT] * half + [RIGHT] * half
    assert [place for place, row in enumerate(rows) if row.opens_column] == [0, half]
    assert {round(row.pitch, 1) for row in rows} == {0.0, PITCH}
    assert {row.indent for row in rows} == {0.0}


def test_pages_follow_each_other() -> None:
    rows = placed([Words("First page"), Words("ends here", baseline=TOP + 12)], [Words("Second")])
    assert [row.row.text for row in rows] == ["First page", "ends here", "Second"]
    assert [row.opens_column for row in rows] == [True, False, True]
    assert [row.flow.page.number for row in rows] == [1, 1, 2]


def test_a_vertical_page_is_measured_on_its_own() -> None:
    pages = [page(*column(TEXT)), vertical_page("両国は、港湾に関する協力", "を進めた。", number=2)]
    rows = list(placed_rows([page_rows(each) for each in pages]))
    assert {row.start for row in rows[:-2]} == {LEFT}
    assert [row.start for row in rows[-2:]] == [TOP, TOP]


@pytest.mark.parametrize(
    ("down", "size", "parted", "after_sentence"),
    [
        (PITCH, 10.0, False, False),
        (PITCH * 1.15, 10.0, False, True),
        (PITCH * 1.3, 10.0, True, True),
        (PITCH, 10.4, False, False),
        (PITCH, 14.0, True, True),
        (PITCH, 8.0, True, True),
    ],
)
def test_gaps_between_paragraphs(
    down: float, size: float, parted: bool, after_sentence: bool
) -> None:
    lines = column(TEXT)
    below = Words("More words follow here", LEFT, lines[-1].baseline + down, size)
    rows = placed([*lines, below])
    measures = Measures.of(rows)
    assert (measures.size, round(measures.pitch, 1)) == (10.0, PITCH)
    assert measures.are_parted(rows[-2], rows[-1]) == parted
    assert measures.are_parted(rows[-2], rows[-1], after_sentence=True) == after_sentence


@pytest.mark.parametrize(
    ("words", "marker"), [("• ports", "•"), ("(a) ports", "(a)"), ("1. Ports", "1."), ("ports", "")]
)
def test_markers(words: str, marker: str) -> None:
    (row,) = placed([Words(words)])
    assert (row.marker.printed if row.marker else "") == marker


def test_no_pages() -> None:
    assert placed() == []
    assert placed([]) == []
