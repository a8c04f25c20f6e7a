"""The endpoint that Gradio offers to programs gives the answers of the assistant."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from corpus.library import bundled_paths
from qa.assistant import Assistant


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Client]:
    client = Client(address, verbose=False, analytics_enabled=False)
    yield client
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


def test_programs_see_one_endpoint(client: Client) -> None:
    api = client.view_api(return_format="dict", print_info=False)
    assert isinstance(api, dict)
    assert list(api["named_endpoints"]) == ["/ask"]
    assert api["unnamed_endpoints"] == {}
    parameters = api["named_endpoints"]["/ask"]["parameters"]
    assert [parameter["parameter_name"] for parameter in parameters] == ["question", "history"]
