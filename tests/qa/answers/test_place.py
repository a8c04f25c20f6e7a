"""The place of a passage is named by the number that is printed there, if there is one."""

from __future__ import annotations

import pytest
from statements import statement_from

from qa.answers.answer import Quote
from qa.answers.place import Place, printed_number

NUMBERED = (
    "Joint Statement\n\n5.\u202fThe Ministers met in Oslo.\n\n6. They agreed on this:\n\n"
    "(a) to open a port;\n\n(b) to close another.\n\nThey also spoke.\n\n"
    "7. They will meet again.[1]\n\n[1] In 2027.\n"
)
ARTICLES = (
    "第一条　両国は、水素の貿易を促進する。\n\n第二条\n１　両国は、関税を撤廃する。\n"
    "２　前項の規定は、コメについては適用しない。\n\n"
    "第三条\n１　両国は、協議する。\n２　効力を生ずる。\n"
)
BULLETS = (
    "共同声明\n\n次で一致した。\n\n・港を開く。\n・次を行う。\n"
    "　（１）測量する。\n　（２）開放する。\n"
)
TWO_LISTS = "They agreed:\n\n1. One.\n2. Two.\n\nThey said:\n\n1. Three.\n2. Four.\n"
UNDER_HEADINGS = "Trade\n\nThey met.\n\nPorts\n\n1. One.\n\nRail\n\n1. Two.\n"


def described(text: str, words: str, language: str) -> str:
    """Return the place of the passage that begins with these words."""
    statement = statement_from(text)
    passages = statement.passages
    (passage,) = [passage for passage in passages if passage.span.of(text).startswith(words)]
    return Place.of(statement, passage).describe(language)


@pytest.mark.parametrize(
    ("text", "words", "english", "japanese"),
    [
        (NUMBERED, "Joint", "heading", "表題部"),
        (NUMBERED, "The Ministers met", "paragraph 5", "パラグラフ5"),
        (NUMBERED, "They agreed", "paragraph 6", "パラグラフ6"),
        (NUMBERED, "to open", "paragraph 6, (a)", "パラグラフ6 (a)"),
        (NUMBERED, "They also", "after list 1, paragraph 1", "第1リストの後 第1段落"),
        (NUMBERED, "They will", "paragraph 7", "パラグラフ7"),
        (NUMBERED, "In 2027", "note 1", "注1"),
        (ARTICLES, "両国は、水素", "第一条", "第一条"),
        (ARTICLES, "前項", "第二条, ２", "第二条 ２"),
        (ARTICLES, "効力", "第三条, ２", "第三条 ２"),
        (BULLETS, "次で", "opening, paragraph 1", "前文 第1段落"),
        (BULLETS, "港", "list 1, bullet 1", "第1リスト 1番目の項目"),
        (BULLETS, "開放", "list 1, bullet 2, （２）", "第1リスト 2番目の項目 （２）"),
        (TWO_LISTS, "Two", "list 1, 2", "第1リスト 2"),
        (TWO_LISTS, "Three", "list 2, 1", "第2リスト 1"),
        (UNDER_HEADINGS, "Two", "Rail, 1", "Rail 1"),
    ],
)
def test_places_in_words(text: str, words: str, english: str, japanese: str) -> None:
    assert described(text, words, "en") == english
    assert described(text, words, "ja") == japanese
    assert described(text, words, "fr") == english


@pytest.mark.parametrize(
    ("marker", "printed"),
    [
        ("51.", "51"),
        ("37\\.", "37"),
        ("１．", "１"),
        ("(3)", "(3)"),
        ("- (1)", "(1)"),
        ("・（１）", "（１）"),
        ("(iv)", "(iv)"),
        ("a)", "a"),
        ("①", "①"),
        ("一、", "一"),
        ("第2条", "第2条"),
        ("-", ""),
        ("・", ""),
        ("\uf0b7", ""),
    ],
)
def test_the_number_in_a_marker(marker: str, printed: str) -> None:
    assert printed_number(marker) == printed


@pytest.mark.parametrize(
    ("text", "words", "following"),
    [
        (
            "Statement\n\nThey agreed to lift the ban on\n\nNo date was set.\n",
            "They agreed",
            "No date",
        ),
        ("声明\n\n両省は、関税の撤廃について\n\n一致しなかった。\n", "両省は", "一致しなかった。"),
        ("Statement\n\nThey met.\n\nNo date was set.\n", "They met", ""),
        ("Statement\n\nThey agreed:\n\n- to open a port;\n- to wait.\n", "to open", ""),
        ("声明\n\n次で一致した。\n\n- 港を開くこと、\n- 待つこと。\n", "港", ""),
        ("They met.\n\nThe last words have no stop", "The last", ""),
        ("Joint Statement of the Ministers\n\nThey met.\n", "Joint", ""),
        ("日米共同声明\n\n両省は会談した。\n", "日米", ""),
    ],
)
def test_a_quote_that_does_not_end_as_a_sentence_is_doubtful(
    text: str, words: str, following: str
) -> None:
    statement = statement_from(text)
    (passage,) = [place for place in statement.passages if words in place.span.of(text)]
    (sentence,) = [span for span in passage.sentences if span.of(text).startswith(words)]
    quote = Quote.of(statement, passage, sentence, 1.0)
    assert quote.doubtful is bool(following)
    assert quote.following.startswith(following)
    assert quote.following in text
    assert quote.to_json()["following"] == quote.following
