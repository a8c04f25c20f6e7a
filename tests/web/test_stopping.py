"""A server that is stopped ends its work and leaves no upload behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from clock import wait_until
from processes import start_python
from serving import free_port, post

import ui
from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.gradio_limits.upload_folder import UploadFolder, delete_old_uploads

pytestmark = pytest.mark.slow

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which upload folders are made."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(home: Path, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    command = ("-m", "cli", "chat", "--port", port, "--home", home)
    environment = os.environ | {"GRADIO_TEMP_DIR": str(temporary)}
    with start_python(*command, env=environment, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process, f"http://127.0.0.1:{port}/"
        process.kill()


def upload(address: str) -> None:
    files = {"files": ("a.jsonl", b"{}" * 50)}
    httpx.post(f"{address}gradio_api/upload", files=files, timeout=30).raise_for_status()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_the_server_cleanly_while_it_answers_questions(
    server: tuple[subprocess.Popen[str], str], temporary: Path, number: signal.Signals
) -> None:
    process, address = server
    upload(address)
    assert any(path.name == "a.jsonl" for path in files_in(temporary))
    statuses = []

    def ask() -> None:
        try:
            while True:
                statuses.append(post(address, "ask", {"question": "半導体"}).status_code)
        except httpx.HTTPError:
            pass

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: statuses)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    for thread in threads:
        thread.join()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert set(statuses) <= {200, 503}
    assert files_in(temporary) == []


def test_a_server_that_ends_because_of_an_error_says_so(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(server: uvicorn.Server) -> None:
        await asyncio.sleep(1)  # until the other thread has seen that it started
        for listener in server.servers:
            listener.close()
        raise OSError("no file left")

    monkeypatch.setattr(uvicorn.Server, "main_loop", fail)
    running = ui.serve(assistant, port=free_port())
    with pytest.raises(ShuttenError, match="no file left"):
        running.wait()


def test_uploads_of_a_killed_server_are_deleted_by_the_next_one(
    server: tuple[subprocess.Popen[str], str], temporary: Path
) -> None:
    process, address = server
    upload(address)
    with UploadFolder().in_use() as other:  # the server is alive, so nothing is deleted
        assert [path.name for path in files_in(temporary) if path.suffix == ".jsonl"] == ["a.jsonl"]
        process.kill()
        process.wait()
        with UploadFolder().in_use():
            assert [path for path in files_in(temporary) if path.suffix == ".jsonl"] == []
            assert other.is_dir()
    assert files_in(temporary) == []


def test_servers_of_one_process_share_a_folder(temporary: Path) -> None:
    uploads = UploadFolder()
    with uploads.in_use() as first:
        with uploads.in_use() as second:
            assert first == second
            (first / "a").write_text("a")
        assert files_in(first) == [first / "a"]
    assert not first.exists()
    with uploads.in_use() as next_folder:  # the variable names a folder that is gone
        assert next_folder.parent == first.parent
        assert next_folder.is_dir()


def test_the_oldest_uploads_are_deleted_for_the_next_one(tmp_path: Path) -> None:
    now = time.time()
    for age in range(5):
        path = tmp_path / "deep" / f"{age}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"." * 10)
        os.utime(path, (now - 60 * age, now - 60 * age))
    delete_old_uploads(tmp_path, incoming=5, max_total=40)
    assert sorted(path.name for path in files_in(tmp_path)) == ["0", "1", "2"]
    delete_old_uploads(tmp_path, max_age=90)
    assert sorted(path.name for path in files_in(tmp_path)) == ["0", "1"]
