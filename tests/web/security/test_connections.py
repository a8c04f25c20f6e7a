"""Real sockets that send slowly, too little, or nothing at all: others are answered."""

from __future__ import annotations

import contextlib
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import h11
import httpx
import pytest
from project import ROOT
from serving import free_port

import ui
from qa.assistant import Assistant
from web.security import connections
from web.security.connections import most_connections
from web.server import Options, Running

HEAD = "POST /ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(assistant: Assistant) -> Iterator[Running]:
    """One that waits a second where the real one waits ten or sixty."""
    with pytest.MonkeyPatch.context() as patch:
        for state in (h11.IDLE, h11.SEND_BODY):
            patch.setitem(connections._SECONDS, state, 1.0)
        patch.setattr(connections, "TAKE_SECONDS", 1.0)
        running = ui.start(assistant, Options(port=free_port()))
        yield running
        running.close()


def reach(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes it, within half a minute."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def is_answered(address: str) -> bool:
    return httpx.get(f"{address}statements", timeout=60).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "GET / HT",
        "GET /statements HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        f"{HEAD}Content-Length: 100\r\n\r\n",
        f'{HEAD}Content-Length: 100\r\n\r\n{{"question": "q"}}',
        "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n-",
    ],
)
@pytest.mark.parametrize("slowly", [False, True])
def test_who_sends_too_slowly_is_dropped(server: Running, sent: str, slowly: bool) -> None:
    with reach(server.local_url) as slow:
        slow.sendall(sent.encode())
        assert is_answered(server.local_url)
        with contextlib.suppress(ConnectionError):
            for _ in range(30 if slowly else 0):
                slow.sendall(b"x")
                time.sleep(0.1)
        assert is_closed(slow)
    assert is_answered(server.local_url)


def test_a_connection_that_is_kept_is_no_better(server: Running) -> None:
    with reach(server.local_url) as slow:
        slow.sendall(b"GET /statements HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert slow.recv(65536).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET / HT")
        assert is_closed(slow)


def test_who_takes_nothing_is_dropped(server: Running) -> None:
    with reach(server.local_url) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100)
        slow.settimeout(0.1)
        assert server._server is not None
        held = server._server.server_state.connections
        for _ in range(300):
            time.sleep(0.1)
            if not held:
                break
        assert not held


def test_an_answer_may_take_longer_than_a_request(server: Running) -> None:
    sent = {"question": "What was agreed on Open RAN?"}
    with httpx.Client(timeout=60) as client:
        for _ in range(2):
            assert client.post(f"{server.local_url}ask", json=sent).status_code == 200
    with reach(server.local_url) as stream:
        stream.sendall(b"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(2)
        assert stream.recv(65536).startswith(b"HTTP/1.1 200")
        stream.setblocking(False)
        with pytest.raises(BlockingIOError):  # it is still open
            stream.recv(65536)


def test_others_are_answered_beside_hundreds_that_say_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 100)
    server = ui.start(assistant, Options(port=free_port()))
    held = [reach(server.local_url) for _ in range(300)]
    try:
        for one in held[:150]:
            with contextlib.suppress(ConnectionError):
                one.sendall(b"GET / HT")
        for _ in range(3):
            assert is_answered(server.local_url)
        assert server._server is not None
        assert len(server._server.server_state.connections) <= 100
    finally:
        for one in held:
            one.close()
        server.close()


@pytest.mark.parametrize("files", [64, 256, 1024, resource.RLIM_INFINITY])
def test_as_many_connections_as_there_are_descriptors_for(
    files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    most = most_connections()
    assert 8 <= most <= 1000
    assert files == resource.RLIM_INFINITY or most < files


def test_without_descriptors_others_are_answered_and_the_output_stays_small(
    tmp_path: Path, home: Path
) -> None:
    port = free_port()
    code = f"""
import resource, sys, ui
from qa.assistant import Assistant
assistant = Assistant.open({str(home)!r})
assistant.ask("q")
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
server = ui.start(assistant, ui.Options(port={port}))
print("ready", flush=True)
server.wait()
"""
    address, output = f"http://127.0.0.1:{port}/", tmp_path / "output"
    with output.open("wb") as error:
        running = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=error
        )
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == b"ready\n"
            held = [reach(address) for _ in range(300)]
            time.sleep(3)
            assert is_answered(address)
            for one in held:
                one.close()
            assert is_answered(address)
        finally:
            running.kill()
            running.wait()
            if running.stdout:
                running.stdout.close()
    assert output.stat().st_size < 200_000  # it grew by megabytes a second


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00"]
)
def test_what_is_no_http_is_said_as_everything_else(server: Running, sent: bytes) -> None:
    with reach(server.local_url) as odd:
        odd.sendall(sent)
        reply = b""
        while more := odd.recv(65536):
            reply += more
    assert reply.startswith(b"HTTP/1.1 400")
    assert reply.endswith(b'{"error": "Invalid HTTP request received."}')
