"""The events of the chat, without a browser: what each step changes, and how little it costs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from answers import answered
from starlette.datastructures import QueryParams
from statements import statement_from, summaries_of

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.search.stored_statements import StatementSummary
from index.store.values import UnreachableError
from qa.answers.answer import Answer
from qa.scope.filters import Within
from web.gate import Gate
from web.page.chat import log_entries
from web.page.chat.components import ChatComponents
from web.page.chat.events import Changes, Conversation
from web.page.chat.turns import MAX_TURNS, Turn, questions_to_json

NAMES = ("box", "turns", "notice", "source", "answers", "cleared", "undo")
REQUEST: Any = SimpleNamespace(session_hash="session", query_params=QueryParams())


class Shelf:
    """Quotes all of the statement whose id is the question, and counts how it is called."""

    home = Path("nowhere")

    def __init__(self, *names: str) -> None:
        self.statements = {name: statement_from("One. Two. Three.", name) for name in names}
        self.lookups: Counter[str] = Counter()
        self.asked: list[tuple[str, list[str]]] = []
        self.within: list[Within | None] = []

    def ask(
        self, question: str, history: Sequence[str] = (), *, within: Within | None = None
    ) -> Answer:
        self.asked.append((question, list(history)))
        self.within.append(within)
        if question not in self.statements:
            raise ShuttenError("there is no such question")
        return answered(self.statements[question], question)

    def statement(self, name: str) -> Statement:
        self.lookups[name] += 1
        return self.statements[name]

    def summaries(self) -> dict[str, StatementSummary]:
        return summaries_of(*self.statements.values())


@pytest.fixture
def shelf() -> Shelf:
    return Shelf("a", "b", "c")


@pytest.fixture
def conversation(shelf: Shelf) -> Conversation:
    # Gradio's components are only keys of what changes, so their names do.
    components: Any = ChatComponents(**{name: name for name in NAMES})
    gate = Gate()
    gate.warm.set()
    return Conversation(shelf, gate, components)  # type: ignore[arg-type]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often the answer to each question is rendered."""
    counts: Counter[str] = Counter()
    answer_turn = log_entries.answer_turn

    def count(answer: Answer, *arguments: Any, **options: Any) -> str:
        counts[answer.question] += 1
        return answer_turn(answer, *arguments, **options)

    monkeypatch.setattr(log_entries, "answer_turn", count)
    return counts


def browser(turns: Sequence[Turn], event: int = 0) -> dict[str, Any]:
    """Return what a browser with these turns sends together with the number of an event."""
    return {"turns": questions_to_json(turns), "statements": "", "event": event}


def questions(changes: Changes) -> list[str]:
    return [row["question"] for row in json.loads(changes["source"])["asked"]]


def new(changes: Changes) -> int:
    """Return how many entries a step sends."""
    return len(json.loads(changes["turns"])["new"])


def test_a_question_is_shown_and_then_its_answer(conversation: Conversation, shelf: Shelf) -> None:
    first, last = conversation.submit("a", browser([]), [], REQUEST)
    assert (first["box"], first["notice"], new(first)) == ("", "", 1)
    assert "answers" not in first
    assert (questions(last), new(last)) == (["a"], 2)
    assert [turn.answer.question for turn in last["answers"]] == ["a"]
    assert shelf.asked == [("a", [])]


def test_no_text_of_a_statement_is_read_and_no_answer_is_rendered_twice(
    conversation: Conversation, shelf: Shelf, rendered: Counter[str]
) -> None:
    turns = [Turn(name).answered(shelf.ask(name)) for name in ("a", "b")]
    steps = conversation.submit("c", browser(turns), turns, REQUEST)
    next(steps)
    last = next(steps)
    assert not shelf.lookups
    assert rendered == {"a": 1, "b": 1, "c": 1}
    assert new(last) == 6  # the page may have missed the first step


def test_a_question_that_fails_goes_back_into_the_box(
    conversation: Conversation, shelf: Shelf
) -> None:
    turns = [Turn("a").answered(shelf.ask("a"))]
    _, last = conversation.submit("wrong", browser(turns), turns, REQUEST)
    assert last["box"] == "wrong"
    assert "there is no such question" in last["notice"]
    order = json.loads(last["turns"])["order"]
    assert order == [turns[0].question_key, turns[0].answer_key]
    assert new(last) == 2
    assert "answers" not in last


def test_the_last_question_is_asked_alone_where_it_stands(
    conversation: Conversation, shelf: Shelf
) -> None:
    turns = [Turn(name).answered(shelf.ask(name)) for name in ("a", "b")]
    *_, last = conversation.ask_again({"turn": 1, "way": "alone"}, browser(turns), turns, REQUEST)
    assert questions(last) == ["a", "b"]
    assert shelf.asked[-1] == ("b", [])
    *_, last = conversation.ask_again({"turn": 0, "way": "alone"}, browser(turns), turns, REQUEST)
    assert questions(last) == ["a", "b", "a"]


def test_a_question_is_asked_of_the_statements_that_were_chosen(
    conversation: Conversation, shelf: Shelf
) -> None:
    state = {**browser([]), "chosen": ["a", "b"]}
    *_, last = conversation.submit("a", state, [], REQUEST)
    assert shelf.within == [Within(("a", "b"))]
    turns = last["answers"]
    (asked,) = json.loads(last["source"])["asked"]
    assert asked["within"] == {"statements": ["a", "b"]}
    html = json.loads(last["turns"])["new"][turns[0].question_key]["html"]
    assert "Asked of: a / b" in html
    # After a restart of the server, the question has the choice that it had.
    kept = {**browser(turns), "chosen": ["c"]}
    restored = conversation.restore(kept, [], REQUEST)
    assert [turn.within for turn in restored["answers"]] == [Within(("a", "b"))]
    *_, last = conversation.fill(kept, restored["answers"], REQUEST)
    assert shelf.within == [Within(("a", "b"))] * 2
    conversation.export_json(kept, [turn.unanswered() for turn in last["answers"]])
    assert shelf.within == [Within(("a", "b"))] * 3


def test_a_question_is_asked_again_of_all_or_of_one_statement(
    conversation: Conversation, shelf: Shelf
) -> None:
    turns = [Turn(name, within=Within(("a",))).answered(shelf.ask(name)) for name in ("a", "b")]
    for turn, way, asked in ((1, "everything", ["a", "b"]), (0, "within-c", ["a", "b", "a"])):
        how = {"turn": turn, "way": way}
        *_, last = conversation.ask_again(how, browser(turns), turns, REQUEST)
        assert questions(last) == asked
    assert shelf.within[-2:] == [Within(by_name=False), Within(("c",))]
    assert shelf.asked[-2:] == [("b", ["a"]), ("a", [])]


@pytest.mark.parametrize(
    "how",
    [
        None,
        7,
        {},
        {"turn": -1, "way": "alone"},
        {"turn": 1, "way": "alone"},
        {"turn": "0", "way": "alone"},
        {"turn": 0, "way": "nowhere"},
        {"turn": 0, "way": None},
    ],
)
def test_a_turn_that_is_not_there_changes_nothing(conversation: Conversation, how: Any) -> None:
    turns = [Turn("a")]
    (changes,) = conversation.ask_again(how, browser(turns), turns, REQUEST)
    assert list(changes) == ["box"]


@pytest.mark.parametrize("removed", [False, True])
def test_an_answer_is_dropped_when_its_statement_is_another(
    conversation: Conversation, shelf: Shelf, removed: bool
) -> None:
    turns = [Turn(name).answered(shelf.ask(name)) for name in ("a", "b")]
    shelf.statements["a"] = statement_from("Another text.", "a")
    if removed:
        del shelf.statements["a"]
    changes = conversation.restore(browser(turns), turns, REQUEST)
    assert [turn.answer is None for turn in changes["answers"]] == [True, False]
    assert json.loads(changes["source"])["missing"] == 1
    *_, last = conversation.fill(browser(turns), changes["answers"], REQUEST)
    assert ("answers" in last) != removed


def test_a_statement_that_is_removed_while_it_is_quoted_is_a_problem(
    conversation: Conversation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statement(name: str) -> Statement:
        raise ShuttenError(f"there is no statement {name!r}")

    monkeypatch.setattr(shelf, "statement", statement)
    monkeypatch.setattr(shelf, "summaries", summaries_of)
    _, last = conversation.submit("a", browser([]), [], REQUEST)
    assert "there is no statement" in last["notice"]


@pytest.mark.parametrize("event", ["submit", "ask_again", "restore", "fill", "clear", "undo_clear"])
def test_each_event_says_that_the_statements_cannot_be_read(
    event: str, conversation: Conversation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summaries() -> dict[str, StatementSummary]:
        raise UnreachableError("milvus://127.0.0.1:1/library: it does not answer")

    monkeypatch.setattr(shelf, "summaries", summaries)
    turns = [Turn("a")]
    arguments: dict[str, list[Any]] = {
        "submit": ["a", browser([]), [], REQUEST],
        "ask_again": [{"turn": 0, "way": "alone"}, browser(turns), turns, REQUEST],
        "undo_clear": [browser([]), turns],
    }
    changes = getattr(conversation, event)(*arguments.get(event, [browser(turns), turns, REQUEST]))
    (last,) = [changes] if isinstance(changes, dict) else changes
    assert list(last) == ["notice"]
    assert "does not answer at the moment" in last["notice"]
    assert "127.0.0.1" not in last["notice"]


def test_missing_answers_come_from_the_last_one_on(
    conversation: Conversation, shelf: Shelf, rendered: Counter[str]
) -> None:
    turns = [Turn("a"), Turn("b")]
    *steps, last = conversation.fill(browser(turns), turns, REQUEST)
    assert [question for question, _ in shelf.asked] == ["b", "a"]
    assert shelf.asked[0] == ("b", ["a"])
    assert rendered == {"a": 1, "b": 1}
    assert [new(step) for step in (*steps, last)] == [2, 1, 1]
    assert all(turn.answer for turn in last["answers"])


@pytest.mark.parametrize("question", ["a", "wrong"])
@pytest.mark.parametrize("step", [0, 1])
def test_nothing_is_shown_of_an_event_once_a_newer_one_has_begun(
    conversation: Conversation, question: str, step: int
) -> None:
    turns = [Turn("a"), Turn(question)]
    begun = [
        conversation.submit(question, browser([], 1), [], REQUEST),
        conversation.ask_again({"turn": 1, "way": "alone"}, browser(turns, 1), turns, REQUEST),
        conversation.fill(browser(turns, 1), turns, REQUEST),
    ]
    for steps in begun:
        assert all("turns" in next(steps) for _ in range(step))
    conversation.clear(browser(turns, 2), turns, REQUEST)
    assert [list(map(list, steps)) for steps in begun] == [[["box"]]] * 3
    # The events of other sessions go on.
    other: Any = SimpleNamespace(session_hash="other")
    assert "turns" in list(conversation.submit("a", browser([], 1), [], other))[-1]


def test_each_step_has_the_number_of_its_event(conversation: Conversation) -> None:
    turns = [Turn("a")]
    steps = [
        *conversation.submit("b", browser(turns, 1), turns, REQUEST),
        *conversation.submit("wrong", browser(turns, 2), turns, REQUEST),
        *conversation.ask_again({"turn": 0, "way": "alone"}, browser(turns, 3), turns, REQUEST),
        *conversation.fill(browser(turns, 3), turns, REQUEST),
        conversation.clear(browser(turns, 4), turns, REQUEST),
        conversation.undo_clear(browser([], 4), turns),
        conversation.restore(browser(turns, 4), turns, REQUEST),
    ]
    sent = [step[name] for step in steps for name in ("turns", "source") if name in step]
    numbers = [json.loads(value)["event"] for value in sent]
    assert numbers == [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, *[4] * 6]


def test_what_was_cleared_can_be_had_again(conversation: Conversation, shelf: Shelf) -> None:
    turns = [Turn("a").answered(shelf.ask("a"))]
    changes = conversation.clear(browser(turns), turns, REQUEST)
    assert (changes["answers"], changes["cleared"], questions(changes)) == ([], turns, [])
    assert changes["undo"]["visible"] is True
    again = conversation.undo_clear(browser([]), changes["cleared"])
    assert (again["answers"], questions(again)) == (turns, ["a"])


def test_the_address_asks_a_question_and_may_name_a_statement(
    conversation: Conversation,
) -> None:
    missing = "names is not here"
    for query, notice in (("s=a", ""), ("s=x", missing), ("s=a&s=b", ""), ("s=a&s=x", missing)):
        request: Any = SimpleNamespace(
            session_hash="s", query_params=QueryParams(f"q=+new+&{query}")
        )
        changes = conversation.restore(browser([Turn("old")]), [], request)
        assert questions(changes) == ["old", "new"]
        assert changes["answers"][1].alone
        assert notice in changes["notice"]
        assert bool(notice) == bool(changes["notice"])


@pytest.mark.parametrize(
    ("query", "within", "notice"),
    [
        ("q=b&in=a&in=b", Within(("a", "b")), ""),
        ("q=b&in=*", Within(by_name=False), ""),
        ("q=b&in=x", Within(("x",)), "names is not here"),
    ],
)
def test_the_address_keeps_the_statements_that_were_asked(
    conversation: Conversation, query: str, within: Within, notice: str
) -> None:
    request: Any = SimpleNamespace(session_hash="s", query_params=QueryParams(query))
    changes = conversation.restore(browser([]), [], request)
    (turn,) = changes["answers"]
    assert (turn.question, turn.within) == ("b", within)
    assert notice in changes["notice"]
    *_, last = conversation.fill(browser([turn]), [turn], request)
    if notice:
        return
    source = json.loads(last["source"])
    assert [f"in={name}" for name in source["within"]] == query.split("&")[1:]
    # The same address asks nothing a second time, and another choice does.
    for again, count in ((query, 1), ("q=b", 2)):
        request.query_params = QueryParams(again)
        changes = conversation.restore(browser(last["answers"]), last["answers"], request)
        assert len(changes["answers"]) == count


def test_the_oldest_question_goes_when_the_page_is_full(
    conversation: Conversation, shelf: Shelf
) -> None:
    answer = shelf.ask("a")
    turns = [Turn("a").answered(answer) for _ in range(MAX_TURNS - 1)]
    *_, full = conversation.submit("b", browser(turns), turns, REQUEST)
    assert len(full["answers"]) == MAX_TURNS
    assert f"the last {MAX_TURNS} questions" in full["notice"]
    *_, over = conversation.submit("c", browser(full["answers"]), full["answers"], REQUEST)
    assert [turn.question for turn in over["answers"][-2:]] == ["b", "c"]
    assert len(over["answers"]) == MAX_TURNS


def test_an_export_has_all_answers_and_looks_a_statement_up_once(
    conversation: Conversation, shelf: Shelf
) -> None:
    turns = [Turn("a").answered(shelf.ask("a")), Turn("a").answered(shelf.ask("a")), Turn("b")]
    rows = json.loads(conversation.export_json(browser(turns), turns))["answers"]
    assert [row["question"] for row in rows] == ["a", "a", "b"]
    shelf.lookups.clear()
    text = conversation.export_markdown(browser(turns), turns)
    assert [line for line in text.splitlines() if line[:2] == "##"] == ["## a", "## a", "## b"]
    assert shelf.lookups == {"a": 1, "b": 1}
