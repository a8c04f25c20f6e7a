"""The header, and what the chat shows before the first question."""

from __future__ import annotations

import html

import pytest
from statements import statement_from, summaries_of

from corpus.library import bundled_paths
from corpus.records import Statement
from qa.rendering.messages import section
from web.page.welcome import header, welcome


def read(statements: list[Statement]) -> str:
    return html.unescape(welcome(summaries_of(*statements).values()))


def test_the_welcome_names_the_kind_of_text() -> None:
    text = read([statement_from("文。", status="仮訳", status_en="provisional translation")])
    assert "The source is a provisional translation. " in text
    assert "原文は仮訳です。" in text


@pytest.mark.parametrize("statements", [[], [statement_from("文。")]])
def test_the_welcome_does_without_a_kind_of_text(statements: list[Statement]) -> None:
    text = read(statements)
    assert "The statement answers in its own words" in text
    assert "The source is" not in text
    assert "{" not in text


def test_the_welcome_counts_several_statements() -> None:
    translated = statement_from("文。", name="a", status_en="provisional translation")
    text = read([translated, statement_from("文。", name="b")])
    assert "2 statements answer" in text
    assert "2件の声明" in text
    assert "provisional" not in text  # the other one is no translation


def test_a_status_is_only_text() -> None:
    assert "<b>" not in welcome(summaries_of(statement_from("文。", status="<b>")).values())


def test_questions_about_the_bundled_statement_are_offered_in_both_languages() -> None:
    content = welcome(summaries_of(statement_from("文。", name=bundled_paths()[0].stem)).values())
    questions = section("offered_questions").values()
    english = [f">{html.escape(question['en'])}</button>" for question in questions]
    japanese = [f">{question['ja']}</button>" for question in questions]
    places = [content.index(button) for button in (*english, *japanese)]
    assert places == sorted(places)
    assert content.index(japanese[0]) > content.index('<div class="offers ui-ja"') > places[3]
    assert content.count("<button") == 8
    assert "button" not in welcome(summaries_of(statement_from("文。")).values())


def test_the_header_is_there_in_both_languages() -> None:
    content = header(1)
    assert content.index("共同声明に尋ね") < content.index("Ask a joint statement")
    assert '<span class="ui-ja" lang="en">English</span>' in content
    assert '<span class="ui-en" lang="ja">日本語</span>' in content
