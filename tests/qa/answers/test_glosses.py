"""The unofficial gloss stands under quotes, and is never quoted, cited or proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from command_line import OPEN_RAN, Shutten

from corpus.records import Statement
from qa.answers.answer import Answer, Quote
from qa.assistant import Assistant
from qa.proof.kept_answers import claimed_quotes
from qa.rendering.citations import copied_forms
from qa.rendering.markdown import conversation_to_markdown
from qa.rendering.outline import cited_provenance
from qa.rendering.terminal import to_text
from web.page.markup import answer_turn

pytest_plugins = ["command_line"]


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    return assistant.ask(OPEN_RAN)


def gloss_text(quote: Quote) -> str:
    assert quote.gloss
    return quote.gloss.text


def test_every_quote_of_the_shipped_statement_has_a_gloss(statement: Statement) -> None:
    for passage in statement.passages:
        for span in passage.sentences:
            gloss = Quote.of(statement, passage, span, 0.0).gloss
            assert gloss
            assert gloss.language == "en"
            assert "unofficial" in gloss.status


def test_another_text_has_none(statement: Statement) -> None:
    data = statement.source.data.replace("2023年9月".encode(), "2023年8月".encode())
    edited = replace(statement, source=replace(statement.source, data=data))
    passage = edited.passages[3]
    assert Quote.of(edited, passage, passage.sentences[0], 0.0).gloss is None


def test_the_gloss_is_in_json_beside_the_quote(answer: Answer) -> None:
    for row in answer.to_json()["quotes"]:
        assert row["gloss"]["language"] == "en"
        assert "Open RAN" in row["gloss"]["text"]
        assert row["gloss"]["text"] not in row["text"]


def test_no_copy_and_no_proof_has_the_gloss(answer: Answer, statement: Statement) -> None:
    for quote in answer.quotes:
        gloss = gloss_text(quote)
        forms = copied_forms(quote, statement.provenance, "en")
        assert not any(gloss in form for form in forms.values())
    texts = [claimed.text for claimed in claimed_quotes(answer.to_json())]
    assert texts == [quote.text for quote in answer.ranked]


def test_the_terminal_shows_it_on_request(shutten: Shutten, answer: Answer) -> None:
    gloss = gloss_text(answer.quotes[0])
    assert f"Unofficial gloss: {gloss}" in shutten("ask", OPEN_RAN, "--gloss").succeeded()
    assert gloss not in shutten("ask", OPEN_RAN).succeeded()


def test_the_page_shows_it_to_readers_of_english(assistant: Assistant, answer: Answer) -> None:
    provenance = cited_provenance(answer.ranked, assistant.statement)
    html = answer_turn(answer, provenance)
    assert html.count('class="under gloss"') == len(answer.quotes)
    assert "Unofficial gloss:" in html
    japanese = assistant.ask("オープンRANについて何が合意されましたか")
    assert "gloss" not in answer_turn(
        japanese, cited_provenance(japanese.ranked, assistant.statement)
    )


def test_texts_for_reading_leave_it_out(assistant: Assistant, answer: Answer) -> None:
    provenance = cited_provenance(answer.ranked, assistant.statement)
    gloss = gloss_text(answer.quotes[0])
    assert gloss not in to_text(answer, provenance)
    assert gloss not in conversation_to_markdown([answer], provenance)
