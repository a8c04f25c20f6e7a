"""Marks of Markdown and HTML are told from words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.characters.markup import markup_spans, without_markup

CASES = [  # text, its marks, its words
    ("We agreed on trade.", [], "We agreed on trade."),
    ("## **Trade** and *growth*", ["## ", "**", "**", "*", "*"], "Trade and growth"),
    ("# One\n## Two", ["# ", "## "], "One\nTwo"),
    ("**<u>II. Key</u>**", ["**", "<u>", "</u>", "**"], "II. Key"),
    ('<span style="x: y">A</span>', ['<span style="x: y">', "</span>"], "A"),
    ("See [the plan](https://a.example/b).", ["[", "](https://a.example/b)"], "See the plan."),
    ("37\\. We agree.", ["\\"], "37. We agree."),
    ("Joint<br>Statement", ["<br>"], "Joint Statement"),
    ("Research &amp; trade", [], "Research & trade"),
    ("Phase #2 of [1] (2) is 3 < 4 and 5 > 4", [], "Phase #2 of [1] (2) is 3 < 4 and 5 > 4"),
    ("Statement <Provisional Translation>", [], "Statement <Provisional Translation>"),
    ("See <www.example.org>", [], "See <www.example.org>"),
    ("The AI_2030 Plan", [], "The AI_2030 Plan"),
    ("_Trade_", ["_", "_"], " Trade "),
    ("<!--\n# no heading -->Text", ["<!--\n# no heading -->"], "Text"),
]


@pytest.mark.parametrize(("text", "marks", "words"), CASES)
def test_marks_and_words(text: str, marks: list[str], words: str) -> None:
    assert [span.of(text) for span in markup_spans(text)] == marks
    assert without_markup(text) == words


@given(st.text("#*_ <u>/[]()\\&amp;\n-!.:", max_size=40))
@example("<!--\n# x -->")
def test_marks_are_in_order_and_apart(text: str) -> None:
    marks = markup_spans(text)
    assert all(first.end <= second.start for first, second in pairwise(marks))
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
