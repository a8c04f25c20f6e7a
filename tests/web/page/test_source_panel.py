"""What the panel beside the chat gets: the list of statements, their texts, what to highlight."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from answers import answered, refused
from hostile import HOSTILE
from statements import statement_from, summaries_of

from corpus.records import Statement
from qa.answers.answer import Answer
from web.page.chat.turns import BrowserState, Turn
from web.page.source_panel import panel
from web.page.statements import StatementList, StatementLists, document

FIRST, SECOND = statement_from("ある文。"), statement_from("別の文。", name="t")


def turns_of(*answers: Answer) -> list[Turn]:
    return [Turn(answer.question).answered(answer) for answer in answers]


def shown(turns: list[Turn], *statements: Statement, sent_list: str = "") -> dict[str, Any]:
    state = BrowserState(statement_list=sent_list)
    data: dict[str, Any] = json.loads(
        panel(turns, StatementList.of(summaries_of(*statements)), state)
    )
    return data


@pytest.mark.parametrize("text", ["ある文。別の文。\n\n- 項目。\n - (1) 小項目", *HOSTILE])
def test_a_document_holds_the_sentences_of_the_source(text: str) -> None:
    statement = statement_from(text)
    passages = document(statement)["passages"]
    sentences = [sentence for passage in passages for sentence in passage["sentences"]]
    for start, end, pieces, gap in sentences:
        assert text[start:end] == "".join(pieces)
        assert len(pieces) % 2 == 1
        assert text[end : end + len(gap)] == gap
    spans = [span for passage in statement.passages for span in passage.sentences]
    assert [(start, end) for start, end, _, _ in sentences] == [
        (span.start, span.end) for span in spans
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("We agreed on trade.", [["We agreed on trade."]]),
        (
            "**We agreed** on <u>trade</u>.",
            [["", "**", "We agreed", "**", " on ", "<u>", "trade", "</u>", "."]],
        ),
        ("We **agree. We go on.**", [["We ", "**", "agree."], ["We go on.", "**", ""]]),
        (
            "See [the plan](https://a.example/b) here. It is new.",
            [["See ", "[", "the plan", "](https://a.example/b)", " here."], ["It is new."]],
        ),
        ("Research &amp; trade [1] (2).", [["Research &amp; trade [1] (2)."]]),
    ],
)
def test_words_and_mark_up_are_told_apart(text: str, pieces: list[list[str]]) -> None:
    (passage,) = document(statement_from(text))["passages"]
    assert [row[2] for row in passage["sentences"]] == pieces


@pytest.mark.parametrize("text", HOSTILE)
def test_the_panel_has_no_tag_in_it(text: str) -> None:
    statement = statement_from(text, title=text)
    turns = turns_of(answered(statement, text))
    assert "<" not in panel(turns, StatementList.of(summaries_of(statement)), BrowserState())


def test_the_panel_shows_what_the_last_answer_quotes() -> None:
    data = shown(turns_of(answered(FIRST), answered(SECOND)), FIRST, SECOND)
    assert data["show"] == "t"
    assert data["quotes"] == [["t", 0, 4]]
    assert data["link"] == "q"
    assert [row["id"] for row in data["statements"]] == ["town", "t"]
    assert [question["searched"] for question in data["asked"]] == ["", "q"]


def test_the_panel_shows_the_nearest_sentence_of_a_refusal() -> None:
    statement = statement_from("ある文。別の文。")
    data = shown(turns_of(refused(answered(statement))), statement)
    assert (data["quotes"], data["near"]) == ([], [["town", 0, 4]])


def test_a_list_is_highlighted_in_the_order_of_its_text() -> None:
    statement = statement_from("They met.\n\n- a1.\n- a2.\n- a3.\n")
    answer = answered(statement)
    answer = replace(answer, quotes=answer.quotes[::-1])
    data = shown(turns_of(answer), statement)
    assert [start for _, start, _ in data["quotes"]] == [13, 19, 25, 0]


def test_the_panel_waits_for_the_last_answer() -> None:
    data = shown([*turns_of(answered(FIRST)), Turn("r", alone=True)], FIRST)
    assert (data["quotes"], data["link"], data["missing"]) == ([], "", 1)
    assert data["asked"][1] == {"question": "r", "alone": True, "searched": "", "within": {}}


def test_the_list_of_statements_is_sent_once() -> None:
    first = shown([], FIRST)
    assert shown([], FIRST, sent_list=first["list"])["statements"] is None
    changed = shown([], FIRST, SECOND, sent_list=first["list"])
    assert [row["id"] for row in changed["statements"]] == ["town", "t"]


def test_no_statement_is_no_error() -> None:
    data = shown([])
    assert data.pop("list")
    assert data == {
        "event": 0,
        "statements": [],
        "show": None,
        "quotes": [],
        "near": [],
        "link": "",
        "within": [],
        "asked": [],
        "missing": 0,
    }


def test_statements_are_listed_from_the_newest_and_named_in_both_languages() -> None:
    rows = StatementList.of(
        summaries_of(
            statement_from("三。", name="c"),
            statement_from("一。", name="a", title="声明", title_en="One", date="2021-01-01"),
            statement_from("二。", name="b", title="共同声明", date="2023-01-01"),
        )
    ).rows
    assert [row["id"] for row in rows] == ["b", "a", "c"]
    assert [row["ja"]["title"] for row in rows] == ["共同声明", "声明", "c"]
    assert [row["en"]["title"] for row in rows] == ["共同声明", "One", "c"]


def test_a_row_of_the_list_has_the_facts_in_both_languages() -> None:
    statement = statement_from(
        "一。\n\n二。",
        title="Joint Statement",
        date="2024-04-10",
        parties=("JP", "US"),
        kind="joint statement",
        status="provisional translation",
    )
    (row,) = StatementList.of(summaries_of(statement)).rows
    assert row["passages"] == len(statement.passages)
    assert row["en"] == {
        "title": "Joint Statement",
        "name": "Japan-U.S. joint statement, 10 Apr 2024",
        "day": "10 Apr 2024",
        "parties": "Japan, United States",
        "status": "provisional translation",
    }
    assert row["ja"] == {
        "title": "Joint Statement",
        "name": "日米共同声明（2024年4月10日）",
        "day": "2024年4月10日",
        "parties": "日本、米国",
        "status": "仮訳",
    }


def test_only_a_single_statement_is_shown_at_first() -> None:
    assert shown([], FIRST)["show"] == FIRST.id
    assert shown([], FIRST, SECOND)["show"] is None


def test_a_document_has_what_is_recorded_of_the_statement() -> None:
    statement = statement_from(
        "文。", title="題", title_en="A title", date="2023-05-26", status="仮訳"
    )
    about = document(statement)["about"]
    assert (about["title_en"], about["date"], about["issuers"]) == ("A title", "2023-05-26", ())
    assert about["note"].keys() == {"en", "ja"}
    assert document(statement_from("文。", status="draft"))["about"]["note"] == {}


def test_the_list_is_kept_until_a_statement_changes() -> None:
    lists, summaries = StatementLists(), summaries_of(FIRST, SECOND)
    kept = lists.of(summaries)
    assert lists.of(summaries) is kept
    changed = lists.of(summaries_of(FIRST))
    assert changed is not kept
    assert changed.name != kept.name
    assert [row["id"] for row in changed.rows] == [FIRST.id]
