"""A server in a process of its own, whose replies and log are checked."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import httpx
from fuzzing import shortened
from process import Server

BUNDLED = "jucip-2023-05-26.ja"
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@dataclass(frozen=True)
class Request:
    """A request. Its headers replace those of `JSON`."""

    method: str
    path: str
    content: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)


@dataclass
class CheckedServer:
    """A running server.

    Attributes:
        server: The process.
        client: A client with an account.
        bytes_read: How much of the log was checked.
    """

    server: Server
    client: httpx.Client
    bytes_read: int = 0

    def send(self, request: Request) -> httpx.Response:
        """Send a request, check the reply, and return it."""
        reply = self.client.request(
            request.method,
            request.path,
            content=request.content,
            headers={**JSON, **request.headers},
        )
        self.check_reply(reply)
        return reply

    def check_reply(self, reply: httpx.Response) -> None:
        """Check that a reply is no error of the server, but that it may be busy."""
        text = shortened(reply.text)
        is_busy = reply.status_code == 503 and "too many" in text
        if reply.status_code >= 500 and not is_busy:
            time.sleep(0.2)  # the reply may come before the traceback
            raise AssertionError(f"{reply.status_code} {text}, {last_traceback(self._new_log())}")
        assert "Traceback" not in reply.text, text
        self.check_log()

    def check_log(self) -> None:
        """Check that the server runs, and that its log has no new traceback."""
        log = self._new_log()
        assert "Traceback" not in log, last_traceback(log)
        assert self.server.is_running, "the server has ended"

    def _new_log(self) -> str:
        log = self.server.logged(self.bytes_read)
        self.bytes_read += len(log.encode())
        return log


def last_traceback(log: str) -> str:
    """Return the error of the last traceback in a log, and the places it went through."""
    lines = log[max(0, log.rfind("Traceback")) :].splitlines()
    error = next((line for line in lines[1:] if line[:1].strip()), "")
    places = re.findall(r'File ".*?([\w-]+/[\w-]+\.py)", line (\d+), in (.*)', "\n".join(lines))
    through = [f"{file}:{line} {name}" for file, line, name in places[-3:]]
    return f"in the log: {error[:150]} ({', '.join(through)})"


def quoted(text: str) -> str:
    """Return a text for an address, with every byte escaped."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
