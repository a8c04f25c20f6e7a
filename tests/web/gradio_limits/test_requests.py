"""Malformed requests get a one-line error as JSON, and nothing is written to the output."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from serving import ask_with_client

from qa.assistant import Assistant
from web.gradio_limits.fields import BadRequestError, CallFields, JoinFields, parse_fields
from web.security.guard import MAX_BODY, MAX_PATH

JOIN, CALL, UPLOAD = "gradio_api/queue/join", "gradio_api/call/ask", "gradio_api/upload"
JSON = {"Content-Type": "application/json"}
EVENT: dict[str, Any] = {"data": ["q", None, None], "fn_index": 0, "session_hash": "abc"}
PATHS = [
    *("", "ask", "retrieve", "verify", "feedback", "statements", "statement", "openapi.json"),
    *("config", "mcp", "gradio_api/info", UPLOAD, "gradio_api/startup-events"),
    *("gradio_api/app_id", "gradio_api/cancel", "gradio_api/reset", JOIN, "gradio_api/queue/data"),
    *(CALL, f"{CALL}/nobody", "gradio_api/queue/data?session_hash=nobody"),
]


SET = "JUCIP 2023 · dev"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    """A client for all tests, because a new one takes longer than a request."""
    limits = httpx.Limits(keepalive_expiry=1)  # before the server closes it
    with httpx.Client(base_url=address, timeout=60, limits=limits) as shared:
        yield shared


@pytest.fixture
def silent(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing is written during the test."""
    capfd.readouterr()
    yield
    written = capfd.readouterr()
    assert written.err == ""
    assert written.out == ""


def error_line(reply: httpx.Response) -> str:
    """Check that a request was refused, and return the error."""
    assert 400 <= reply.status_code < 500, reply.text
    data = reply.json()
    line = str(data["error"] if "error" in data else data["detail"])
    assert "\n" not in line
    return line


def post_json(client: httpx.Client, path: str, body: Any) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, content=content, headers=JSON)


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "NONSENSE"])
def test_no_method_makes_the_server_fail(client: httpx.Client, method: str, silent: None) -> None:
    for path in PATHS:
        content = b"" if method in ("GET", "OPTIONS") else b"{}"
        reply = client.request(method, path, content=content, headers=JSON)
        assert reply.status_code < 500, path
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/json", path


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "bytes": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "deep data": b'{"question": ' + b"[" * 500 + b"]" * 500 + b"}",
    "huge": b'{"data": [' + b"9" * 5000 + b'], "question": ' + b"9" * 5000 + b"}",
    "large": b'{"data": [9007199254740993999], "session_hash": 9007199254740993999}',
    "NaN": b'{"data": [NaN], "question": NaN, "event_id": NaN}',
    "infinite": b'{"data": [1e999], "k": 1e999, "event_id": 1e999}',
    "half a pair": b'{"data": ["\\ud800"], "session_hash": "\\ud800", "event_id": "\\ud800"}',
    "NUL": b'{"data": ["\\u0000"], "question": "\\u0000", "event_id": "\\u0000"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_makes_the_server_fail(client: httpx.Client, body: bytes, silent: None) -> None:
    for path in PATHS[:-3]:
        error_line(post_json(client, path, body))
        assert client.post(path, content=body).status_code < 500


BAD_VALUES: list[Any] = [
    None,
    "",
    "a b",
    "あ",
    "a" * 65,
    -1,
    99,
    10**30,
    1.5,
    True,
    [],
    {},
    "\ud800",
    [[]],
]


@pytest.mark.parametrize("value", BAD_VALUES, ids=ascii)
@pytest.mark.parametrize("field", ["data", "fn_index", "session_hash", "trigger_id"])
def test_bad_fields_of_an_event(client: httpx.Client, field: str, value: Any, silent: None) -> None:
    if field == "trigger_id" and value in (None, -1, 99):
        assert post_json(client, JOIN, EVENT | {field: value}).status_code == 200
        return
    if field == "fn_index" and value is True:
        value = 1.0
    error_line(post_json(client, JOIN, EVENT | {field: value}))


@pytest.mark.parametrize("field", EVENT)
def test_a_missing_field_of_an_event(client: httpx.Client, field: str, silent: None) -> None:
    incomplete = {key: value for key, value in EVENT.items() if key != field}
    assert field in error_line(post_json(client, JOIN, incomplete))


@pytest.mark.parametrize("name", ["batched", "simple_format", "event_id", "oauth_token", "request"])
@pytest.mark.parametrize("value", [True, "x", [1], {"headers": {}}], ids=str)
def test_fields_that_the_page_does_not_send_are_dropped(
    client: httpx.Client, name: str, value: Any, silent: None
) -> None:
    session = {"session_hash": f"dropped-{name}"}
    assert post_json(client, JOIN, EVENT | session | {name: value}).status_code == 200
    events = client.get("gradio_api/queue/data", params=session).text
    assert '"success":true' in events
    assert '"success":false' not in events


def functions(client: httpx.Client) -> list[dict[str, Any]]:
    """Return the functions of the page, with the kinds of their inputs."""
    config = client.get("config").json()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    return [
        function | {"kinds": [kinds[number] for number in function["inputs"]]}
        for function in config["dependencies"]
    ]


def test_bad_data_for_every_function(client: httpx.Client, silent: None) -> None:
    for function in functions(client):
        kinds = function["kinds"]
        body = EVENT | {"fn_index": function["id"]}
        if not function["backend_fn"]:
            assert "function" in error_line(
                post_json(client, JOIN, body | {"data": [None] * len(kinds)})
            )
            continue
        for count in {0, len(kinds) - 1, len(kinds) + 1, 50} - {len(kinds), -1}:
            assert "values" in error_line(post_json(client, JOIN, body | {"data": [None] * count}))
        for number, kind in enumerate(kinds):
            wrong = {"number": ["x", [], {}], "dropdown": ["x", 3, {}, [SET]], "radio": ["x", []]}
            for value in wrong.get(kind, []) + ([1, "x", {"a": 1}] if kind == "file" else []):
                data: list[Any] = [None] * len(kinds)
                data[number] = value
                assert kind in error_line(post_json(client, JOIN, body | {"data": data}))


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": ["q"]}, {"data": ["q", [], None, 1]}])
def test_bad_calls_of_the_function_for_programs(
    client: httpx.Client, body: Any, silent: None
) -> None:
    assert "data" in error_line(post_json(client, CALL, body))


@pytest.mark.parametrize("value", BAD_VALUES, ids=ascii)
def test_bad_fields_of_a_cancelled_event(client: httpx.Client, value: Any, silent: None) -> None:
    event = {"session_hash": "abc", "fn_index": 0, "event_id": "abc"}
    for field in ("session_hash", "event_id"):
        error_line(post_json(client, "gradio_api/cancel", event | {field: value}))
    error_line(post_json(client, "gradio_api/reset", {"event_id": value}))


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/queue/data",
        *(f"gradio_api/queue/data?session_hash={name}" for name in ("", "nobody", "%00", "%ff")),
        *(f"{CALL}/{name}" for name in ("nobody", "%00", "%E3%81%82", "a" * 65)),
        *(f"gradio_api/heartbeat/{name}" for name in ("", "%00", "%E3%81%82", "a" * 65)),
        "gradio_api/upload_progress",
        *(f"gradio_api/upload_progress?upload_id={name}" for name in ("", "%00", "a" * 65)),
        *("assets/" + "a" * 300, "assets/" + "あ" * 100, "a/" * MAX_PATH),
        "statement",
        "statement?id=%00",
        "statement?id=" + "a" * 5000,
    ],
)  # fmt: skip
def test_bad_addresses(client: httpx.Client, path: str, silent: None) -> None:
    error_line(client.get(path))


@pytest.mark.parametrize("query", ["page=x", "page=%00", "deep_link=x", "deep_link=../..", "%ff"])
@pytest.mark.parametrize("path", ["", "config", "gradio_api/info"])
def test_queries_of_the_page_change_nothing(
    client: httpx.Client, path: str, query: str, silent: None
) -> None:
    assert client.get(f"{path}?{query}").text == client.get(path).text


PART = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\nabc\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", "{}"),
        ("multipart/form-data", PART.format("files", '; filename="a"') + "--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 5000, "x"),
        ("multipart/form-data; boundary=x", ""),
        ("multipart/form-data; boundary=x", "nonsense"),
        ("multipart/form-data; boundary=x", "--x--\r\n"),
        ("multipart/form-data; boundary=x", PART.format("files", "") + "--x--\r\n"),
        ("multipart/form-data; boundary=x", PART.format("x", '; filename="a"') + "--x--\r\n"),
        ("multipart/form-data; boundary=x", PART.format("files", '; filename=""') + "--x--\r\n"),
        ("multipart/form-data; boundary=x", PART.format("files", '; filename="a"') * 21 + "--x--"),
    ],
)
@pytest.mark.parametrize("query", ["", "?upload_id=abc"])
def test_bad_uploads(client: httpx.Client, kind: str, body: str, query: str) -> None:
    headers = {"Content-Type": kind}
    reply = client.post(UPLOAD + query, content=body, headers=headers)
    assert "upload" in error_line(reply)


def test_a_good_upload_is_accepted(client: httpx.Client, silent: None) -> None:
    files = [("files", ("a.csv", b"x")), ("files", ("あ.csv", b"y"))]
    paths = client.post(f"{UPLOAD}?upload_id=abc", files=files).json()
    assert len(paths) == 2


@pytest.mark.parametrize("path", ["ask", JOIN, UPLOAD, "gradio_api/info", ""])
@pytest.mark.parametrize(
    "header",
    [
        "Content-Length: x",
        "Content-Length: -1",
        "Content-Length: 1_0",
        "Content-Length: 99999999999999999999999999",
        "Content-Length: 2\r\nContent-Length: 3",
        f"Content-Length: {2 * 2**20 + 1}",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_lengths(address: str, method: str, path: str, header: str, silent: None) -> None:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    head = f"{method} /{path} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())
        reply = b""
        while b"}" not in reply and (data := connection.recv(65536)):
            reply += data
    assert reply.split()[1] in (b"400", b"411", b"413")
    assert b'{"error":' in reply


def test_an_incomplete_body_starts_no_event(
    address: str, client: httpx.Client, silent: None
) -> None:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    body = json.dumps(EVENT | {"session_hash": "early"})
    head = f"POST /{JOIN} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 500\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall((head + body).encode())
    for _ in range(5):
        reply = client.get("gradio_api/queue/data?session_hash=early")
        assert reply.status_code == 404


def test_good_requests_of_the_page_and_of_programs_are_served(
    address: str, client: httpx.Client, assistant: Assistant
) -> None:
    question = "What was agreed on Open RAN?"
    assert ask_with_client(address, question) == assistant.ask(question).to_json()
    event = post_json(client, CALL, {"data": [question, []]}).json()["event_id"]
    assert "event: complete" in client.get(f"{CALL}/{event}").text
    # The second event of a session finds the components as the first one left them.
    for _ in range(2):
        body = {"data": [question, [], None], "fn_index": 0, "session_hash": "twice"}
        assert post_json(client, JOIN, body).status_code == 200
        stream = client.get("gradio_api/queue/data?session_hash=twice")
        assert '"success":true' in stream.text


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.just("k"), inner),
)  # fmt: skip


def depth(value: Any) -> int:
    """Return how deep a JSON value is nested; 0 for a value without others in it."""
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inside), default=0) if isinstance(value, dict | list) else 0


def is_endless(data: list[Any]) -> bool:
    """Return whether a number in it is infinite. The word "Infinity" is none."""
    try:
        json.dumps(data, allow_nan=False)
    except ValueError:
        return True
    return False


@settings(deadline=None)
@given(st.lists(values, max_size=4), st.integers(0, 30))
@example(["Infinity"], 0)
@example([float("inf")], 0)
def test_the_checked_fields_are_passed_on_unchanged(data: list[Any], number: int) -> None:
    body = json.dumps({"data": data, "fn_index": number, "session_hash": "s", "other": 1})
    if is_endless(data) or depth(data) > 19:
        with pytest.raises(BadRequestError):
            parse_fields(body.encode(), JoinFields)
        return
    passed = json.loads(parse_fields(body.encode(), JoinFields).to_json())
    assert passed == {"data": data, "fn_index": number, "session_hash": "s"}
    assert json.loads(parse_fields(b'{"data": []}', CallFields).to_json()) == {"data": []}


def test_the_body_of_a_safe_method_is_limited_too(client: httpx.Client) -> None:
    for path in ("", "gradio_api/info", "statements"):
        reply = client.request("GET", path, content=b" " * (MAX_BODY + 1))
        assert reply.status_code == 413
