"""What the page gets of the conversation: the keys of all entries, and those that are new."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from answers import answered, refused
from statements import statement_from, summaries_of

from qa.rendering.citations import copied_forms
from web.page.chat.log_entries import entry_keys, log_value, new_entries
from web.page.chat.turns import Turn
from web.page.quotes import passage_link

STATEMENT = statement_from("ある文。別の文。")
STATEMENTS = summaries_of(STATEMENT)
ANSWER = answered(STATEMENT)


def test_only_entries_that_are_not_shown_are_made() -> None:
    first, last = Turn("q").answered(ANSWER), Turn("r")
    assert entry_keys([first, last]) == [first.question_key, first.answer_key, last.question_key]
    entries = new_entries([first, last], STATEMENTS, [first.question_key])
    assert entries.keys() == {first.answer_key, last.question_key}
    shown = {first.question_key, first.answer_key}
    assert new_entries([first], {}, shown) == {}


def test_the_same_question_and_another_answer_to_it_are_new_entries() -> None:
    first, again = Turn("q").answered(ANSWER), Turn("q").answered(ANSWER)
    shown = {first.question_key, first.answer_key}
    assert len(new_entries([first, again], STATEMENTS, shown)) == 2
    assert len(new_entries([first.answered(ANSWER)], STATEMENTS, shown)) == 1


def test_the_value_has_all_keys_and_no_entry_of_another_turn() -> None:
    first, last = Turn("<q>").answered(ANSWER), Turn("r")
    entries = new_entries([first, last], STATEMENTS, [])
    value = log_value([first], entries, 3)
    assert "<" not in value
    data = json.loads(value)
    assert (data["event"], data["order"]) == (3, entry_keys([first]))
    assert data["new"] == {key: entries[key] for key in entry_keys([first])}


COMPARED = replace(ANSWER, quotes=(replace(ANSWER.quotes[0], counterpart=ANSWER.quotes[1]),))


@pytest.mark.parametrize("answer", [ANSWER, refused(ANSWER), COMPARED, refused(COMPARED)])
def test_every_quote_that_is_shown_can_be_copied(answer) -> None:
    turn = Turn("q").answered(answer)
    copies = new_entries([turn], STATEMENTS, [])[turn.answer_key]["copies"]
    assert len(copies) == 2
    assert copies == {
        passage_link(quote): copied_forms(quote, STATEMENT.provenance, "en")
        for quote in answer.cited
    }


def test_a_question_asked_alone_says_so_where_there_are_earlier_ones() -> None:
    alone = Turn("q", alone=True).answered(ANSWER)
    entries = new_entries([Turn("p"), alone], STATEMENTS, [])
    assert "Asked on its own" in entries[alone.answer_key]["html"]
    entries = new_entries([alone], STATEMENTS, [])
    assert "Asked on its own" not in entries[alone.answer_key]["html"]
