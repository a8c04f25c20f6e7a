"""From what was found for a question and its parts to what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import rankings
from rankings import Sentence
from statements import statement_from

from corpus.library import load_statement
from corpus.records import Span
from index.building import adding
from index.models.catalogue import BUNDLED, open_encoder
from index.search.ranking import Hit
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.combining import PartResult, decide, merge
from qa.confidence import abstention
from qa.confidence.abstention import ANSWER, SUBJECT
from qa.confidence.calibration import shipped
from qa.questions.multipart import parts

TOWN = statement_from("- 橋を架ける。\n")


def sentence(start: int, score: float) -> Sentence:
    return TOWN, TOWN.passages[0], Span(start, start + 1), score


def found(question: str, confidence: float, *sentences: Sentence, off: bool = False) -> PartResult:
    return PartResult(question, rankings.ranking(*sentences), confidence, off, len(sentences))


def scored(hits: Sequence[Hit]) -> list[tuple[int, float]]:
    return [(hit.span.start, hit.score) for hit in hits]


WHOLE, FIRST = found("ab", 0.9, sentence(1, 0.5), sentence(2, 0.4)), sentence(3, 0.9)
SECOND = sentence(4, 0.1)


@pytest.mark.parametrize(
    ("whole", "pieces", "reason", "unanswered", "confidence"),
    [
        (WHOLE, [], "", (), 0.9),
        (found("a", 0.1, sentence(1, 0.5)), [], "not_stated", (), 0.1),
        (found("a", 0.1, sentence(1, 0.5), off=True), [], "off_subject", (), 0.1),
        (WHOLE, [found("a", 0.8, FIRST), found("b", 0.7, SECOND)], "", (), 0.9),
        (WHOLE, [found("a", 0.8, FIRST), found("b", 0.1, SECOND)], "partly", ("b",), 0.8),
        (WHOLE, [found("a", 0.8, FIRST), found("b", 0.4, SECOND)], "", (), 0.9),
        (WHOLE, [found("a", 0.1, FIRST), found("b", 0.1, SECOND)], "", (), 0.9),
        (found("ab", 0.1), [found("a", 0.6, FIRST), found("b", 0.1)], "partly", ("b",), 0.6),
    ],
)
def test_what_is_answered(
    whole: PartResult,
    pieces: list[PartResult],
    reason: str,
    unanswered: tuple[str, ...],
    confidence: float,
) -> None:
    outcome = decide(whole, pieces, 0.5)
    assert (outcome.reason, outcome.unanswered, outcome.confidence) == (
        reason,
        unanswered,
        confidence,
    )
    assert bool(outcome.quoted) == (reason in ("", "partly"))


def test_no_part_is_crowded_out_and_no_sentence_comes_twice() -> None:
    many = found("a", 0.9, *(sentence(place, 0.9 - place / 100) for place in range(1, 9)))
    merged = merge([many, found("b", 0.9, SECOND, sentence(2, 0.1))])
    assert scored(merged[:2]) == [(1, 0.89), (4, 0.1)]
    spans = [one.span for one in merged]
    assert len(spans) == len(set(spans)) == 8


def test_the_shipped_models_read_the_features_there_are() -> None:
    calibration = shipped()
    assert set(calibration.confidence.weights) == set(ANSWER)
    assert set(calibration.subject.weights) == set(SUBJECT)
    assert set(calibration.first_right.weights) == set(abstention.FIRST)
    assert 0 < calibration.fair <= calibration.high < 1
    assert calibration.how["high_right"] >= 0.9
    assert 0 < calibration.off_subject < 1
    assert 0 < calibration.threshold < 1


def test_how_sure_the_first_quote_is_comes_from_what_found_it() -> None:
    """The part that gave the first quote says how sure it is, not the surest of all."""
    confidence = replace(found("a", 0.9, sentence(1, 0.8)), first_right=0.9)
    better = replace(found("b", 0.9, sentence(2, 0.9)), first_right=0.4)
    outcome = decide(confidence, [better, better], 0.5)
    assert scored(outcome.quoted[:1]) == [(2, 0.9)]
    assert outcome.first_right == 0.4


def test_asking_for_more_many_times_stays_quick_and_new(assistant: Assistant) -> None:
    history, seen = ["半導体について何が合意されましたか"], set[int]()
    for _ in range(6):
        quotes = assistant.ask("Anything else?", history, k=2).quotes
        assert len(quotes) <= 2
        assert not seen & {quote.start for quote in quotes}
        seen |= {quote.start for quote in quotes}
        history.append("Anything else?")


CHIPS = "半導体について何が合意されましたか"


@pytest.mark.parametrize("k", [1, 3, 12])
def test_more_never_repeats_a_quote_whatever_the_count_is_now(assistant: Assistant, k: int) -> None:
    """The earlier question was answered with up to twelve quotes, this one with `k`."""
    before = {quote.start for quote in assistant.ask(CHIPS).quotes}
    assert len(before) > 1
    more = assistant.ask("Anything else?", [CHIPS], k)
    assert not before & {quote.start for quote in more.quotes}


@pytest.mark.parametrize(
    "question",
    [
        "他に何かありますか、また、5Gについては何が決まりましたか",
        "What else was agreed, and what was agreed on semiconductors?",
        "Was gibt es sonst noch, und wer leitet die Gruppe?",
    ],
)
def test_no_part_of_a_question_for_more_repeats_a_quote(
    assistant: Assistant, question: str
) -> None:
    assert len(parts(question)) == 2
    before = {quote.start for quote in assistant.ask(CHIPS).quotes}
    more = assistant.ask(question, [CHIPS])
    assert not before & {quote.start for quote in more.quotes}


def test_more_is_asked_of_the_last_subject_that_could_be_asked(assistant: Assistant) -> None:
    """A question of more than 2,000 characters was refused, so it has no quotes to go on from."""
    history = [CHIPS, "長" * 2001]
    before = {quote.start for quote in assistant.ask(CHIPS).quotes}
    more = assistant.ask("Anything else?", history)
    assert not before & {quote.start for quote in more.quotes}
    assert more.quotes == assistant.ask("Anything else?", [CHIPS]).quotes


def test_when_all_has_been_quoted_there_is_no_more(tmp_path: Path) -> None:
    (tmp_path / "town.txt").write_text("- 両省は、橋を来年三月に架け替える。\n", "utf-8")
    store = LocalStore(tmp_path / "data")
    encoder = open_encoder(BUNDLED)
    adding.add(store, encoder, [(load_statement(tmp_path / "town.txt"), "town.txt")])
    assistant = Assistant(store, Searcher(store, encoder), shipped())
    question = "橋はいつ架け替えますか"
    assert len(assistant.ask(question).quotes) == 1
    more = assistant.ask("Anything else?", [question])
    assert (more.status, more.reason, more.nearest) == ("not_found", "not_stated", ())
