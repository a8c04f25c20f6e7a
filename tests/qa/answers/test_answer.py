"""A quote is a slice of its source, or it is not made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ShuttenError
from corpus.records import Provenance, Source, Span, Statement
from qa.answers import highlights
from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.confidence.calibration import shipped
from qa.questions.checks import MAX_QUESTION, clean_question
from qa.rendering.citations import citation, short_citation
from qa.rendering.outline import cited_provenance, confidence_text
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
    spans = [Span(text.index(one), text.index(one) + len(one)) for one in pieces]
    found = highlights.words(text, Span(0, len(text)), spans)
    assert [one.of(text) for one in found] == words


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


def test_an_item_brings_the_bullet_it_hangs_from(statement: Statement) -> None:
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
    for asked in (question, more, more):
        answer = assistant.ask(asked, history)
        assert not seen & {quote.start for quote in answer.quotes}
        assert answer.reason in ("", "not_stated")
        seen |= {quote.start for quote in answer.quotes}
        history.append(asked)
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


TITLE, SHORT = "Joint Statement of the Ministers on Trade, Energy and Batteries", "Joint Statement"


@pytest.mark.parametrize(
    ("about", "whole", "short"),
    [
        ({}, "oslo", "oslo"),
        ({"date": "2023-05-01"}, "oslo, 2023-05-01", "oslo, 2023-05-01"),
        ({"status": "draft"}, "oslo (draft)", "oslo"),
        ({"title": SHORT}, f"{SHORT} · oslo", f"{SHORT} · oslo"),
        (
            {"title": SHORT, "date": "2023-05-01"},
            f"{SHORT}, 2023-05-01 · oslo",
            f"{SHORT}, 2023-05-01 · oslo",
        ),
        (
            {"title": TITLE, "date": "2023-05-01"},
            f"{TITLE}, 2023-05-01 · oslo",
            "oslo, 2023-05-01",
        ),
        (
            {"title": TITLE, "date": "2023-05-01", "status": "仮訳", "status_en": "draft"},
            f"{TITLE} (draft), 2023-05-01 · oslo",
            "oslo, 2023-05-01",
        ),
        (
            {"title": "Statement of 2023-05-01", "date": "2023-05-01"},
            *["Statement of 2023-05-01 · oslo"] * 2,
        ),
        ({"title": " Two \n lines\t"}, *["Two lines · oslo"] * 2),
        ({"title": "oslo"}, *["oslo"] * 2),
        ({"title": "日本語の題名", "title_en": SHORT}, *[f"{SHORT} · oslo"] * 2),
    ],
)
def test_a_citation_tells_which_statement_it_was(
    statement: Statement, about: dict[str, str], whole: str, short: str
) -> None:
    source = replace(statement.source, id="oslo")
    passage = statement.passages[0]
    quote = Quote.of(replace(statement, source=source), passage, passage.sentences[0], 0.5)
    provenance = Provenance(**about)
    where = f"characters {quote.start}–{quote.end}"
    place = quote.place.describe("en")
    assert citation(quote, provenance, "fr") == f"{whole} · {place} · {where}"
    assert short_citation(quote, provenance, "fr") == f"{short} · {place}"


def test_citations_in_japanese(statement: Statement) -> None:
    passage = statement.passages[0]
    quote = Quote.of(statement, passage, passage.sentences[0], 0.5)
    whole = citation(quote, statement.provenance, "ja")
    assert "共同声明（仮訳） 2023-05-26 · jucip-2023-05-26.ja · " in whole
    assert whole.endswith(f" · {quote.start}–{quote.end}文字目")
    assert short_citation(quote, statement.provenance, "ja").startswith("jucip-2023-05-26.ja · ")


def test_two_statements_of_one_title_are_told_apart(statement: Statement) -> None:
    passage = statement.passages[0]
    lines = set()
    for name, date in (("s1", "2023-05-01"), ("s2", "2024-06-07"), ("s3", "2024-06-07")):
        twin = replace(statement, source=replace(statement.source, id=name))
        quote = Quote.of(twin, passage, passage.sentences[0], 0.5)
        provenance = Provenance(title=SHORT, date=date)
        for cite in (citation, short_citation):
            line = cite(quote, provenance, "en")
            assert SHORT in line
            assert name in line
            assert date in line
            lines.add(line)
    assert len(lines) == 6


def test_confidence_text() -> None:
    levels = [shipped().level(chance) for chance in (1.0, shipped().fair, 0.0)]
    words = [confidence_text(level, "en") for level in levels]
    assert words == ["confidence: high", "confidence: fair", "confidence: low"]
    assert confidence_text("", "en") == ""


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
