"""The tools for agents take the same filter of statements as the other interfaces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from answers import answered
from mcp.client import Client

from corpus.records import Statement
from qa.answers.answer import Answer
from qa.scope.filters import Filter, Within
from web.api.mcp_tools import build_server
from web.api.rest import WithinBody
from web.gate import Gate


class RecordingAssistant:
    """Gives one answer, and keeps the filters with which it was asked."""

    def __init__(self, home: Path, answer: Answer) -> None:
        self.home, self._answer, self.within = home, answer, list[Filter]()

    def ask(self, question: str, history: Sequence[str] = (), within: Filter = None) -> Answer:
        del question, history
        self.within.append(within)
        return self._answer


@pytest.fixture
def assistant(tmp_path: Path, statement: Statement) -> RecordingAssistant:
    return RecordingAssistant(tmp_path, answered(statement))


async def call(assistant: Any, arguments: dict[str, Any]) -> bool:
    """Call the tool that asks, and return whether it gave an answer."""
    async with Client(build_server(assistant, Gate(1), Gate(1))) as client:
        return not (await client.call_tool("ask_statement", arguments)).is_error


@pytest.mark.parametrize(
    ("given", "within"),
    [
        ({}, Within()),
        ({"by_name": False}, Within(by_name=False)),
        ({"statements": ["a"], "by_name": False}, Within(("a",), by_name=False)),
        ({"since": "2023", "parties": ["India"]}, Within(since="2023", parties=("India",))),
    ],
)
def test_a_question_is_asked_within_a_filter(
    assistant: RecordingAssistant, given: dict[str, Any], within: Within
) -> None:
    assert asyncio.run(call(assistant, {"question": "q", **given}))
    assert assistant.within == [within]


def test_what_is_no_filter_is_refused(assistant: RecordingAssistant) -> None:
    assert not asyncio.run(call(assistant, {"question": "q", "by_name": "perhaps"}))
    assert assistant.within == []


def test_the_filter_has_the_fields_of_plain_http(assistant: Any) -> None:
    async def fields() -> dict[str, Any]:
        async with Client(build_server(assistant, Gate(1), Gate(1))) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            return dict(tools["ask_statement"].input_schema["properties"])

    known = asyncio.run(fields())
    assert known.keys() - {"question", "history"} == WithinBody.model_fields.keys()
    assert known["by_name"]["description"] == WithinBody.model_fields["by_name"].description
