"""Clients that send slowly, too little or nothing do not keep others from being served."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import h11
import httpx
import pytest
from clock import wait_until
from processes import start_python
from serving import free_port, served

from qa.assistant import Assistant
from web.security import connections
from web.security.connections import max_connections

pytestmark = pytest.mark.slow

HEAD = "POST /ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    """The address of a server that waits one second for a client instead of ten or sixty."""
    with pytest.MonkeyPatch.context() as patch:
        for state in (h11.IDLE, h11.SEND_BODY):
            patch.setitem(connections._SECONDS_BY_STATE, state, 1.0)
        patch.setattr(connections, "READ_SECONDS", 1.0)
        with served(assistant) as address:
            yield address


def connect(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def is_closed(connection: socket.socket) -> bool:
    """Tell whether the server closes a connection within half a minute."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def is_open(connection: socket.socket) -> bool:
    """Tell whether the server has neither closed the connection nor sent anything."""
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def is_reset(connection: socket.socket) -> bool:
    """Send a byte, and tell whether the server has closed the connection."""
    try:
        connection.send(b"x")
    except ConnectionError:
        return True
    except TimeoutError:  # the server reads nothing, because nobody reads its replies
        pass
    return False


def is_served(address: str) -> bool:
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
def test_a_client_that_sends_too_slowly_is_dropped(address: str, sent: str, slowly: bool) -> None:
    with connect(address) as slow:
        slow.sendall(sent.encode())
        assert is_served(address)
        with contextlib.suppress(ConnectionError):
            for _ in range(30 if slowly else 0):
                slow.sendall(b"x")
                time.sleep(0.1)
        assert is_closed(slow)
    assert is_served(address)


def test_a_second_request_has_the_same_time_limit(address: str) -> None:
    with connect(address) as slow:
        slow.sendall(b"GET /statements HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert slow.recv(65536).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET / HT")
        assert is_closed(slow)


def test_a_client_that_reads_nothing_is_dropped(address: str) -> None:
    with connect(address) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100)
        slow.settimeout(0.1)
        wait_until(lambda: is_reset(slow), 20)


def test_the_server_may_take_longer_than_a_client(address: str) -> None:
    body = {"question": "What was agreed on Open RAN?"}
    with httpx.Client(timeout=60) as client:
        for _ in range(2):
            assert client.post(f"{address}ask", json=body).status_code == 200
    with connect(address) as stream:
        stream.sendall(b"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(2)
        assert stream.recv(65536).startswith(b"HTTP/1.1 200")
        stream.setblocking(False)
        with pytest.raises(BlockingIOError):  # it is still open
            stream.recv(65536)


def test_others_are_served_beside_hundreds_of_silent_clients(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 100)
    with served(assistant) as address:
        silent = [connect(address) for _ in range(300)]
        for connection in silent[:150]:
            with contextlib.suppress(ConnectionError):
                connection.sendall(b"GET / HT")
        for _ in range(3):
            assert is_served(address)
        assert sum(map(is_open, silent)) <= 100
        for connection in silent:
            connection.close()


@pytest.mark.parametrize("files", [64, 256, 1024, resource.RLIM_INFINITY])
def test_the_limit_fits_the_file_descriptors(files: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    limit = max_connections()
    assert 8 <= limit <= 1000
    assert files == resource.RLIM_INFINITY or limit < files


def test_without_file_descriptors_others_are_served_and_the_output_stays_small(
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
        running = start_python("-c", code, stderr=error)
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            silent = [connect(address) for _ in range(300)]
            time.sleep(3)
            assert is_served(address)
            for connection in silent:
                connection.close()
            assert is_served(address)
        finally:
            running.kill()
            running.wait()
            if running.stdout:
                running.stdout.close()
    assert output.stat().st_size < 200_000  # it grew by megabytes a second


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00"]
)
def test_data_that_is_not_http_gets_the_usual_error(address: str, sent: bytes) -> None:
    with connect(address) as connection:
        connection.sendall(sent)
        reply = b""
        while data := connection.recv(65536):
            reply += data
    assert reply.startswith(b"HTTP/1.1 400")
    assert reply.endswith(b'{"error": "Invalid HTTP request received."}')
