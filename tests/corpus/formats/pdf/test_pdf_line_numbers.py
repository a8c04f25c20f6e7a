"""Numbers in the margin are left out if they count the rows, and stay if they count paragraphs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pdf_pages import LEFT, PITCH, TOP, Words, rows, texts

from corpus.formats.pdf.line_numbers import without_line_numbers

LINES = [f"Words of line {chr(97 + number)} go on" for number in range(12)]


def numbered(number_of: Callable[[int], int | None], left: float = LEFT - 25) -> list[Words]:
    """Return lines, with the numbers that a function gives to some of them."""
    found = []
    for place, line in enumerate(LINES):
        baseline = TOP + PITCH * place
        if (number := number_of(place)) is not None:
            found.append(Words(str(number), left, baseline, size=8))
        found.append(Words(line, baseline=baseline))
    return found


COUNTING = {
    "each line": lambda place: place + 8,
    "each second line": lambda place: place + 1 if place % 2 else None,
    "some lines without a number": lambda place: place + 8 - place // 6 if place % 6 else None,
}
OTHERS = {
    "paragraphs": lambda place: place // 3 + 8 if place % 3 == 0 else None,
    "some of many": lambda place: place if place < 5 else 3 * place,
    "falling": lambda place: 60 - place,
    "a few": lambda place: place + 8 if place < 3 else None,
    "none": lambda place: None,
}


@pytest.mark.parametrize("name", COUNTING)
def test_numbers_that_count_rows(name: str) -> None:
    ((kept, numbers),) = without_line_numbers([rows(*numbered(COUNTING[name]))])
    assert texts(kept) == LINES
    expected = [COUNTING[name](place) for place in range(len(LINES))]
    assert texts(numbers) == [str(number) for number in expected if number is not None]


@pytest.mark.parametrize("name", OTHERS)
def test_numbers_that_count_something_else(name: str) -> None:
    found = rows(*numbered(OTHERS[name]))
    assert without_line_numbers([found]) == [(found, [])]


def test_numbers_within_the_text() -> None:
    found = rows(*numbered(COUNTING["each line"]), Words("Left of the numbers", LEFT - 40, 600))
    assert without_line_numbers([found]) == [(found, [])]


def test_a_short_page_goes_with_the_others() -> None:
    long = rows(*numbered(COUNTING["each line"]))
    short = rows(Words("20", LEFT - 25, size=8), Words("The 3 last words"))
    _, (kept, numbers) = without_line_numbers([long, short])
    assert (texts(kept), texts(numbers)) == (["The 3 last words"], ["20"])


def test_a_line_that_begins_with_a_number() -> None:
    lines = numbered(COUNTING["each line"])
    lines[1] = lines[1]._replace(text="31 May 2023 in Kobe")
    ((kept, numbers),) = without_line_numbers([rows(*lines)])
    assert (kept[0].text, numbers[0].text) == ("31 May 2023 in Kobe", "8")


def test_no_rows() -> None:
    assert without_line_numbers([[], []]) == [([], []), ([], [])]
