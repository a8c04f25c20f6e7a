"""The running server: every interface gives the same answers, and bad requests are refused."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from clock import wait_until
from mcp.client import Client as McpClient
from serving import (
    WaitingAssistant,
    ask_everywhere,
    ask_with_client,
    call_tool,
    post,
    served,
)

from corpus.errors import ShuttenError
from qa import feedback as qa_feedback
from qa.assistant import MAX_HISTORY, Assistant
from qa.feedback import Feedback
from qa.proof import verification
from web.api import feedback as web_feedback
from web.gradio_limits.uploads import MAX_UPLOAD
from web.security import accounts
from web.security.guard import MAX_BODY

QUESTION = "What did they decide about quantum computing?"
BUNDLED = "jucip-2023-05-26.ja"
UNANSWERABLE = "牛肉の関税は何パーセントですか"
NOT_THERE = f"there is no statement 'nowhere'; there are: {BUNDLED}"


@pytest.fixture(scope="module")
def home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data folder, for the remarks of these tests."""
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("data") / "home"))


@pytest.fixture(scope="module")
def assistant(home: Path) -> Assistant:
    return Assistant.open(home)


@pytest.fixture(scope="module")
def named_address(assistant: Assistant) -> Iterator[str]:
    with served(assistant, names=["shutten.example"]) as address:
        yield address


@pytest.mark.parametrize("question", [QUESTION, UNANSWERABLE, "半導体について何を確認しましたか"])
def test_every_interface_gives_the_same_answer(address: str, home: Path, question: str) -> None:
    answer, *others = ask_everywhere(address, home, question)
    assert answer["passages"] == 18
    assert others == [answer] * 3


def test_a_follow_up_by_rest_and_fewer_quotes(address: str, assistant: Assistant) -> None:
    body = {
        "question": "それはいつ開催されますか",
        "history": ["サイバーのミッションについて"],
        "k": 1,
    }
    answer = post(address, "ask", body).json()
    assert answer == assistant.ask(body["question"], body["history"], 1).to_json()


def test_retrieve_and_verify_by_rest(address: str, assistant: Assistant) -> None:
    quotes = post(address, "retrieve", {"question": QUESTION, "k": 2}).json()["quotes"]
    assert quotes == [quote.to_json() for quote in assistant.retrieve(QUESTION, 2)]
    answer = post(address, "ask", {"question": QUESTION}).json()
    assert post(address, "verify", answer).json()["holds"] is True
    answer["quotes"][0]["text"] = answer["quotes"][0]["text"].replace("両国", "三国")
    verdict = post(address, "verify", answer).json()
    assert verdict["holds"] is False
    assert verdict["quotes"][0]["finding"] == "altered"
    unknown = {"text": "x", "start": 0, "end": 1, "statement": "nowhere"}
    verdict = post(address, "verify", answer | {"quotes": [unknown]}).json()
    assert (verdict["holds"], verdict["not_checked"]) == (False, 1)
    assert verdict["quotes"][0]["reason"] == "statement not here"
    assert verdict["counts"]["exact"] == len(answer["nearest"])


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("ask", {"question": ""}, 400, "is empty"),
        ("ask", {"question": "あ" * 2001}, 400, "2,001 characters"),
        ("ask", {"question": "q", "k": 0}, 400, "k is 0"),
        ("ask", {}, 422, "question: "),
        ("ask", {"question": 3}, 422, "question: "),
        ("ask", {"question": "q", "histroy": []}, 422, "histroy: "),
        ("ask", [], 422, "the body: "),
        ("retrieve", {"question": "q", "k": 0}, 400, "k is 0"),
        ("retrieve", {"question": "q", "k": 101}, 422, "k: "),
        ("verify", {"question": "q"}, 400, "not an answer"),
        ("verify", {"quotes": [], "nearest": []}, 400, "no quote"),
        ("feedback", {"kind": "fine", "question": "q"}, 422, "kind: "),
        ("feedback", {"kind": "better", "question": "q"}, 400, "which sentence"),
        ("feedback", {"kind": "better", "question": "q", "better": ["x", 0, 1]}, 400, "x"),
        ("feedback", {"kind": "bad", "question": "q", "within": {"by_name": 1}}, 422, "by_name: "),
    ],
)
def test_a_bad_request_gets_a_one_line_error(
    address: str, path: str, body: Any, status: int, words: str
) -> None:
    reply = post(address, path, body)
    assert reply.status_code == status
    assert words in reply.json()["error"]
    assert "\n" not in reply.json()["error"]


def test_the_tools_for_agents(address: str, assistant: Assistant) -> None:
    async def list_tools() -> dict[str, Any]:
        async with McpClient(f"{address}mcp") as client:
            return {item.name: item for item in (await client.list_tools()).tools}

    tools = asyncio.run(list_tools())
    assert tools.keys() == {
        "ask_statement",
        "search_passages",
        "get_passage",
        "verify_quote",
        "list_statements",
    }
    assert all(item.description and len(item.description) > 60 for item in tools.values())
    quotes = call_tool(address, "search_passages", {"question": QUESTION, "count": 2})["result"]
    assert quotes == [quote.to_json() for quote in assistant.retrieve(QUESTION, 2)]
    first = quotes[0]
    passage = call_tool(
        address, "get_passage", {"statement": first["statement"], "passage": first["passage"]}
    )
    assert first["text"] in passage["text"]
    quoted = {key: first[key] for key in ("text", "statement", "start", "end")}
    assert call_tool(address, "verify_quote", quoted)["finding"] == "exact"
    moved = quoted | {"start": quoted["start"] + 1}
    assert call_tool(address, "verify_quote", moved)["finding"] == "moved"
    placeless = {"text": first["text"], "statement": first["statement"]}
    verdict = call_tool(address, "verify_quote", placeless)
    place = {"start": first["start"], "end": first["end"]}
    assert (verdict["finding"], verdict["places"]) == ("exact", [place])
    missing = call_tool(address, "verify_quote", placeless | {"text": "両省は、月に基地を建てる。"})
    assert (missing["finding"], missing["places"]) == ("missing", [])
    altered = quoted | {"text": first["text"].replace("決定した", "決定しなかった")}
    assert call_tool(address, "verify_quote", altered)["finding"] == "altered"


def test_programs_can_list_the_statements(address: str) -> None:
    rows = httpx.get(f"{address}statements").json()["statements"]
    assert call_tool(address, "list_statements", {})["result"] == rows
    (row,) = rows
    assert (row["id"], row["date"], row["passages"]) == ("jucip-2023-05-26.ja", "2023-05-26", 18)
    assert (row["language"], row["status"], row["encoding_guessed"]) == ("ja", "仮訳", False)
    assert row["title"].startswith("第2回 日米商務・産業パートナーシップ")


BAD_REQUESTS: list[tuple[str, str, Any]] = [
    ("POST", "feedback", {"kind": "better", "question": "q", "better": ["nowhere", 0, 1]}),
    ("POST", "feedback", {"kind": "good", "question": "q", "quotes": [["nowhere", 0, 1]]}),
    ("POST", "feedback", {"kind": "good", "question": "q", "quotes": [[BUNDLED, 1, 2]]}),
    ("POST", "feedback", {"kind": "better", "question": "q"}),
    ("POST", "feedback", {"kind": "bad", "question": "q", "within": {"statements": ["nowhere"]}}),
    ("POST", "verify", {"quotes": [{}], "nearest": []}),
    ("POST", "ask", {"question": ""}),
    ("POST", "ask", {"question": "\ud800" * 3000}),
    ("POST", "retrieve", {"question": "q", "k": -1}),
    ("POST", "statements", {}),
    ("GET", "statements/nowhere", None),
    ("GET", "ask", None),
    ("GET", "../../etc/passwd", None),
    ("GET", "feedback.db", None),
    ("POST", "gradio_api/queue/join", {"data": [], "fn_index": 999, "session_hash": "s"}),
    ("POST", "gradio_api/call/ask", {"data": []}),
    ("POST", "mcp", {"nonsense": True}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), BAD_REQUESTS)
def test_no_error_names_the_data_folder(
    address: str, home: Path, method: str, path: str, body: Any
) -> None:
    content = None if body is None else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    reply = httpx.request(method, address + path, content=content, headers=headers, timeout=60)
    text = f"{reply.headers} {reply.text}"
    assert str(home) not in text
    assert str(home.parent) not in text
    if reply.status_code < 400:
        assert path.startswith("gradio_api")  # it accepts the question, and the event fails


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("get_passage", {"statement": "nowhere", "passage": "x"}, NOT_THERE),
        ("verify_quote", {"statement": "nowhere", "text": "x"}, NOT_THERE),
        ("ask_statement", {"question": " "}, "the question is empty"),
    ],
)
def test_a_tool_says_what_is_wrong_and_names_no_folder(
    address: str, name: str, arguments: dict[str, str], error: str
) -> None:
    async def call() -> str:
        async with McpClient(f"{address}mcp") as client:
            result = await client.call_tool(name, arguments)
        assert result.is_error
        return str(result.content[0].text)

    text = asyncio.run(call())
    assert error in text
    assert "/" not in text


@pytest.mark.parametrize("path", ["ask", "retrieve", "feedback"])
def test_an_error_of_the_data_folder_is_a_fault_of_the_server(
    address: str, home: Path, path: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ShuttenError(f"{home}/shutten.db: the file is damaged; move it away")

    for owner, name in ((Assistant, "ask"), (Assistant, "retrieve"), (Feedback, "add")):
        monkeypatch.setattr(owner, name, fail)
    body = {"question": "q"} | ({"kind": "good"} if path == "feedback" else {})
    reply = post(address, path, body)
    assert reply.status_code == 500
    assert reply.json()["error"].startswith("the server has trouble with its data folder")
    assert f"{home}/shutten.db: the file is damaged" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "ask", 404),
        ("GET", "verify", 404),
        ("DELETE", "statements", 404),
        ("POST", "openapi.json", 405),
        ("GET", "no/such/place", 404),
    ],
)
def test_unknown_paths_get_the_usual_error(
    address: str, method: str, path: str, status: int
) -> None:
    reply = httpx.request(method, address + path)
    assert (reply.status_code, list(reply.json())) == (status, ["error"])


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=https://evil.example/x",
        "gradio_api/file=/etc/passwd",
        "gradio_api/file/etc/passwd",
        "gradio_api/proxy=https://evil.example/x",
        "gradio_api/dev/reload",
        "gradio_api/vibe-code/",
        "gradio_api/call/turn",
    ],
)
def test_addresses_of_gradio_that_the_page_does_not_need_are_closed(
    address: str, path: str
) -> None:
    for reply in (httpx.get(address + path), post(address, path, {})):
        assert reply.status_code == 404
        assert reply.json() == {"error": "there is nothing of that name"}


def test_a_long_history_takes_no_longer(assistant: Assistant) -> None:
    history = ["what else?"] * 2000
    start = time.monotonic()
    answer = assistant.ask("what else?", history)
    assert answer == assistant.ask("what else?", history[-MAX_HISTORY:])
    assert time.monotonic() - start < 120  # without the limit it would take hours


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["", "ask", "mcp", "gradio_api/info"])
def test_requests_for_another_host_are_refused(address: str, host: str, path: str) -> None:
    assert httpx.post(address + path, headers={"Host": host}, json={}).status_code == 400


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://127.0.0.1:{port}", 200),
        ("https://shutten.example", 200),
        ("https://Shutten.Example:443", 200),
        ("http://127.0.0.1:1", 403),
        ("https://evil.example", 403),
        ("https://shutten.example.evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
@pytest.mark.parametrize("path", ["ask", "gradio_api/upload", "feedback"])
def test_requests_from_pages_of_other_sites_are_refused(
    named_address: str, origin: str | None, status: int, path: str
) -> None:
    port = named_address.rstrip("/").rpartition(":")[2]
    headers = {"Origin": origin.format(port=port)} if origin else {}
    reply = post(named_address, path, {"question": QUESTION}, headers=headers)
    assert (reply.status_code == 403) == (status == 403)


@pytest.mark.parametrize(
    ("path", "size"),
    [("ask", MAX_BODY), ("gradio_api/queue/join", MAX_BODY), ("gradio_api/upload", MAX_UPLOAD)],
)
def test_a_body_that_is_too_large_is_refused(address: str, path: str, size: int) -> None:
    reply = httpx.post(address + path, content=b" " * (size + 1))
    assert reply.status_code == 413
    assert f"{size:,} are the most" in reply.json()["error"]


def test_a_body_of_unknown_length_is_refused(address: str) -> None:
    reply = httpx.post(f"{address}ask", content=iter([b"{}"]))
    assert reply.status_code == 411


@pytest.mark.parametrize("path", ["", "gradio_api/info", "nowhere"])
def test_every_reply_has_a_policy(address: str, path: str) -> None:
    headers = httpx.get(address + path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "script-src-attr 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_page_and_every_interface_need_an_account(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    accounts.add(file, "太郎", "ひみつの言葉です")
    with served(assistant, auth_file=file, mcp=True) as address:
        for path in ("", "ask", "mcp", "gradio_api/info", "openapi.json", "feedback"):
            reply = httpx.post(address + path, json={"question": QUESTION})
            assert reply.status_code == 401
            assert reply.headers["www-authenticate"].startswith("Basic")
        right = base64.b64encode("太郎:ひみつの言葉です".encode()).decode()
        headers = {"Authorization": f"Basic {right}"}
        assert post(address, "ask", {"question": QUESTION}, headers=headers).is_success
        assert httpx.get(address, headers=headers).is_success
        assert ask_with_client(address, QUESTION, headers=headers)["quotes"]
        wrong = base64.b64encode("太郎:ちがう言葉です".encode()).decode()
        reply = httpx.get(address, headers={"Authorization": f"Basic {wrong}"})
        assert reply.status_code == 401


def test_too_many_questions_at_once_are_refused(assistant: Assistant) -> None:
    waiting = WaitingAssistant(assistant)
    with served(waiting) as address, ThreadPoolExecutor(36) as threads:
        calls = [threads.submit(post, address, "ask", {"question": QUESTION}) for _ in range(36)]
        wait_until(lambda: sum(call.done() for call in calls) >= 4)
        refused = [call.result() for call in calls if call.done()]
        waiting.go.set()
        replies = [call.result() for call in calls]
    assert [reply.status_code for reply in refused] == [503] * 4
    assert all("too many questions" in reply.json()["error"] for reply in refused)
    assert sorted(reply.status_code for reply in replies) == [200] * 32 + [503] * 4


def test_checks_of_quotes_do_not_delay_questions(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    verify_all = verification.verify_all

    def slow_verify_all(*args: Any) -> Any:
        go.wait(60)
        return verify_all(*args)

    monkeypatch.setattr(verification, "verify_all", slow_verify_all)
    quote = {"text": "x", "start": 0, "end": 1, "statement": BUNDLED}
    body = {"quotes": [quote], "nearest": []}
    with served(assistant) as address, ThreadPoolExecutor(6) as threads:
        checks = [threads.submit(post, address, "verify", body) for _ in range(6)]
        for _ in range(2):
            assert post(address, "ask", {"question": QUESTION}).status_code == 200
        wait_until(lambda: sum(check.done() for check in checks) >= 2)  # those that are refused
        go.set()
        replies = [check.result() for check in checks]
    assert sorted(reply.status_code for reply in replies) == [200] * 4 + [503] * 2
    refused = next(reply for reply in replies if reply.is_error)
    assert "too many checks" in refused.json()["error"]


@pytest.mark.parametrize(
    ("quotes", "words"), [(["x"] * 101, "101 quotes"), (["x" * 30_000] * 2, "60,000 characters")]
)
def test_too_many_quotes_or_characters_to_check_are_refused(
    address: str, quotes: list[str], words: str
) -> None:
    rows = [{"text": text, "start": 0, "end": 1, "statement": BUNDLED} for text in quotes]
    reply = post(address, "verify", {"quotes": rows, "nearest": []})
    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_agents_learn_that_the_source_is_another_file(address: str, assistant: Assistant) -> None:
    (first,) = assistant.retrieve(QUESTION, 1)
    quoted = {"text": first.text, "statement": BUNDLED, "start": first.start, "end": first.end}
    same = call_tool(address, "verify_quote", quoted | {"sha256": first.sha256})
    assert (same["finding"], same["same_file"]) == ("exact", True)
    other = call_tool(address, "verify_quote", quoted | {"sha256": "0" * 64})
    assert (other["finding"], other["same_file"]) == ("exact", False)
    assert "another file" in other["reason"]


def test_remarks_are_accepted_only_so_often(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_feedback, "_RATE_BY_SENDER", (5, 60.0))
    with served(assistant) as address:
        remark = {"kind": "bad", "question": "q"}
        replies = [post(address, "feedback", remark) for _ in range(7)]
    assert [reply.status_code for reply in replies] == [200] * 5 + [429] * 2
    assert "too many remarks" in replies[-1].json()["error"]
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 61


def test_no_remark_is_accepted_when_there_is_no_room(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = Assistant.open(shutil.copytree(home, tmp_path / "home"))
    before = len(Feedback(assistant.home, assistant.statement).remarks())
    with served(assistant) as address:
        remark = {"kind": "bad", "question": "q"}
        assert post(address, "feedback", remark).status_code == 200
        monkeypatch.setattr(qa_feedback, "MAX_FILE", 100)
        reply = post(address, "feedback", remark)
    assert reply.status_code == 507
    assert "no more room" in reply.json()["error"]
    assert len(Feedback(assistant.home, assistant.statement).remarks()) == before + 1


def test_passwords_can_be_tried_only_so_often(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    accounts.add(file, "ann", "correct horse")
    with served(assistant, auth_file=file) as address:
        right = {"Authorization": "Basic " + base64.b64encode(b"ann:correct horse").decode()}
        assert httpx.get(f"{address}statements", headers=right).status_code == 200
        statuses = [
            httpx.get(address, auth=("ann", f"wrong {number}")).status_code for number in range(12)
        ]
        assert statuses[:10] == [401] * 10
        assert 429 in statuses[10:]
        # A browser that was in before is not kept waiting.
        assert httpx.get(f"{address}statements", headers=right).status_code == 200
