"""The reranker reads the best sentences: which ones, and how that changes the ranking."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import rankings
from hypothesis import given
from hypothesis import strategies as st
from statements import statement_from

from corpus.records import Statement
from index.building import adding
from index.models.encoder import Encoded, Encoder, Role
from index.models.onnx_encoder import paired, question_ids
from index.models.tokenizer import Tokenizer, framed, tokenizer_model
from index.models.weights import read_weights, weights_path
from index.search.ranking import Ranking
from index.search.reranker import BOUND, READ, rerank, with_history
from index.search.scoring import SCORE_WEIGHTS
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.assistant import Assistant

ids = st.lists(st.integers(4, 250_000), max_size=700)
TEXT = "\n".join(f"- 第{number}の橋を架ける。" for number in range(READ + 2))

BRIDGES = statement_from(TEXT)


class Reader:
    """Gives the n-th text that it reads the n-th logit."""

    trained, fingerprint, reranker = True, "", "fake"

    def __init__(self, logits: Sequence[float]) -> None:
        self.logits = iter(logits)
        self.read: list[str] = []

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        raise NotImplementedError

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        del question
        self.read += texts
        return [logit for _, logit in zip(texts, self.logits, strict=False)]


def ranking(statement: Statement, *scores: float) -> Ranking:
    """The first sentences of a statement, in order."""
    places = [(passage, span) for passage in statement.passages for span in passage.sentences]
    return rankings.ranking(
        *((statement, *place, score) for place, score in zip(places, scores, strict=False))
    )


def names(found: Ranking) -> list[int]:
    order = [passage.id for passage in BRIDGES.passages]
    return [order.index(hit.passage.id) for hit in found.hits]


def test_what_answers_comes_first() -> None:
    found = rerank(ranking(BRIDGES, 0.5, 0.48), Reader([-3, 3]).rerank)
    assert names(found) == [1, 0]
    assert [hit.reranker for hit in found.hits] == [3, -3]
    assert found.hits[0].score == pytest.approx(0.48 + SCORE_WEIGHTS.reranker * (3 + BOUND))
    assert [one[1:] for one in found.passages()] == [(h.passage.id, h.score) for h in found.hits]


def test_only_the_best_sentences_are_read() -> None:
    before = ranking(BRIDGES, *np.linspace(0.6, 0.56, READ + 2))
    reader = Reader([0.0] * READ)
    found = rerank(before, reader.rerank)
    assert reader.read == [hit.span.of(TEXT) for hit in before.hits[:READ]]
    assert [hit.reranker for hit in found.hits[READ:]] == [-BOUND, -BOUND]
    assert [hit.score for hit in found.hits[READ:]] == [hit.score for hit in before.hits[READ:]]


REACH = SCORE_WEIGHTS.reranker * 2 * BOUND  # from surely not to surely


@pytest.mark.parametrize(
    ("gaps", "logits", "read", "first"),
    [
        ([REACH - 0.001, 1], [-99.0, 99.0], 2, 1),
        ([REACH + 0.001, 1], [-99.0, 99.0], 1, 0),
        ([REACH * 0.6, 0.01], [99.0], 1, 0),  # nothing can be surer
        ([0, REACH - 0.001], [-99.0, -99.0, 99.0], 3, 2),
        ([0, REACH + 0.001], [-99.0, -99.0, 99.0], 2, 0),
        ([0, REACH - 0.001], [-99.0, 0.0, 99.0], 2, 1),
    ],
)
def test_a_sentence_is_read_only_where_it_could_come_first(
    gaps: list[float], logits: list[float], read: int, first: int
) -> None:
    before = ranking(BRIDGES, 0.6, *(0.6 - gap for gap in gaps))
    reader = Reader(logits)
    found = rerank(before, reader.rerank)
    assert len(reader.read) == read
    assert names(found)[0] == first


def test_what_is_read_ahead_counts_only_where_it_must_be_read() -> None:
    before = ranking(BRIDGES, 0.6, 0.59, 0.58)
    reader = Reader([99.0, 99.0])
    found = rerank(before, reader.rerank)
    assert len(reader.read) == 2
    assert [hit.reranker for hit in found.hits] == [BOUND, -BOUND, -BOUND]


def test_what_is_not_wanted_is_not_read() -> None:
    before = ranking(BRIDGES, *np.linspace(0.6, 0.56, READ + 2))
    reader = Reader([0.0] * READ)
    first = BRIDGES.passages[0].span
    eligible = before.only(lambda location: location.span != first)
    assert not eligible.complete
    rerank(eligible, reader.rerank)
    texts = [passage.span.of(TEXT) for passage in BRIDGES.passages]
    assert reader.read == texts[1 : READ + 1]


def test_a_model_without_a_reader_changes_nothing() -> None:
    before = ranking(BRIDGES, 0.5, 0.4)
    assert rerank(before, Reader([]).rerank) is before


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_ranking_is_read(count: int) -> None:
    found = rerank(ranking(BRIDGES, 0.5).only(lambda _: count == 1), Reader([2.0]).rerank)
    assert [hit.reranker for hit in found.hits] == [2.0] * count


def test_logits_are_bounded() -> None:
    found = rerank(ranking(BRIDGES, 0.5, 0.49), Reader([99.0, -99.0]).rerank)
    assert [hit.reranker for hit in found.hits] == [BOUND, -BOUND]


def test_what_was_read_is_remembered(
    home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    model = type(encoder).rerank

    def counted(self: Encoder, question: str, texts: Sequence[str]) -> list[float]:
        read.extend(texts)
        return model(self, question, texts)  # type: ignore[arg-type]

    monkeypatch.setattr(type(encoder), "rerank", counted)
    searcher = Searcher(LocalStore(home), encoder)
    first, second = (searcher.search("半導体") for _ in range(2))
    assert 1 <= len(read) == len(set(read))
    assert [hit.score for hit in second.hits] == [hit.score for hit in first.hits]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(tokenizer_model(read_weights(weights_path())))


@given(ids, ids)
def test_a_pair_fits_the_window(question: list[int], text: list[int]) -> None:
    pair = paired([0, *question[:150], 2], [0, *text, 2])
    asked, read = pair.ids[: pair.start], pair.ids[pair.start :]
    assert asked == [0, *question[:150], 2]
    assert read == [*text, 2][: 512 - len(asked)]


@pytest.mark.parametrize("length", [1, 40, 400, 3000])
def test_a_long_question_keeps_its_end(length: int, tokenizer: Tokenizer) -> None:
    last = "Wann wird die Brücke ersetzt?"
    end = framed(tokenizer.encode(last).ids)[1:]
    read = question_ids(tokenizer.encode("query: " + "und " * length + last).ids)
    assert read[-len(end) :] == end
    assert len(read) <= 162
    assert 2 not in read[:-1]


def test_what_a_question_leans_on_stands_before_it() -> None:
    assert with_history("", "When?") == "When?"
    assert with_history("Open RAN?", "When?") == "Open RAN? When?"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("橋はいつ架け替えられますか", "両省は、橋を来年三月に架け替えると決めた。"),
        (
            "When is the cyber mission?",
            "両省は、九月に計画されているサイバー・ミッションを歓迎した。",
        ),
    ],
)
def test_the_real_reader_knows_an_answer(encoder: Encoder, question: str, answer: str) -> None:
    answers, others = encoder.rerank(question, [answer, "両省は、港を深く掘る計画を歓迎した。"])
    assert answers > others + 1


@pytest.mark.parametrize("question", ["か" * 2000, "\ud800", "?" * 300])
def test_any_question_can_be_read(encoder: Encoder, question: str) -> None:
    short, long = encoder.rerank(question, ["短い文。", "長い文。" * 400])
    assert math.isfinite(short)
    assert math.isfinite(long)


@pytest.mark.parametrize("text", ["", "\u200b", "\n"])
def test_a_text_without_tokens_does_not_answer(encoder: Encoder, text: str) -> None:
    assert encoder.rerank("橋?", [text]) == [-math.inf]


def test_the_same_pair_is_read_alike_whatever_it_is_batched_with(encoder: Encoder) -> None:
    texts = ["両省は、橋を直す。", "港は、そのままである。" * 9]
    together = encoder.rerank("橋?", texts)
    for text, reading in zip(texts, together, strict=True):
        assert encoder.rerank("橋?", [text]) == [reading]


def test_a_ranking_says_what_was_read(assistant: Assistant) -> None:
    found = assistant.rank("What was agreed on Open RAN?")
    read = [hit.span for hit in found.hits if hit.reranker > -BOUND]
    assert found.hits[0].span in read
    assert 1 <= len(read) <= READ


def test_an_edited_statement_is_read_as_it_is_now(store: LocalStore, encoder: Encoder) -> None:
    class Spying(Reader):
        def __init__(self) -> None:
            super().__init__([])
            self.encode = encoder.encode  # type: ignore[method-assign]
            self.fingerprint = encoder.fingerprint

    spy = Spying()
    adding.add(store, encoder, [(statement_from("- 橋を架ける。\n"), "town.txt")])
    searcher = Searcher(store, spy)
    searcher.search("橋")
    adding.add(
        store, encoder, [(statement_from("- 橋を直す。\n"), "town.txt")], replace_origin=True
    )
    searcher.search("橋")
    assert spy.read == ["橋を架ける。", "橋を直す。"]
    assert searcher.model.endswith(":fake")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    return LocalStore(tmp_path_factory.mktemp("data"))
