"""Quotes are slices of their source, and answers have quotes or say why there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ShuttenError
from corpus.records import Source, Span, Statement
from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.questions.checks import MAX_QUESTION, clean_question
from qa.rendering.outline import cited_provenance
from qa.rendering.terminal import to_text

BUNDLED = "jucip-2023-05-26.ja"
OPEN_RAN = "オープンRANについて何が合意されましたか"
BEEF = "牛肉の関税は何パーセントですか"


def test_every_sentence_can_be_quoted(statement: Statement) -> None:
    for passage in statement.passages:
        for sentence in passage.sentences:
            quote = Quote.of(statement, passage, sentence, 0.5)
            assert quote.text == statement.source.text[quote.start : quote.end]
            assert quote.matches(statement.source)


@settings(deadline=None)
@given(st.data())
def test_marks_lie_in_their_quote(statement: Statement, data: st.DataObject) -> None:
    text = statement.source.text
    passage = data.draw(st.sampled_from(statement.passages))
    sentence = data.draw(st.sampled_from(passage.sentences))
    edges = data.draw(st.lists(st.integers(0, len(text)), min_size=2, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    marks = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    quote = Quote.of(statement, passage, sentence, 0.5, marks)
    for mark in quote.marks:
        assert sentence.holds(mark)
        assert mark.of(text) == mark.of(text).strip() != ""


@pytest.mark.parametrize(
    ("question", "word"),
    [(OPEN_RAN, "オープンRAN"), ("What was agreed on Open RAN?", "RAN"), ("量子", "量子")],
)
def test_matched_words_are_marked(
    assistant: Assistant, statement: Statement, question: str, word: str
) -> None:
    quote = assistant.ask(question).quotes[0]
    assert any(word in mark.of(statement.source.text) for mark in quote.marks)
    assert quote.to_json()["marks"] == [[mark.start, mark.end] for mark in quote.marks]


@settings(deadline=None)
@given(st.data())
def test_part_of_a_sentence_cannot_be_quoted(statement: Statement, data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(statement.passages))
    start = data.draw(st.integers(passage.span.start, passage.span.end - 1))
    end = data.draw(st.integers(start + 1, passage.span.end))
    starts = {sentence.start for sentence in passage.sentences}
    ends = {sentence.end for sentence in passage.sentences}
    if start in starts and end in ends:
        assert Quote.of(statement, passage, Span(start, end), 0).end == end
    else:
        with pytest.raises(ValueError, match="cuts a sentence"):
            Quote.of(statement, passage, Span(start, end), 0)


def test_a_changed_source_no_longer_matches(statement: Statement) -> None:
    passage = statement.passages[4]
    quote = Quote.of(statement, passage, passage.sentences[0], 0.5)
    changed = Source("x", statement.source.text.replace("強力に", "弱く").encode())
    assert not quote.matches(changed)


def test_an_item_is_quoted_with_its_bullet_as_context(statement: Statement) -> None:
    item = next(passage for passage in statement.passages if passage.kind == "item")
    quote = Quote.of(statement, item, item.sentences[0], 0.5)
    assert quote.context.endswith("コミットメントを再確認した。")
    assert quote.place.describe("ja") == "第1リスト 2番目の項目 (1)"


def test_an_answer_has_quotes_and_a_refusal_none(assistant: Assistant) -> None:
    answer = assistant.ask(OPEN_RAN)
    with pytest.raises(ValueError, match="an answer has quotes"):
        replace(answer, quotes=())
    with pytest.raises(ValueError, match="a refusal has none"):
        replace(answer, status="not_found")


@pytest.mark.parametrize("k", [1, 3, 12])
def test_at_most_k_quotes_and_no_sentence_twice(assistant: Assistant, k: int) -> None:
    answer = assistant.ask(OPEN_RAN, k=k)
    assert 1 <= len(answer.quotes) <= k
    assert len(answer.nearest) == 3
    spans = [(quote.start, quote.end) for quote in answer.ranked]
    assert len(set(spans)) == len(spans)


def test_a_list_is_quoted_longer_than_a_fact(assistant: Assistant) -> None:
    fact = assistant.ask("日本へのサイバーセキュリティ・ミッションはいつ来ますか")
    any_sentence = assistant.ask("サプライチェーンの強靱化に関する約束をすべて挙げてください")
    assert len(fact.quotes) <= 3 < len(any_sentence.quotes) <= 12
    scores = [quote.score for quote in any_sentence.ranked]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("オープンRANについて何が合意されましたか", "それ以外には？"),
        ("What was agreed on quantum computing?", "Anything else?"),
        ("¿Qué se acordó sobre las islas del Pacífico?", "¿Algo más?"),
        ("关于半导体达成了什么协议？", "还有什么？"),
    ],
)
def test_asking_for_more_repeats_no_quote(assistant: Assistant, question: str, more: str) -> None:
    history: list[str] = []
    seen: set[int] = set()
    for turn in (question, more, more):
        answer = assistant.ask(turn, history)
        assert not seen & {quote.start for quote in answer.quotes}
        assert answer.reason in ("", "not_stated")
        seen |= {quote.start for quote in answer.quotes}
        history.append(turn)
    assert seen


def test_asking_for_more_of_nothing(assistant: Assistant) -> None:
    assert assistant.ask("Anything else?").searched == "Anything else?"
    assert assistant.ask("Anything else?", ["", "  "]).searched == "Anything else?"


def test_a_refusal_says_why(assistant: Assistant) -> None:
    assert assistant.ask(BEEF).reason == "off_subject"
    assert assistant.ask("NSTCへの日本側の拠出額はいくらですか").reason == "not_stated"
    assert assistant.ask(OPEN_RAN).reason == ""


def test_a_refusal_shows_the_nearest(assistant: Assistant) -> None:
    answer = assistant.ask(BEEF)
    assert (answer.status, answer.quotes, answer.passages) == ("not_found", (), 18)
    assert len(answer.nearest) == 3


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (OPEN_RAN, ["「両省はまた、", BUNDLED, "第1リスト 3番目の項目", "確度"]),
        ("What was agreed on Open RAN?", [f"{BUNDLED} · list 1, bullet 3"]),
        (BEEF, ["扱われていない事柄です", "全18箇所"]),
        ("NSTCへの日本側の拠出額はいくらですか", ["お尋ねの点に答える箇所は見つかりませんでした"]),
        (
            "How much money goes to the Pacific islands?",
            ["Nothing was found that answers this", "All 18 passages"],
        ),
        ("How much is the tariff on beef?", ["about other things", "All 18 passages"]),
    ],
)
def test_answers_in_words(assistant: Assistant, question: str, words: list[str]) -> None:
    answer = assistant.ask(question)
    text = to_text(answer, cited_provenance(answer.ranked, assistant.statement))
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("question", ["", " ", "\u3000\n", "\x00\x1f", "\ud800"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(ShuttenError, match="empty"):
        clean_question(question)


def test_a_question_that_is_too_long_is_refused() -> None:
    assert clean_question("あ" * MAX_QUESTION)
    with pytest.raises(ShuttenError, match="2,001 characters"):
        clean_question("あ" * (MAX_QUESTION + 1))


@pytest.mark.parametrize("question", ["?!。、", "🙂🙂", "…", "－－－", "()[]{}"])
def test_a_question_without_words_is_not_found(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.confidence) == ("not_found", 0.0)


@settings(deadline=None, max_examples=25)
@given(st.text(min_size=1, max_size=60))
def test_any_text_gets_an_answer_or_a_clear_refusal(assistant: Assistant, question: str) -> None:
    try:
        answer = assistant.ask(question)
    except ShuttenError:
        assert not question.strip("\x00\x1f \t\r\n").isalnum()
    else:
        assert 0 <= answer.confidence <= 1
        assert all(q.matches(assistant.statement(q.statement).source) for q in answer.ranked)
