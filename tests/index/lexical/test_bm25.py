"""Search terms, and BM25 as a share of the highest score that a question can have."""

from __future__ import annotations

import math
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import closing

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.lexical import bm25
from index.lexical.bm25 import Words
from index.lexical.postings import Postings
from index.lexical.terms import search_terms
from index.models.encoder import Floats

K1, B = 1.2, 0.75
DOCUMENTS = [
    "半導体サプライチェーンの強靱性",
    "Open RAN networks: the supply chain",
    "オープンRANの普及促進",
    "การค้าเสรี",
    "Überprüfung der Lieferkette",
]
WORDS = ["ab", "cd", "ef", "gh", "ij", "kl"]
SENTENCE = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
PASSAGES = st.lists(st.lists(SENTENCE, min_size=1, max_size=4), min_size=1, max_size=9)
QUESTION = st.lists(st.sampled_from([*WORDS, "xy", "zz"]), max_size=6).map(" ".join)


def words_of(passages: Sequence[Sequence[str]], cuts: Sequence[int] = ()) -> Words:
    """Return the words of some passages, which are given as their sentences.

    Args:
        passages: The passages.
        cuts: Where a new segment begins. Each one begins with a sentence that was removed.
    """
    terms = [[search_terms(sentence) for sentence in passage] for passage in passages]
    postings, numbers, first = [], [], 0
    for own in np.split(np.arange(len(terms)), sorted(cuts)):
        sentences = [sentence for number in own for sentence in terms[number]]
        postings.append(Postings.of([["ab", "removed"], *sentences]))
        numbers.append(np.array([-1, *range(first, first + len(sentences))], np.int64))
        first += len(sentences)
    return Words.of(
        postings,
        numbers,
        passage_of=np.repeat(np.arange(len(terms)), list(map(len, terms))),
        lengths=np.array([len(sentence) for passage in terms for sentence in passage], np.int64),
    )


def plain_scores(question: str, texts: Sequence[str]) -> list[float]:
    """Return the proportional BM25 of some texts, computed as the formula is written."""
    asked, documents = search_terms(question), [search_terms(text) for text in texts]
    average = sum(map(len, documents)) / len(documents)

    def idf(term: str) -> float:
        frequency = sum(term in document for document in documents)
        return max(math.log((len(documents) - frequency + 0.5) / (frequency + 0.5)), 1e-6)

    highest = sum(idf(term) * (K1 + 1) for term in asked)
    scores = []
    for document in documents:
        score, counts = 0.0, Counter(document)
        for term in asked:
            if counts[term]:
                length = K1 * (1 - B + B * len(document) / average)
                score += idf(term) * counts[term] * (K1 + 1) / (counts[term] + length)
        scores.append(score / highest if highest else 0.0)
    return scores


def fts5_scores(question: str, texts: Sequence[str]) -> list[float]:
    """Return the same from the full-text search of SQLite, which gives the BM25 itself."""
    terms, total = search_terms(question), len(texts)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(terms)")
        connection.executemany(
            "INSERT INTO words(rowid, terms) VALUES (?, ?)",
            ((row, " ".join(search_terms(text))) for row, text in enumerate(texts)),
        )
        connection.execute("CREATE VIRTUAL TABLE frequencies USING fts5vocab(words, row)")
        frequencies = dict(connection.execute("SELECT term, doc FROM frequencies"))
        expression = " OR ".join(f'"{term}"' for term in terms)
        found = dict(
            connection.execute(
                "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?", (expression,)
            )
        )
    counts = [frequencies.get(term, 0) for term in terms]
    idfs = [max(math.log((total - count + 0.5) / (count + 0.5)), 1e-6) for count in counts]
    highest = sum(idfs) * (K1 + 1)
    return [found.get(row, 0.0) / highest for row in range(total)]


def scores(question: str, texts: Sequence[str] = DOCUMENTS) -> Floats:
    """Return the scores of passages of one sentence each."""
    found = words_of([[text] for text in texts]).scores(question)
    assert np.array_equal(found.passages, found.of_sentences(np.arange(len(texts))))
    return found.passages


# -- terms ------------------------------------------------------------------------------------


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


# -- scores -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "best"),
    [("半導体の強靱性", 0), ("open ran", 1), ("ｵｰﾌﾟﾝRAN", 2), ("การค้า", 3), ("überprüfung", 4)],
)
def test_the_right_text_comes_first(question: str, best: int) -> None:
    found = scores(question)
    assert found.argmax() == best
    assert (found == found.max()).sum() == 1


@pytest.mark.parametrize("question", ["", "?!", "全く無関係", "NOT", '" OR *', "a AND b NEAR(c)"])
def test_a_question_without_shared_words_has_no_scores(question: str) -> None:
    assert not scores(question).any()


@settings(deadline=None, max_examples=50)
@given(st.text(), st.text())
def test_every_score_is_between_0_and_1(question: str, text: str) -> None:
    found = scores(question, [*DOCUMENTS, text])
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1 + 1e-6)).all()
    shared = set(search_terms(question)) & set(search_terms(text))
    assert (found[-1] > 0) == bool(shared)


def test_one_shared_word_of_many_counts_little() -> None:
    all_words = scores("supply chain")[1]
    one_word = scores("supply of beef and dairy in winter")[1]
    assert one_word < all_words / 3


def test_only_a_digit_in_common_scores_near_0() -> None:
    texts = [f"{number} 橋を架ける。" if number else "5 港を整備する。" for number in range(9)]
    found = scores("半導体について5月に何が合意されましたか", texts)
    assert 0 < found[5] < 0.1
    assert found.max() < 0.1


@settings(deadline=None, max_examples=200)
@given(PASSAGES, QUESTION, st.data())
def test_the_scores_are_those_of_the_formula(
    passages: list[list[str]], question: str, data: st.DataObject
) -> None:
    """However the passages lie in segments."""
    cuts = data.draw(st.sets(st.integers(0, len(passages)), max_size=3))
    assume(any(map(search_terms, map(" ".join, passages))))
    found = words_of(passages, sorted(cuts)).scores(question)
    sentences = [sentence for passage in passages for sentence in passage]
    scored = found.of_sentences(np.arange(len(sentences)))
    assert scored.tolist() == pytest.approx(plain_scores(question, sentences), abs=1e-6)
    texts = [" ".join(passage) for passage in passages]
    assert found.passages.tolist() == pytest.approx(plain_scores(question, texts), abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(PASSAGES, QUESTION.filter(bool))
def test_sqlite_computes_the_same(passages: list[list[str]], question: str) -> None:
    assume(any(map(search_terms, map(" ".join, passages))))
    found = words_of(passages).scores(question)
    texts = [" ".join(passage) for passage in passages]
    assert found.passages.tolist() == pytest.approx(fts5_scores(question, texts), abs=1e-6)


@settings(deadline=None, max_examples=200)
@given(PASSAGES, QUESTION, st.integers(0, 12), st.data())
def test_beyond_the_budget_frequent_terms_count_but_propose_no_passage(
    passages: list[list[str]], question: str, budget: int, data: st.DataObject
) -> None:
    cuts = data.draw(st.sets(st.integers(0, len(passages)), max_size=2))
    words = words_of(passages, sorted(cuts))
    whole = words.scores(question)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "_READ", budget)
        part = words.scores(question)
    held = Counter(
        term for passage in passages for sentence in passage for term in set(search_terms(sentence))
    )
    held["ab"] += len(words.postings)  # of the sentences that were removed
    rarest_first = sorted(dict.fromkeys(search_terms(question)), key=held.__getitem__)
    read, rare = 0, set[str]()
    for term in rarest_first:
        if rare and read + held[term] > budget:
            break
        read += held[term]
        rare.add(term)
    own = [set(search_terms(" ".join(passage))) for passage in passages]
    expected = {number for number, terms in enumerate(own) if terms & rare}
    assert set(part.best_passages(99).tolist()) == expected
    rows, sentences = np.arange(len(passages)), np.arange(len(words.passage_of))
    complete = len(rare) == len(rarest_first)
    if complete:
        assert np.array_equal(part.of_passages(rows), whole.of_passages(rows))
    else:
        # A term that was not read is counted in sentences, so it is taken to be more frequent.
        held_at_all = part.of_passages(rows) > 0
        assert np.array_equal(held_at_all, whole.of_passages(rows) > 0)
    some = data.draw(st.sets(st.sampled_from(sentences.tolist())))
    chosen = np.array(sorted(some), np.int64)
    found = part.of_sentences(chosen)
    assert (found > 0).tolist() == (whole.of_sentences(chosen) > 0).tolist()
    if "ab" not in question.split():  # removed sentences are counted, too
        assert np.allclose(found, whole.of_sentences(chosen), atol=1e-6)
