"""Uploads that are too many, too large or made to do harm, and what is left of them: nothing."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from clock import Clock, wait_until
from serving import post, served
from uploading import (
    LETTER,
    TEXT,
    docx_bomb,
    filling_pdf,
    keep,
    readers,
    send,
    settled,
    slow_pdf,
    state,
    uploaded,
)

from corpus.inputs import MAX_DOCUMENT
from index.store.local import LocalStore
from qa.assistant import Assistant
from web import server
from web.gate import Gate
from web.security.guard import MAX_BODY
from web.uploads import waiting
from web.uploads.errors import RefusedError
from web.uploads.folder import PREFIX, WaitingFolder
from web.uploads.reading import Limits
from web.uploads.uploads import Uploads
from web.uploads.waiting import MAX_AGE, MAX_FILES

QUICK = Limits(seconds=2.0)
QUESTION = {"question": "What did they decide about quantum computing?"}
# Takes half a minute to look for facts in, however much time is given for the document itself.
SLOW_TEXT = b"Japan, " * 280_000


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the folders for uploads are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("uploads") / "home"))


@pytest.fixture(scope="module")
def assistant(home: Path) -> Assistant:
    return Assistant.open(home)


@pytest.fixture
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant, uploads=True) as address:
        yield address


@pytest.fixture
def quick_address(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on which a file may be read for seconds only."""
    monkeypatch.setattr(server, "Uploads", partial(Uploads, limits=QUICK))
    with served(assistant, uploads=True) as address:
        yield address


def folders(temporary: Path) -> list[Path]:
    """Return the folders for uploads, and those of single files in them."""
    return sorted(temporary.glob(f"{PREFIX}*")) + sorted(temporary.glob(f"{PREFIX}*/*/"))


def received(uploads: Uploads, data: bytes, name: str = "a.txt") -> str:
    """Give a file to uploads, and return the id of the upload."""
    upload = uploads.begin(name, len(data))
    upload.file.write_bytes(data)
    uploads.received(upload)
    return upload.id


def reading(address: str, data: bytes, name: str) -> str:
    """Send a file, wait until it is being read, and return the id of the upload."""
    upload: str = send(address, data, name).json()["id"]
    wait_until(lambda: state(address, upload)["state"] == "reading" and readers())
    return upload


# -- number and size --------------------------------------------------------------------------


def test_the_size_of_one_file_is_limited(address: str) -> None:
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0)) as client:
        head = "POST /uploads?name=a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n"
        client.sendall(head.format(MAX_DOCUMENT + 1).encode())
        assert b"413" in client.recv(100)
    for path in ("ask", "uploads/x/keep", "uploads/"):
        assert httpx.post(address + path, content=b" " * (MAX_BODY + 1)).status_code == 413


def test_the_size_of_a_file_must_be_known(address: str) -> None:
    parts = iter([TEXT.encode()])
    reply = httpx.post(f"{address}uploads", params={"name": "a.txt"}, content=parts)
    assert reply.status_code == 411
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0)) as client:
        client.sendall(b"POST /uploads?name=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"411" in client.recv(100)
    assert httpx.post(f"{address}uploads", content=b"x").status_code == 422  # without a name


def test_only_so_many_files_wait(
    address: str, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MAX_FILES", 3)
    ids = [send(address, b"***").json()["id"] for _ in range(3)]
    for upload in ids:
        assert settled(address, upload)["state"] == "refused"  # it has no file any more
    ids = [uploaded(address, TEXT.encode(), f"{number}.txt")["id"] for number in range(3)]
    assert len(folders(temporary)) == 1 + 3
    reply = send(address, TEXT.encode())
    assert reply.status_code == 507
    assert "keep or discard others first" in reply.json()["error"]
    assert httpx.delete(f"{address}uploads/{ids[0]}").json() == {"state": "cancelled"}
    assert send(address, TEXT.encode()).status_code == 202


def test_only_so_many_bytes_wait(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MAX_TOTAL", 1000)
    assert send(address, b"a" * 990).status_code == 202
    assert send(address, b"b" * 11).status_code == 507
    assert send(address, b"b" * 10).status_code == 202


def test_a_file_that_does_not_come_wholly_is_forgotten(address: str, temporary: Path) -> None:
    with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0)) as client:
        client.sendall(
            b"POST /uploads?name=a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nabc"
        )
        wait_until(lambda: len(folders(temporary)) == 2)
    wait_until(lambda: len(folders(temporary)) == 1)


def test_an_upload_that_nobody_asks_for_is_forgotten(home: Path, temporary: Path) -> None:
    clock = Clock()
    uploads = Uploads(LocalStore(home), Gate(), clock=clock)
    try:
        first, second = (received(uploads, TEXT.encode(), name) for name in ("a.txt", "b.txt"))
        for upload in (first, second):
            wait_until(lambda upload=upload: uploads.get(upload)["state"] == "ready")
        clock.now += MAX_AGE - 1
        assert uploads.get(second)["state"] == "ready"
        clock.now += 2
        uploads.forget_old()
        with pytest.raises(RefusedError, match="forgotten"):
            uploads.get(first)
        assert uploads.get(second)["state"] == "ready"
        assert len(folders(temporary)) == 1 + 1
    finally:
        uploads.close()
    assert folders(temporary) == []


# -- files that do harm -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (slow_pdf, "slow.pdf", "was not read within 2 seconds"),
        (lambda: SLOW_TEXT, "slow.txt", "was not read within 4 seconds"),
        (docx_bomb, "bomb.docx", "unpacks to more than 100 MB"),
    ],
    ids=["pdf", "text", "docx"],
)
def test_a_hostile_file_is_refused_and_the_server_answers_meanwhile(
    quick_address: str, make: Callable[[], bytes], name: str, words: str
) -> None:
    upload = send(quick_address, make(), name).json()["id"]
    assert post(quick_address, "ask", QUESTION).json()["quotes"]
    row = settled(quick_address, upload)
    assert (row["state"], words in row["error"]) == ("refused", True), row
    assert row["error"].startswith(f"upload/{name}: ")
    assert readers() == []
    assert uploaded(quick_address, TEXT.encode())["state"] == "ready"


def test_a_file_that_fills_the_memory_takes_only_its_own_process_down(address: str) -> None:
    row = uploaded(address, filling_pdf(), "large.pdf")
    assert row["state"] == "refused"
    assert "made the reader crash or run out of memory" in row["error"]
    assert uploaded(address, LETTER.read_bytes(), "letter.pdf")["state"] == "ready"


def test_a_text_has_a_limit_of_memory(home: Path) -> None:
    small = Uploads(LocalStore(home), Gate(), Limits(memory=60_000_000))
    try:
        upload = received(small, TEXT.encode())
        wait_until(lambda: small.get(upload)["state"] == "refused")
        assert "memory" in small.get(upload)["error"]
    finally:
        small.close()


# -- cancelling -------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "name"), [(slow_pdf, "a.pdf"), (lambda: SLOW_TEXT, "a.txt")])
def test_a_file_that_is_being_read_can_be_cancelled(
    address: str, temporary: Path, make: Callable[[], bytes], name: str
) -> None:
    upload = reading(address, make(), name)
    waiting_one = send(address, TEXT.encode(), "next.txt").json()["id"]
    assert httpx.delete(f"{address}uploads/{upload}", timeout=60).json() == {"state": "cancelled"}
    reply = httpx.get(f"{address}uploads/{upload}")
    assert (reply.status_code, "send it again" in reply.json()["error"]) == (404, True)
    assert httpx.delete(f"{address}uploads/{upload}").status_code == 404
    assert settled(address, waiting_one)["state"] == "ready"
    assert readers() == []
    assert len(folders(temporary)) == 1 + 1


def test_a_file_that_waits_can_be_cancelled(address: str) -> None:
    slow = reading(address, slow_pdf(), "slow.pdf")
    waiting_one = send(address, TEXT.encode(), "next.txt").json()
    assert waiting_one["state"] == "waiting"
    assert httpx.delete(f"{address}uploads/{waiting_one['id']}").json() == {"state": "cancelled"}
    assert httpx.delete(f"{address}uploads/{slow}", timeout=60).is_success
    assert uploaded(address, TEXT.encode(), "last.txt")["state"] == "ready"


def test_two_files_at_once_are_read_one_after_the_other(address: str) -> None:
    data = LETTER.read_bytes()
    with ThreadPoolExecutor(2) as threads:
        sent = list(threads.map(lambda name: send(address, data, name), ("a.pdf", "b.pdf")))
    ids = [reply.json()["id"] for reply in sent]
    most = 0
    while {state(address, upload)["state"] for upload in ids} != {"ready"}:
        states = [state(address, upload)["state"] for upload in ids]
        most = max(most, states.count("reading"))
        assert "refused" not in states
    assert most <= 1
    assert {state(address, upload)["name"] for upload in ids} == {"a.pdf", "b.pdf"}


# -- the end ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "name"), [(slow_pdf, "a.pdf"), (lambda: SLOW_TEXT, "a.txt")])
def test_a_server_that_ends_while_it_reads_leaves_nothing(
    assistant: Assistant, temporary: Path, make: Callable[[], bytes], name: str
) -> None:
    with served(assistant, uploads=True) as address:
        reading(address, make(), name)
        send(address, TEXT.encode(), "next.txt")
        assert len(folders(temporary)) == 1 + 2
    assert readers() == []
    assert folders(temporary) == []


def test_folders_of_killed_servers_are_deleted(temporary: Path) -> None:
    alive, young, dead = WaitingFolder(), temporary / f"{PREFIX}young", temporary / f"{PREFIX}dead"
    elsewhere, link = temporary / "elsewhere", temporary / f"{PREFIX}link"
    for folder in (young, dead, elsewhere):
        folder.mkdir()
        (folder / "file").touch()
    link.symlink_to(elsewhere)
    hour_ago = time.time() - 3600
    for folder in (alive.path, dead, elsewhere):
        os.utime(folder, (hour_ago, hour_ago))
    other = WaitingFolder()
    assert sorted(path for path in folders(temporary) if path.parent == temporary) == sorted(
        [alive.path, young, link, other.path]
    )
    assert [path.name for path in elsewhere.iterdir()] == ["file"]
    for folder in (alive, other):
        folder.close()


# -- adding gives way -------------------------------------------------------------------------


def test_adding_waits_for_a_turn_and_cannot_be_cancelled(home: Path) -> None:
    gate = Gate(running=1)
    uploads = Uploads(LocalStore(home), gate)
    try:
        with gate.turn():
            upload = received(uploads, TEXT.encode(), "turn.txt")
            wait_until(lambda: uploads.get(upload)["state"] == "ready")
            uploads.keep(upload, {}, replaces=False)
            time.sleep(1.5)
            assert uploads.get(upload)["state"] == "adding"
            with pytest.raises(RefusedError, match="is being added"):
                uploads.cancel(upload)
            with pytest.raises(RefusedError, match="is not ready"):
                uploads.keep(upload, {}, replaces=False)
        wait_until(lambda: uploads.get(upload)["state"] == "added")
        uploads.adder.remove("turn").result(30)
    finally:
        uploads.close()


def test_a_server_that_ends_while_it_adds_changes_nothing(
    home: Path, assistant: Assistant, temporary: Path
) -> None:
    before = assistant.statement_ids()
    gate = Gate(running=1)
    uploads = Uploads(LocalStore(home), gate)
    text = "".join(f"The ministers agreed on point {number}.\n\n" for number in range(40))
    upload = received(uploads, text.encode(), "long.txt")
    wait_until(lambda: uploads.get(upload)["state"] == "ready")
    begun = threading.Event()
    patient_turn = gate.patient_turn

    def noted() -> Any:
        begun.set()
        return patient_turn()

    gate.patient_turn = noted  # type: ignore[method-assign]
    with gate.turn():
        uploads.keep(upload, {}, replaces=False)
        assert begun.wait(60)
        gate.shut(0)  # as the server does when it ends
    uploads.close()
    assert assistant.statement_ids() == before
    assert folders(temporary) == []
    with pytest.raises(RefusedError, match="is being stopped"):
        uploads.begin("late.txt", 1)


def test_a_question_is_answered_while_a_statement_is_added(address: str) -> None:
    text = "".join(
        f"The ministers agreed to build bridge number {number} over the river.\n\n"
        for number in range(400)
    )
    upload = uploaded(address, text.encode(), "bridges.txt")["id"]
    assert keep(address, upload).status_code == 202
    answered = 0
    while state(address, upload)["state"] == "adding":
        assert post(address, "ask", QUESTION).json()["quotes"]
        answered += 1
    assert answered > 1
    assert state(address, upload)["state"] == "added"
    assert httpx.delete(f"{address}statements/bridges", timeout=60).is_success


def test_the_limits_are_what_the_page_says() -> None:
    assert MAX_FILES == 20
    assert server._UPLOAD_LIMITS == {"file": MAX_DOCUMENT, "files": MAX_FILES}
