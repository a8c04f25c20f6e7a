"""Characters are grouped into rows, blanks are told from gaps, and ruby is parted from its base."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_pages import LEFT, SIZE, TOP, Words, page, page_rows, rows, texts, vertical_page

from corpus.formats.pdf.glyphs import flow_of
from corpus.formats.pdf.rows import rows_of

SHIFTED = Words("on other lines", LEFT + 250, TOP + 6)
# Words on a page, and the text of its rows.
ROWS = {
    "two lines": (
        [Words("They met"), Words("in Kobe.", baseline=TOP + 12)],
        ["They met", "in Kobe."],
    ),
    "the file has another order": (
        [Words("in Kobe.", baseline=TOP + 12), Words("met", LEFT + 25), Words("They")],
        ["They met", "in Kobe."],
    ),
    "columns on other lines": (
        [Words("They met"), SHIFTED, Words("in Kobe.", baseline=TOP + 12)],
        ["They met", "on other lines", "in Kobe."],
    ),
    "two sizes on a baseline": ([Words("They"), Words("met", LEFT + 25, size=14)], ["They met"]),
    "a superscript": (
        [Words("10"), Words("9", LEFT + 10, TOP - 4, size=6), Words("t", LEFT + 18)],
        ["109 t"],
    ),
    "a subscript": (
        [Words("CO"), Words("2", LEFT + 10, TOP + 2, size=6), Words("fell", LEFT + 18)],
        ["CO2 fell"],
    ),
    "the tail of a letter below the next": (
        [SHIFTED._replace(baseline=TOP - 2.5), Words("post-Q"), Words("uantum", LEFT + 26.5)],
        ["post-Quantum on other lines"],
    ),
    "blanks that are only gaps": (
        [Words("They met in Kobe.", blanks=False)],
        ["They met in Kobe."],
    ),
    "letters set wide": ([Words("agreed", apart=0.3, blanks=False)], ["agreed"]),
    "words set wide": (
        [Words("both agreed to it", apart=0.2, blanks=False)],
        ["both agreed to it"],
    ),
    "several blanks": ([Words("They   met")], ["They met"]),
    "a blank that does not break": ([Words("No.\u00a03")], ["No.\u00a03"]),
    "kanji": ([Words("共同声明を発表した。")], ["共同声明を発表した。"]),
    "kanji set wide": ([Words("共同声明を発表", apart=0.4)], ["共同声明を発表"]),
    "a blank between kanji": ([Words("第一条\u3000目的")], ["第一条\u3000目的"]),
    "a little space beside Latin": (
        [Words("日本と"), Words("ASEAN", LEFT + 32.5), Words("は", LEFT + 60)],
        ["日本とASEANは"],
    ),
    "Latin words in Japanese": ([Words("日本はG7 summitに")], ["日本はG7 summitに"]),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows(name: str) -> None:
    lines, expected = ROWS[name]
    assert texts(rows(*lines)) == expected


def test_ruby_is_parted_from_its_base() -> None:
    base, ruby = Words("半導体"), Words("はんどうたい", baseline=TOP - 10, size=5)
    found, parted = rows_of(flow_of(page(ruby, base)).glyphs)
    assert (texts(found), texts(parted)) == (["半導体"], ["はんどうたい"])


@pytest.mark.parametrize(
    "small",
    [
        Words("注記", baseline=TOP - 10, size=5),
        Words("はんどうたいそうちと", baseline=TOP - 10, size=5),
        Words("はん", baseline=TOP - 24, size=5),
        Words("はん", baseline=TOP - 12, size=9),
    ],
    ids=["kanji", "beyond the end", "far above", "as large"],
)
def test_what_is_no_ruby(small: Words) -> None:
    found, parted = rows_of(flow_of(page(small, Words("半導体"))).glyphs)
    assert (texts(found), texts(parted)) == ([small.text, "半導体"], [])


def test_vertical_lines_follow_each_other_to_the_left() -> None:
    found = page_rows(vertical_page("令和八年五月三日", "共同声明を発表"))
    assert found.flow.vertical
    assert texts(found.rows) == ["令和八年五月三日", "共同声明を発表"]


def test_digits_side_by_side_belong_to_their_vertical_line() -> None:
    shown = vertical_page("令和八年一月三日に発表")
    month = shown.characters[4]
    middle = (month.left + month.right) / 2
    digits = [
        month._replace(text="1", right=middle, ink=(month.left, month.top, middle, month.bottom)),
        month._replace(text="2", left=middle, ink=(middle, month.top, month.right, month.bottom)),
    ]
    found = (*shown.characters[:4], *digits, *shown.characters[5:])
    changed = type(shown)(1, shown.width, shown.height, found)
    assert texts(page_rows(changed).rows) == ["令和八年12月三日に発表"]


PLACED = st.tuples(
    st.text("abcdeよ国1²。", min_size=1, max_size=12),
    st.integers(0, 40).map(lambda place: place * 12.0),
    st.integers(2, 60).map(lambda line: line * 7.0),
    st.sampled_from([SIZE, 6.0, 14.0]),
).map(lambda drawn: Words(*drawn))


@given(st.lists(PLACED, max_size=12))
def test_no_character_is_lost_or_doubled(lines: list[Words]) -> None:
    flow = flow_of(page(*lines))
    found, ruby = rows_of(flow.glyphs)
    assert Counter(flow.glyphs) == Counter(glyph for row in (*found, *ruby) for glyph in row.glyphs)
    for row in (*found, *ruby):
        starts = [round(glyph.start, 1) for glyph in row.glyphs]
        assert starts == sorted(starts)
        assert len(row.blanks) == len(row.glyphs)
    middles = [row.low + row.high for row in found]
    assert middles == sorted(middles)
