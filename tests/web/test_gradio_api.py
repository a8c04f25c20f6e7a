"""The endpoint that Gradio offers to programs gives the answers of the assistant."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from libraries import make_library
from serving import served

from corpus.library import bundled_paths
from index.models.encoder import Encoder
from qa.assistant import Assistant


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Client]:
    client = Client(address, verbose=False, analytics_enabled=False)
    yield client
    client.close()


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[tuple[Assistant, Client]]:
    """An assistant for ten statements, and a client of its server."""
    assistant = Assistant.open(make_library(tmp_path_factory.mktemp("library"), encoder))
    with served(assistant) as address:
        client = Client(address, verbose=False, analytics_enabled=False)
        yield assistant, client
        client.close()


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("半導体について何を確認しましたか", []),
        ("What did they decide about quantum computing?", []),
        ("サイバーは？", ["半導体について何を確認しましたか"]),
        ("牛肉の関税は何パーセントですか", []),
        ("<script>alert(1)</script> {{x}} $$x$$", ["\0"]),
    ],
)
def test_the_endpoint_gives_the_answer_of_the_assistant(
    assistant: Assistant, client: Client, question: str, history: list[str]
) -> None:
    answer = client.predict(question=question, history=history, api_name="/ask")
    expected = assistant.ask(question, history).to_json()
    assert answer == json.dumps(expected, ensure_ascii=False)
    text = bundled_paths()[0].read_bytes().decode()
    for quote in json.loads(answer)["quotes"]:
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_the_history_may_be_left_out(client: Client) -> None:
    answer = client.predict(question="半導体について", api_name="/ask")
    assert json.loads(answer)["question"] == "半導体について"


@pytest.mark.parametrize(
    ("question", "words"),
    [("", "is empty"), (" \t", "is empty"), ("あ" * 2001, "2,001 characters")],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_reason(
    client: Client, question: str, words: str
) -> None:
    with pytest.raises(AppError, match=words) as caught:
        client.predict(question=question, history=[], api_name="/ask")
    assert "Traceback" not in str(caught.value)


def test_what_is_no_question_is_left_out_of_the_history(address: str, assistant: Assistant) -> None:
    question = "輸出管理ではどのような協力をしますか"
    body = json.dumps({"data": [question, ["前の質問", "", 3, None, {"a": 1}]]}).encode()
    call = urllib.request.Request(
        f"{address}gradio_api/call/ask", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(call) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{address}gradio_api/call/ask/{event}") as reply:
        lines = reply.read().decode().splitlines()
    assert lines[0] == "event: complete"
    (answer,) = json.loads(lines[1].removeprefix("data: "))
    assert json.loads(answer) == assistant.ask(question, ["前の質問"]).to_json()


@pytest.mark.parametrize(
    "within",
    [
        {"statements": ["us-chile-2022-09-07", "us-finland-2023-05-04"]},
        {"parties": ["Chile"], "since": "2024"},
        {"by_name": False},
        {},
        None,
    ],
)
def test_only_some_statements_are_searched(
    library: tuple[Assistant, Client], within: dict[str, Any] | None
) -> None:
    assistant, client = library
    question = "What did the March 2024 U.S.-Chile statement say on hydrogen pipelines?"
    answer = client.predict(question=question, history=[], within=within, api_name="/ask")
    expected = assistant.ask(question, within=within).to_json()
    assert json.loads(answer) == expected
    assert expected["quotes"]


@pytest.mark.parametrize(
    ("within", "words"),
    [
        ({"statements": ["us-chile-2021"]}, "there is no statement 'us-chile-2021'"),
        ({"statements": "us-chile-2022-09-07"}, "statements must be a list of texts"),
        ({"from": "2024"}, "within has no 'from'"),
        ({"by_name": "no"}, "by_name must be true or false"),
        ([1], "within must be a filter"),
    ],
)
def test_a_bad_filter_is_refused_with_the_reason(
    library: tuple[Assistant, Client], within: Any, words: str
) -> None:
    _, client = library
    with pytest.raises(AppError, match=words) as caught:
        client.predict(question="hydrogen", within=within, api_name="/ask")
    assert "Traceback" not in str(caught.value)


def test_programs_see_one_endpoint(client: Client) -> None:
    api = client.view_api(return_format="dict", print_info=False)
    assert isinstance(api, dict)
    assert list(api["named_endpoints"]) == ["/ask"]
    assert api["unnamed_endpoints"] == {}
    parameters = api["named_endpoints"]["/ask"]["parameters"]
    assert [parameter["parameter_name"] for parameter in parameters] == [
        "question",
        "history",
        "within",
    ]
