"""Search terms, and BM25 in SQLite as a share of the highest score."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import bm25
from index.lexical.terms import search_terms

DOCUMENTS = {
    1: "半導体サプライチェーンの強靱性",
    2: "Open RAN networks: the supply chain",
    3: "オープンRANの普及促進",
    4: "การค้าเสรี",
    5: "Überprüfung der Lieferkette",
}


@pytest.fixture
def words() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        bm25.create(connection, "words")
        bm25.add(connection, "words", DOCUMENTS.items())
        yield connection


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("オープンRAN", ["オー", "ープ", "プン", "ran"]),
        ("ｵｰﾌﾟﾝＲＡＮ", ["オー", "ープ", "プン", "ran"]),
        ("5G", ["5g"]),
        ("量", ["量"]),
        ("Straße, STRASSE", ["strasse", "strasse"]),
        ("「」、。 ?!", []),
        ("a_b", ["a", "b"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert search_terms(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFD", "グローバルデジタル貿易"),
        "ｸﾞﾛｰﾊﾞﾙﾃﾞｼﾞﾀﾙ貿易",
        "グローバル\u200bデジタル貿\ufeff易",
        "グローバル\n　デジタル貿\r\n　　易",
        "グローバル<b>デジタル</b>**貿易**",
    ],
)
def test_variants_of_a_text_have_the_same_terms(text: str) -> None:
    assert search_terms(text) == search_terms("グローバルデジタル貿易")


def test_years_of_eras_have_the_terms_of_western_years() -> None:
    assert search_terms("令和五年９月") == search_terms("2023年9月") == ["2023", "年", "9", "月"]


@pytest.mark.parametrize(
    ("question", "best"),
    [("半導体の強靱性", 1), ("open ran", 2), ("ｵｰﾌﾟﾝRAN", 3), ("การค้า", 4), ("überprüfung", 5)],
)
def test_the_right_row_comes_first(words: sqlite3.Connection, question: str, best: int) -> None:
    assert next(iter(bm25.search(words, "words", question, 5))) == best


@pytest.mark.parametrize("question", ["", "?!", "全く無関係", "NOT", '" OR *', "a AND b NEAR(c)"])
def test_a_question_without_shared_words_finds_nothing(
    words: sqlite3.Connection, question: str
) -> None:
    assert bm25.search(words, "words", question, 5) == {}


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_every_score_is_between_0_and_1(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        bm25.create(connection, "words")
        bm25.add(connection, "words", [*DOCUMENTS.items(), (6, text)])
        scores = bm25.search(connection, "words", text, 9)
    assert scores == {} or search_terms(text)
    assert all(0 <= score <= 1 for score in scores.values())


def test_one_shared_word_of_many_counts_little(words: sqlite3.Connection) -> None:
    all_words = bm25.search(words, "words", "supply chain", 5)[2]
    one_word = bm25.search(words, "words", "supply of beef and dairy in winter", 5)[2]
    assert one_word < all_words / 3


def test_removed_rows_are_not_found(words: sqlite3.Connection) -> None:
    assert 3 in bm25.search(words, "words", "オープンRAN", 5)
    bm25.remove(words, "words", [3])
    assert 3 not in bm25.search(words, "words", "オープンRAN", 5)


def test_the_contents_do_not_depend_on_earlier_changes(words: sqlite3.Connection) -> None:
    expected = bm25.expected_contents("words", DOCUMENTS.items())
    assert bm25.contents(words, "words") == expected
    bm25.add(words, "words", [(6, "半導体の強靱性")])
    words.commit()
    assert bm25.contents(words, "words") != expected
    bm25.remove(words, "words", [6])
    words.commit()
    assert bm25.contents(words, "words") == expected
