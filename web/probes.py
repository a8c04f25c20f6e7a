"""Addresses by which other programs tell whether a server is alive, and whether it can answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import anyio.to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.errors import json_reply
from web.gate import Gate

ALIVE, READY = "/healthz", "/readyz"
_REMEMBERED = 1.0  # seconds for which an outcome counts, so that many probes cost little


class Probes:
    """ASGI middleware that answers `/healthz` and `/readyz`, without a password and for any host.

    They say nothing of the statements or of the machine.

    Args:
        app: The application behind it.
        obstacle: Returns what keeps the server from answering questions; see `obstacle_of`.
    """

    def __init__(self, app: ASGIApp, obstacle: Callable[[], str]) -> None:
        self._app, self._obstacle = app, obstacle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a probe, or pass a request on."""
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if is_read and scope["path"] == ALIVE:
            await json_reply({"status": "alive"})(scope, receive, send)
        elif is_read and scope["path"] == READY:
            await (await self._ready())(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _ready(self) -> Response:
        obstacle = await anyio.to_thread.run_sync(self._obstacle)
        if obstacle:
            return json_reply({"status": "not ready", "reason": obstacle}, 503)
        return json_reply({"status": "ready"})


def obstacle_of(
    assistant: Assistant, gate: Gate, clock: Callable[[], float] = time.monotonic
) -> Callable[[], str]:
    """Return a function that says what keeps a server from answering; empty if nothing does.

    Args:
        assistant: Answers the questions.
        gate: Gives out the turns.
        clock: Returns the time in seconds.
    """
    lock, known, until = threading.Lock(), "", -1.0

    def obstacle() -> str:
        nonlocal known, until
        with lock:
            if clock() >= until:
                known = _obstacle(assistant, gate)
                until = clock() + _REMEMBERED
            return known

    return obstacle


def _obstacle(assistant: Assistant, gate: Gate) -> str:
    if gate.is_shut:
        return "the server is being stopped"
    if not gate.warm.is_set():
        return "the model is being loaded"
    try:
        return "" if assistant.store.has_statements() else "there are no statements"
    except ShuttenError:
        return "the statements cannot be read"
