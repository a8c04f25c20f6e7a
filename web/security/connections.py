"""Connections that nobody can hold for nothing: so many, and each so long without a request."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds for the head of a request, for its body, and for a client to take what it is sent.
HEAD_SECONDS, BODY_SECONDS, TAKE_SECONDS = 10.0, 60.0, 60.0
MAX_CONNECTIONS = 1000
BACKLOG = 64  # connections that the system keeps until they are accepted
_SPARE = 128 + 4 * BACKLOG  # descriptors for everything else, and for those being closed
_SECONDS = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}  # by what a client has to send


def most_connections() -> int:
    """How many connections the descriptors that this process may have are enough for."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return min(MAX_CONNECTIONS, max(files - _SPARE, files // 3))


class Connection(H11Protocol):
    """A connection of uvicorn's with limits to the time that a client may take.

    Where there are too many, the one that has kept the server waiting longest is closed for a new
    one: who sends a request at once is always heard.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._state: Any = None  # of the client, as h11 calls it
        self._sending, self._taking = _Deadline(self), _Deadline(self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch()
        others = [one for one in self.connections if isinstance(one, Connection)]
        held = [one for one in others if not one.transport.is_closing()]
        if len(held) > most_connections():
            idle = [one for one in held if one is not self and one._sending.runs]
            min(idle, key=lambda one: one._sending.since, default=self).drop()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent."""
        super().pause_writing()
        self._taking.set(TAKE_SECONDS)

    def resume_writing(self) -> None:
        """Send on."""
        super().resume_writing()
        self._taking.set(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._sending.set(None)
        self._taking.set(None)

    def send_400_response(self, msg: str) -> None:
        """Say that this is no HTTP, in the form of all other errors, if it can still be said."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = json.dumps({"error": msg}).encode()
            headers = [("Content-Type", "application/json"), ("Connection", "close")]
            reply = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            events = (reply, h11.Data(data=body), h11.EndOfMessage())
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()

    def drop(self) -> None:
        """Close it at once."""
        self.transport.abort()

    def _watch(self) -> None:
        """Set the time anew when the client has come to what it has to send next."""
        if self._state is not self.conn.their_state:
            self._state = self.conn.their_state
            self._sending.set(None if self.transport.is_closing() else _SECONDS.get(self._state))


class _Deadline:
    """When a connection is dropped, unless the client does before what it is expected to do."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.since = connection, 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether something is expected of the client."""
        return self._timer is not None

    def set(self, seconds: float | None) -> None:
        """Expect something within so many seconds, or nothing."""
        loop = self._connection.loop
        if self._timer:
            self._timer.cancel()
        self.since = loop.time()
        self._timer = loop.call_later(seconds, self._connection.drop) if seconds else None
