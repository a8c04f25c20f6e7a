"""Two texts side by side: which words only one of them has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statements import statement_from

from corpus.characters.folding import key_of
from qa.proof.comparison import compare, places_of_key, similarity


@given(st.text("あい。、a1", max_size=30), st.text("あい。、a1", max_size=30))
def test_a_comparison_holds_both_texts(source: str, quote: str) -> None:
    parts = compare(source, quote)
    for side, text in (("source", source), ("quote", quote)):
        joined = "".join(part.text for part in parts if part.where in ("both", side))
        assert "".join(joined.split()) == "".join(key_of(text).split())


@pytest.mark.parametrize(
    ("source", "quote", "difference"),
    [
        ("The ban of rice", "That ban on rice", "[-The -]{+That +}ban [-of -]{+on +}rice"),
        ("They agreed.", "They did not agree.", "They [-agreed-]{+did not agree+}."),
        (
            "open a hydrogen\ncentre",
            "open a battery centre",
            "open a [-hydrogen -]{+battery +}centre",
        ),
        ("1,000 people", "1,200 people", "[-1,000 -]{+1,200 +}people"),
        ("関税を撤廃\nしない", "関税を撤廃する", "関税を撤廃[-しない-]{+する+}"),
        ("西村大臣", "東村大臣", "[-西-]{+東+}村大臣"),
        ("long-term aid", "short-term aid", "[-long-term -]{+short-term +}aid"),
        ("a “quoted” word", 'a "quoted" word', 'a"quoted"word'),
    ],
)
def test_a_comparison_is_by_words(source: str, quote: str, difference: str) -> None:
    signs = {"both": "{}", "source": "[-{}-]", "quote": "{{+{}+}}"}
    parts = compare(source, quote)
    assert "".join(signs[part.where].format(part.text) for part in parts) == difference


def test_very_long_texts_have_one_difference() -> None:
    source = "あいうえお" * 1000
    quote = f"{source[:10]}か{source[11:30]}き{source[31:]}"
    parts = compare(source, quote)
    assert [part.where for part in parts] == ["both", "source", "quote", "both"]
    assert parts[2].text == quote[10:31]
    assert 0.99 < similarity(source, quote) < 1


def test_a_key_is_found_in_each_place_with_its_sentences_the_nearest_passage_first() -> None:
    text = "港を開く。港を閉じる。\n\n両市は、港\nを開く。\n"
    statement = statement_from(text)
    places = list(places_of_key(statement, key_of("港を開"), near=len(text)))
    assert [place.text for place in places] == ["港\nを開", "港を開"]
    assert [span.of(text) for place in places for span in place.sentences] == [
        "両市は、港\nを開く。",
        "港を開く。",
    ]
    (across,) = places_of_key(statement, key_of("開く。港"))
    assert len(across.sentences) == 2
    assert list(places_of_key(statement, "")) == []
