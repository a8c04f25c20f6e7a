"""Limits on connections: how many there may be, and how long a client may keep one waiting."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.errors import error_reply

# Seconds that a client has to send the head of a request, to send its body, and to read a reply.
HEAD_SECONDS, BODY_SECONDS, READ_SECONDS = 10.0, 60.0, 60.0
MAX_CONNECTIONS = 1000
BACKLOG = 64  # connections that the system keeps until they are accepted
# File descriptors for everything else, and for connections that are being closed.
_OTHER_DESCRIPTORS = 128 + 4 * BACKLOG
_SECONDS_BY_STATE = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}  # state of the client


def max_connections() -> int:
    """Return how many connections there may be with the file descriptors of this process."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return min(MAX_CONNECTIONS, max(files - _OTHER_DESCRIPTORS, files // 3))


class Connection(H11Protocol):
    """An HTTP connection of uvicorn that is dropped if the client takes too long.

    If there are too many connections, the one that has kept the server waiting longest is dropped
    for a new one. So a client that sends its request at once is always served.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client_state: Any = None  # as h11 calls it
        self._send_deadline, self._read_deadline = _Deadline(self), _Deadline(self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and drop a connection if there are too many."""
        super().connection_made(transport)
        self._update_deadline()
        connections = [
            connection
            for connection in self.connections
            if isinstance(connection, Connection) and not connection.transport.is_closing()
        ]
        if len(connections) > max_connections():
            waiting = [
                connection
                for connection in connections
                if connection is not self and connection._send_deadline.is_set
            ]
            longest = min(waiting, key=lambda waits: waits._send_deadline.start, default=self)
            longest.drop()

    def data_received(self, data: bytes) -> None:
        """Handle data of the client."""
        super().data_received(data)
        self._update_deadline()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._update_deadline()

    def pause_writing(self) -> None:
        """Begin to wait until the client has read what was sent."""
        super().pause_writing()
        self._read_deadline.set(READ_SECONDS)

    def resume_writing(self) -> None:
        """Go on sending."""
        super().resume_writing()
        self._read_deadline.set(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting for the client."""
        super().connection_lost(exc)
        self._send_deadline.set(None)
        self._read_deadline.set(None)

    def send_400_response(self, msg: str) -> None:
        """Reply that the data is not HTTP, as JSON like all errors, if a reply is possible."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = bytes(error_reply(400, msg).body)
            headers = [("Content-Type", "application/json"), ("Connection", "close")]
            reply = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            events = (reply, h11.Data(data=body), h11.EndOfMessage())
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()

    def drop(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def _update_deadline(self) -> None:
        """Set a new deadline if the client now has to send something else."""
        if self._client_state is not self.conn.their_state:
            self._client_state = self.conn.their_state
            seconds = _SECONDS_BY_STATE.get(self._client_state)
            self._send_deadline.set(None if self.transport.is_closing() else seconds)


class _Deadline:
    """Drops a connection if the client does not do in time what is expected.

    Attributes:
        start: When the deadline was set, by the clock of the event loop.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection, self.start = connection, 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        """Whether something is expected of the client."""
        return self._timer is not None

    def set(self, seconds: float | None) -> None:
        """Expect something within so many seconds, or nothing if None."""
        loop = self._connection.loop
        if self._timer:
            self._timer.cancel()
        self.start = loop.time()
        self._timer = loop.call_later(seconds, self._connection.drop) if seconds else None
