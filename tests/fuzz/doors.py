"""A server in a process of its own, and what every reply of it has to be."""

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
    """What is sent."""

    method: str
    path: str
    content: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Door:
    """The running server, and how far its log was read."""

    server: Server
    client: httpx.Client
    read: int = 0

    def send(self, one: Request) -> httpx.Response:
        """The reply, held to what any reply has to be."""
        headers = {**JSON, **one.headers}
        reply = self.client.request(one.method, one.path, content=one.content, headers=headers)
        self.well(reply)
        return reply

    def well(self, reply: httpx.Response) -> None:
        """No error of the server's but that it is busy, and no traceback, told or printed."""
        said = shortened(reply.text)
        if reply.status_code >= 500 and not (reply.status_code == 503 and "too many" in said):
            time.sleep(0.2)  # the reply may come before what is printed
            raise AssertionError(f"{reply.status_code} {said}, {told(self._printed())}")
        assert "Traceback" not in reply.text, said
        self.quiet()

    def quiet(self) -> None:
        """No traceback in the log since it was looked at last."""
        printed = self._printed()
        assert "Traceback" not in printed, told(printed)
        assert self.server.alive, "the server has ended"

    def _printed(self) -> str:
        printed = self.server.printed(self.read)
        self.read += len(printed.encode())
        return printed


def told(log: str) -> str:
    """The end of the last traceback in a log: what it was, and through which places."""
    lines = log[max(0, log.rfind("Traceback")) :].splitlines()
    error = next((one for one in lines[1:] if one[:1].strip()), "")
    places = re.findall(r'File ".*?([\w-]+/[\w-]+\.py)", line (\d+), in (.*)', "\n".join(lines))
    through = [f"{file}:{line} {name}" for file, line, name in places[-3:]]
    return f"in the log: {error[:150]} ({', '.join(through)})"


def quoted(text: str) -> str:
    """As it may stand in an address: every byte escaped."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
