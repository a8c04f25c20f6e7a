"""Which words of a quote are marked."""

from __future__ import annotations

import pytest

from corpus.records import Span
from qa.answers.highlights import whole_words


@pytest.mark.parametrize(
    ("text", "pieces", "words"),
    [
        ("次世代の半導体を開発する", ["半"], ["半導体"]),
        ("オープンRANの推進", ["ープン", "AN"], ["オープンRAN"]),
        ("協力の、や・を", ["の", "、", "や・を"], []),
        ("the Semiconductors Act", ["conduct"], ["Semiconductors"]),
        ("the Semiconductors Act", ["Act", "ctors A"], ["Semiconductors", "Act"]),
        ("两国同意在人工智能领域开展合作", ["智能"], ["智能"]),
        ("2023年10月に", ["3年1"], ["2023年10"]),
        ("x y", [], []),
    ],
)
def test_pieces_grow_to_words(text: str, pieces: list[str], words: list[str]) -> None:
    spans = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]
    marked = whole_words(text, Span(0, len(text)), spans)
    assert [span.of(text) for span in marked] == words
