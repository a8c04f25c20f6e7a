"""No request of any form can name a file of the server that was not uploaded."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from gradio import processing_utils
from gradio.context import LocalContext
from gradio.exceptions import InvalidPathError
from gradio.utils import get_upload_folder
from hypothesis import given
from hypothesis import strategies as st

from qa.assistant import Assistant
from web.gradio_limits.uploads import named_files, was_uploaded
from web.server import Options, application

META = {"_type": "gradio.FileData"}


@pytest.fixture
def private(tmp_path: Path) -> Path:
    path = tmp_path / "private.csv"
    path.write_text("question,gold\nsecret,secret\n", "utf-8")
    return path


def functions(address: str) -> list[int]:
    """Return the numbers of the functions of the page."""
    config = httpx.get(f"{address}config").json()
    return [function["id"] for function in config["dependencies"]]


def bodies(path: Any, number: int) -> list[tuple[str, Any]]:
    """Return the ways to name a file in a request: the address and the body."""
    file = {"path": path, "meta": META}
    event = {"fn_index": number, "session_hash": "abc", "event_data": None}
    nested = {"a": [{"value": [file]}]}
    return [
        ("queue/join", event | {"data": [file]}),
        ("queue/join", event | {"data": [[file]]}),
        ("queue/join", event | {"data": [nested]}),
        ("queue/join", event | {"data": [{"path": path}]}),
        ("queue/join", event | {"data": [], "event_data": file}),
        ("call/ask", {"data": [file]}),
        ("call/ask", {"data": [None, file]}),
    ]


def test_no_function_accepts_another_file(address: str, private: Path) -> None:
    paths = ["/dev/zero", "/etc/passwd", str(private), f"file://{private}", "", None, "a\x00b"]
    paths += [f"{get_upload_folder()}/../../etc/passwd", get_upload_folder()]
    cases = [(number, "/dev/zero") for number in functions(address)]
    cases += [(cases[0][0], path) for path in paths]
    with httpx.Client(base_url=f"{address}gradio_api/") as client:
        for number, path in cases:
            for target, body in bodies(path, number):
                reply = client.post(target, json=body)
                assert reply.status_code == 403, (target, body)
                assert "uploaded here" in reply.json()["error"]
    # The other addresses of Gradio that call a function are closed.
    for target in ("run/predict", "api/predict", "run/ask", "api/ask"):
        reply = httpx.post(f"{address}gradio_api/{target}", json={"data": [{"path": "/dev/zero"}]})
        assert reply.status_code == 404
    assert httpx.post(f"{address}ask", json={"question": "半導体"}, timeout=60).status_code == 200


def test_a_link_out_of_the_folder_is_not_an_upload(
    tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    link, upload, pipe = folder / "link", folder / "upload", folder / "pipe"
    link.symlink_to(private)
    upload.write_text("x", "utf-8")
    os.mkfifo(pipe)
    assert not was_uploaded(str(link))
    assert not was_uploaded(str(pipe))
    assert not was_uploaded(str(folder))
    assert not was_uploaded(str(private))
    assert was_uploaded(str(upload))


def test_an_uploaded_file_is_accepted(address: str) -> None:
    files = {"files": ("set.jsonl", b"{}")}
    (path,) = httpx.post(f"{address}gradio_api/upload", files=files).json()
    body = {"fn_index": 0, "session_hash": "abc", "data": [{"path": path, "meta": META}]}
    assert httpx.post(f"{address}gradio_api/queue/join", json=body).status_code != 403


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_not_json_is_refused(address: str, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = httpx.post(f"{address}gradio_api/queue/join", content=content, headers=headers)
    assert (reply.status_code, reply.json()) == (400, {"error": "the request is not JSON"})


def test_the_server_survives_clients_that_go_away(address: str) -> None:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    for _ in range(20):
        with socket.create_connection((host, int(port))) as connection:
            head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}:{port}\r\n"
            connection.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    assert httpx.get(f"{address}gradio_api/info").status_code == 200


def test_the_check_of_gradio_itself_is_on(assistant: Assistant, private: Path) -> None:
    """If a later version of Gradio turns its check on in another way, this test fails."""

    async def build() -> FastAPI:
        return application(assistant, Options())

    app = asyncio.run(build())
    (blocks,) = {
        route.app.get_blocks()
        for route in app.routes
        if hasattr(route, "app") and hasattr(route.app, "get_blocks")
    }
    token = LocalContext.blocks.set(blocks)
    try:
        with pytest.raises(InvalidPathError):
            processing_utils._check_allowed(private, check_in_upload_folder=True)
    finally:
        LocalContext.blocks.reset(token)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("path"), inner),
)


@given(json_values, st.lists(st.sampled_from(["list", "key", "path"]), max_size=6))
def test_a_path_is_found_at_any_depth(neighbour: Any, steps: list[str]) -> None:
    body: Any = {"path": "/here", "meta": META}
    for step in steps:
        body = [neighbour, body] if step == "list" else {step if step == "path" else "k": body}
    assert "/here" in list(named_files(body))
