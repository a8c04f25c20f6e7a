"""Reads documents in another process, with limits of time and memory.

The libraries that read PDF and other formats are large, and a damaged or hostile file can make
them crash, run for hours or fill the memory. The process that reads ends with the file, or after
some of them, and takes no more than itself down.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from corpus.documents import Document, Format
from corpus.formats.documents import ReadDocument
from corpus.formats.reading import UnreadableError

MAX_SECONDS = 60.0  # for one document
MAX_OCR_SECONDS = 1200.0  # for one document whose words are recognised in pictures
MAX_MEMORY = 1_500_000_000  # bytes of address space of the process
_FILES_EACH = 40  # documents that one process reads, so that its memory is given back
_SIZE = 8  # bytes of the length before each message
_ROOT = Path(__file__).parent.parent.parent


class IsolatedReader:
    """Reads documents one after another in a process of its own, as a context manager.

    The process starts with the first document, and again after one that it did not survive. Only
    one thread uses a reader.
    """

    def __init__(
        self,
        *,
        seconds: float = MAX_SECONDS,
        memory: int = MAX_MEMORY,
        files_each: int = _FILES_EACH,
    ) -> None:
        """Set the limits.

        Args:
            seconds: How long one document may take.
            memory: Bytes of memory that the process may use. Windows knows no such limit.
            files_each: How many documents one process reads.
        """
        self._seconds, self._memory, self._files_each = seconds, memory, files_each
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process. Another thread may call this to stop a document that is being read."""
        process, self._process, self._read = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def read(self, data: bytes, format_: Format, *, ocr: str = "") -> ReadDocument:
        """Read a document; see `corpus.formats.documents.read_document`.

        Raises:
            UnreadableError: The file cannot be read, takes too long or too much memory, or makes
                the reader crash.
        """
        if self._read >= self._files_each:
            self.close()
        seconds = MAX_OCR_SECONDS if ocr else self._seconds
        reply = self._answer({"format": format_, "ocr": ocr}, data, seconds)
        packed = base64.b64decode(reply["details"])
        document = Document(format_, reply["sha256"], reply["reader"], packed)
        return ReadDocument(reply["text"], document)

    def picture(self, data: bytes, page: int, width: int) -> bytes:
        """Return a page of a PDF as a PNG picture; see `corpus.formats.pdf.pictures`.

        Raises:
            UnreadableError: See `read`; or there is no such page.
        """
        head = {"page": str(page), "width": str(width)}
        return base64.b64decode(self._answer(head, data, self._seconds)["picture"])

    def _answer(self, head: Mapping[str, str], data: bytes, seconds: float) -> dict[str, str]:
        process = self._process = self._process or self._start()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            reply = _ask(process, head, data)
        finally:
            timer.cancel()
        self._read += 1
        if reply is None:
            self.close()
            raise UnreadableError(_death(late.is_set(), seconds))
        if error := reply.get("error"):
            raise UnreadableError(error)
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "corpus.formats.reading_process", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )


def read_isolated(data: bytes, format_: Format, *, ocr: str = "") -> ReadDocument:
    """Read one document in a process of its own; see `IsolatedReader.read`."""
    with IsolatedReader() as reader:
        return reader.read(data, format_, ocr=ocr)


def _death(late: bool, seconds: float) -> str:
    if late:
        return f"was not read within {seconds:,.0f} seconds; split it, or save it anew"
    return (
        "made the reader crash or run out of memory; it is damaged, or made to do harm; save it "
        "anew with another program"
    )


def _environment() -> Mapping[str, str]:
    """Return the environment of the process: it finds this package wherever it was started."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _ask(
    process: subprocess.Popen[bytes], head: Mapping[str, str], data: bytes
) -> dict[str, str] | None:
    """Send a document and return the reply; None if the process ended."""
    assert process.stdin
    assert process.stdout
    try:
        write_message(process.stdin, json.dumps(head).encode())
        write_message(process.stdin, data)
        reply = read_message(process.stdout)
        return None if reply is None else json.loads(reply)
    except (OSError, ValueError):
        return None


def write_message(pipe: IO[bytes], data: bytes) -> None:
    """Write a message with its length before it."""
    pipe.write(len(data).to_bytes(_SIZE, "big"))
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Read a message; None if the other side is gone."""
    size = pipe.read(_SIZE)
    if len(size) < _SIZE:
        return None
    length = int.from_bytes(size, "big")
    data = pipe.read(length)
    return data if len(data) == length else None
