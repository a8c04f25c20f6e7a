"""Columns are read one after another; a table, a list or gaps between words are no columns."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_pages import LEFT, PITCH, TOP, Words, column, lines_below, rows, texts

from corpus.formats.pdf.columns import columns_of, gutters_of
from corpus.formats.pdf.gutters import Gutter
from corpus.formats.pdf.rows import Row

FIRST = (
    "The two governments met in Kobe and agreed to work together on ports, on railways and on the "
    "training of those who run them. They will name officials who report each year on what was "
    "done, and they will publish the reports in both languages within a month of each meeting. "
    "Both sides will also open their ports to inspectors of the other side twice a year."
)
SECOND = (
    "Experts of both sides will compare rules for food, for medicine and for toys before winter. "
    "Where a rule differs without need, they will propose to change it, and say until when. The "
    "ministers will hear of it in spring, and decide which of the changes come first. Until then "
    "nothing changes for those who trade, and no new rule is made without notice to the other."
)
THIRD = (
    "Nothing in this statement creates a duty under international law for either of the two "
    "governments. It may be changed in writing at any time, and ends when one of them says so to "
    "the other half a year before. Both texts, in English and in Japanese, are valid equally. The "
    "statement is kept in the archives of both ministries, where everybody may read and copy it."
)
HEADING = Words(
    "Joint statement of the two governments on ports, on food and on what follows from it"
)
WIDE = 30  # letters of a line of a column
FAR = LEFT + 5 * WIDE + 20  # where the second column begins
BESIDE = [*column(FIRST, width=WIDE), *column(SECOND, FAR, width=WIDE)]
BELOW = [words._replace(baseline=words.baseline + 30) for words in BESIDE]
CLOSE = [*column(FIRST, width=WIDE), *column(SECOND, LEFT + 5 * WIDE + 9.5, width=WIDE)]
# Rows that end at one place.
FLUSH = [words._replace(text=f"{words.text:x<{WIDE}}") for words in column(FIRST, width=WIDE)]
THREE = [*BESIDE, *column(THIRD, FAR + 5 * WIDE + 20, width=WIDE)]
ITALY = ["Country", "Japan", "Norway", "Chile", "Italy", "Kenya"]
AREA = ["Area", "Ports", "Fisheries", "Copper", "Wine", "Tea"]
TABLE = [*lines_below(*ITALY), *lines_below(*AREA, left=LEFT + 150)]
LIST = lines_below(*(f"({letter})" for letter in "abcdef")) + column(FIRST, LEFT + 40, width=60)


def read(found: list[Row], gutters: list[Gutter] | None = None) -> list[str]:
    """Return the words of each column."""
    gutters = gutters_of(found) if gutters is None else gutters
    return [" ".join(texts(each.rows)) for each in columns_of(found, LEFT, 540, gutters)]


COLUMNS = {
    "one": (column(FIRST, width=80), [FIRST]),
    "two": (BESIDE, [FIRST, SECOND]),
    "two on other lines": (
        [*column(FIRST, width=WIDE), *column(SECOND, FAR, TOP + 5, width=WIDE)],
        [FIRST, SECOND],
    ),
    "two close together": (CLOSE, [FIRST, SECOND]),
    "two close together, the second short": (
        [*FLUSH, *column(SECOND, LEFT + 5 * WIDE + 10, width=WIDE)[:6]],
        [
            " ".join(words.text for words in FLUSH),
            " ".join(words.text for words in column(SECOND, width=WIDE)[:6]),
        ],
    ),
    "three": (THREE, [FIRST, SECOND, THIRD]),
    "a heading over two": ([HEADING, *BELOW], [HEADING.text, FIRST, SECOND]),
    "words below two": (
        [*BESIDE, HEADING._replace(baseline=TOP + 300)],
        [FIRST, SECOND, HEADING.text],
    ),
    "a heading between two pairs": (
        [*BESIDE, *column(HEADING.text, top=TOP + 200, width=90)]
        + [words._replace(baseline=words.baseline + 230) for words in BESIDE],
        [FIRST, SECOND, HEADING.text, FIRST, SECOND],
    ),
    "short rows on other lines": (
        [*lines_below(*ITALY), *lines_below(*AREA, left=LEFT + 150, top=TOP + 5)],
        [" ".join(ITALY), " ".join(AREA)],
    ),
    "the second is shorter": (
        [*column(FIRST, width=WIDE), *column(SECOND, FAR, width=WIDE)[:6]],
        [FIRST, " ".join(words.text for words in column(SECOND, width=WIDE)[:6])],
    ),
}
NONE = {
    "a table": TABLE,
    "a list": LIST,
    "wide gaps between words": [
        Words(words, LEFT + 15 * word, TOP + PITCH * line)
        for line in range(14)
        for word, words in enumerate(["We", "go", "to", "it", "as", "he", "is", "in"])
    ],
    "words of one length": [
        Words("ports roads ships rules trade steel", baseline=TOP + PITCH * line)
        for line in range(14)
    ],
    "a few words beside ragged rows": [
        *(words._replace(text=words.text[: 30 - place]) for place, words in enumerate(FLUSH)),
        *column(SECOND, LEFT + 5 * WIDE + 10, width=WIDE)[:6],
    ],
    "words that are mostly below": [
        *column(FIRST, width=WIDE),
        *column(SECOND, FAR, TOP + PITCH * (len(column(FIRST, width=WIDE)) - 1), width=WIDE),
    ],
    "a date on the right": [
        Words("3 May 2026", LEFT + 400),
        *column(FIRST, top=TOP + 12, width=80),
    ],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(name: str) -> None:
    lines, expected = COLUMNS[name]
    assert read(rows(*lines)) == expected


@pytest.mark.parametrize("name", NONE)
def test_no_columns(name: str) -> None:
    found = rows(*NONE[name])
    assert gutters_of(found) == []
    assert len(read(found)) == 1


def test_short_columns_are_told_by_the_gutter_of_other_pages() -> None:
    short = rows(*column(FIRST, width=WIDE)[:2], *column(SECOND, FAR, width=WIDE)[:2])
    assert len(read(short)) == 1
    gutters = gutters_of(rows(*BESIDE))
    assert len(gutters) == 1
    assert len(read(short, gutters)) == 2


def test_a_gutter_lies_between_its_columns() -> None:
    first, second = gutters_of(rows(*THREE))
    ends = sorted([(first.start, first.end), (second.start, second.end)])
    assert [end for _, end in ends] == [FAR, FAR + 5 * WIDE + 20]
    assert all(start <= end - 20 for start, end in ends)


def test_rows_can_go_to_the_gutter() -> None:
    left, right = columns_of(rows(*BESIDE), LEFT, 540)
    assert (left.start, left.end) == (LEFT, max(row.end for row in left.rows))
    assert (right.start, right.end) == (FAR, 540)


LINES = st.tuples(
    st.text("ab c", min_size=1, max_size=30).filter(str.strip),
    st.sampled_from([LEFT, LEFT + 20, FAR, FAR + 20, FAR + 170]),
    st.integers(0, 20).map(lambda line: TOP + line * PITCH),
).map(lambda drawn: Words(*drawn))


@given(st.lists(LINES, max_size=40))
def test_each_character_stands_in_one_column(lines: list[Words]) -> None:
    found = rows(*lines)
    glyphs = Counter(glyph for row in found for glyph in row.glyphs)
    columns = list(columns_of(found, LEFT, 540, [Gutter(FAR - 20, FAR)]))
    assert Counter(glyph for each in columns for row in each.rows for glyph in row.glyphs) == glyphs
    for each in columns:
        middles = [row.low + row.high for row in each.rows]
        assert middles == sorted(middles)
