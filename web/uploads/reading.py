"""Reads an uploaded file in a process of its own, with limits of time and memory.

Not only the libraries that read documents are kept away from the server: to cut a hostile text into
passages, and to look for its facts, may take minutes, too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.formats.isolation import MAX_MEMORY, MAX_OCR_SECONDS, MAX_SECONDS
from corpus.records import Statement
from web.uploads.transfer import statement_from_json

_MAX_REPLY = 200_000_000  # bytes
_ROOT = Path(__file__).parents[2]


class StoppedError(ShuttenError):
    """The reading was stopped."""


class FailedError(ShuttenError):
    """A file is refused.

    Attributes:
        ocr_helps: Whether the words of the file can be recognised in its pictures.
    """

    def __init__(self, line: str, ocr_helps: bool = False) -> None:
        super().__init__(line)
        self.ocr_helps = ocr_helps


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may take.

    Attributes:
        seconds: Time for the document, and once more for its text.
        ocr_seconds: Time for a document whose words are recognised.
        memory: Bytes of each process.
    """

    seconds: float = MAX_SECONDS
    ocr_seconds: float = MAX_OCR_SECONDS
    memory: int = MAX_MEMORY


class Reading:
    """Reads one file. Any thread may stop it.

    Args:
        path: The file, in a folder of its own, where the process may write as well.
        origin: What stands for the path of the file in messages and for the statement.
        statement_id: The id of the statement.
        ocr: Languages in which words are recognised in pictures; empty for none.
        limits: What it may take.
    """

    def __init__(
        self, path: Path, origin: str, statement_id: str, ocr: str, limits: Limits
    ) -> None:
        self._path, self._origin, self._limits = path, origin, limits
        seconds = limits.seconds + (limits.ocr_seconds if ocr else limits.seconds)
        self._request = {
            "path": str(path),
            "origin": origin,
            "id": statement_id,
            "ocr": ocr,
            "memory": limits.memory,
            "seconds": seconds,
            "document_seconds": limits.seconds,
        }
        self._seconds = seconds
        self._lock = threading.Lock()  # held while the process is started and ended
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = self._late = False

    def statement(self) -> Statement:
        """Return the statement in the file.

        Raises:
            FailedError: The file cannot be used, or is over a limit; the message says why.
            StoppedError: The reading was stopped.
        """
        with self._lock:
            self._refuse_stopped()
            process = self._process = self._start()
        timer = threading.Timer(self._seconds, self._end, [True])
        timer.start()
        try:
            reply = _ask(process, self._request)
        finally:
            timer.cancel()
            self._end()
        self._refuse_stopped()
        return self._result(reply)

    def stop(self) -> None:
        """End the process, or do not start it any more."""
        with self._lock:
            self._stopped = True
        self._end()

    def _refuse_stopped(self) -> None:
        if self._stopped:
            raise StoppedError("the reading was stopped")

    def _result(self, reply: bytes) -> Statement:
        if self._late:
            raise self._failed(f"was not read within {self._seconds:,.0f} seconds; split it")
        try:
            answer = json.loads(reply)
            if "error" in answer:
                raise FailedError(str(answer["error"]), bool(answer.get("ocr_helps")))
            return statement_from_json(answer["statement"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._failed(
                "made the reader crash or run out of memory; it is damaged, or made to do harm; "
                "save it anew with another program"
            ) from None

    def _failed(self, problem: str) -> FailedError:
        return FailedError(f"{self._origin}: {problem}")

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "web.uploads.reading_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._path.parent),
            start_new_session=True,  # so that what it starts itself can be ended with it
        )

    def _end(self, late: bool = False) -> None:
        """End the process and all that it started. Afterwards nobody knows it any more."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            self._late = late
            _kill(process)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()


def _ask(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> bytes:
    """Send the request and return the reply; what there is of it if the process ended early."""
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
        return process.stdout.read(_MAX_REPLY)
    except (OSError, ValueError):
        return b""


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that nobody has waited for, with its whole group, and wait for it.

    Its number cannot belong to another process before somebody has waited for it.
    """
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()
    process.wait()


def _environment(temporary: Path) -> Mapping[str, str]:
    """Return the environment: it finds this package, and writes only beside the file."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    own = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(temporary)}
    return {**os.environ, **own}
