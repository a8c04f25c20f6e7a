"""Documents are read in a process of their own, which may die without any harm."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from project import DATA

from corpus.formats.documents import ReadDocument, document_format, read_document
from corpus.formats.isolation import IsolatedReader, read_isolated
from corpus.formats.reading import UnreadableError

PDF = (DATA / "documents" / "pdf" / "ruby.pdf").read_bytes()


def process_of(reader: IsolatedReader) -> int:
    process = reader._process
    assert process
    return process.pid


def is_alive(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


def test_the_same_is_read_as_in_this_process() -> None:
    assert read_isolated(PDF, "pdf") == read_document(PDF, "pdf")


def test_one_process_reads_several_documents_and_then_ends() -> None:
    with IsolatedReader(files_each=2) as reader:
        assert isinstance(reader.read(PDF, "pdf"), ReadDocument)
        first = process_of(reader)
        reader.read(PDF, "pdf")
        assert process_of(reader) == first
        reader.read(PDF, "pdf")
        second = process_of(reader)
        assert second != first
        assert not is_alive(first)
    assert not is_alive(second)


def test_a_refusal_ends_nothing() -> None:
    with IsolatedReader() as reader:
        reader.read(PDF, "pdf")
        first = process_of(reader)
        with pytest.raises(UnreadableError, match="damaged or cut short"):
            reader.read(b"%PDF-1.7 no", "pdf")
        assert process_of(reader) == first
        reader.read(PDF, "pdf")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_is_replaced(number: signal.Signals) -> None:
    with IsolatedReader() as reader:
        reader.read(PDF, "pdf")
        os.kill(process_of(reader), number)
        with pytest.raises(UnreadableError, match="made the reader crash"):
            reader.read(PDF, "pdf")
        assert reader.read(PDF, "pdf").text


def test_a_process_that_hangs_is_stopped() -> None:
    with IsolatedReader(seconds=1.5) as reader:
        reader.read(PDF, "pdf")
        pid = process_of(reader)
        os.kill(pid, signal.SIGSTOP)
        begin = time.monotonic()
        with pytest.raises(UnreadableError, match="was not read within 2 seconds"):
            reader.read(PDF, "pdf")
        assert time.monotonic() - begin < 30
        assert not is_alive(pid)
        assert reader.read(PDF, "pdf").text


def test_memory_is_limited() -> None:
    with (
        IsolatedReader(memory=300_000_000) as reader,
        pytest.raises(UnreadableError, match="memory"),
    ):
        reader.read(PDF + bytes(400_000_000), "pdf")


def test_another_thread_can_stop_it() -> None:
    reader = IsolatedReader()
    reader.read(PDF, "pdf")
    os.kill(process_of(reader), signal.SIGSTOP)
    errors: list[str] = []

    def read() -> None:
        try:
            reader.read(PDF, "pdf")
        except UnreadableError as error:
            errors.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.5)
    reader.close()
    thread.join(30)
    assert len(errors) == 1
    assert "\n" not in errors[0]


def test_a_page_is_drawn() -> None:
    with IsolatedReader() as reader:
        picture = reader.picture(PDF, 1, 400)
        assert picture.startswith(b"\x89PNG\r\n")
        assert int.from_bytes(picture[16:20], "big") == pytest.approx(400, abs=2)
        with pytest.raises(UnreadableError, match="has no page 2; it has 1"):
            reader.picture(PDF, 2, 400)


@pytest.mark.parametrize(
    ("data", "expected"),
    [(PDF, "pdf"), (b"PK\x03\x04 no", None), ("両省は、協力する。".encode(), None), (b"", None)],
)
def test_the_format_is_known_by_the_content(data: bytes, expected: str | None) -> None:
    assert document_format(data) == expected
