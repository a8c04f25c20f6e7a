"""The guard delays replies with status 429, and no others."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from web.security import guard
from web.security.guard import Guard


async def status_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reply with the status in the path, such as `/429`."""
    await PlainTextResponse("reply", int(scope["path"][1:]))(scope, receive, send)


async def statuses(count: int, status: int) -> list[int]:
    """Send `count` requests for a status at once, and return the statuses of the replies."""
    received = []
    transport = httpx.ASGITransport(Guard(status_app))

    async def ask() -> None:
        reply = await client.get(f"/{status}")
        received.append(reply.status_code)

    client = httpx.AsyncClient(transport=transport, base_url="http://x")
    async with client, anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(ask)
    return received


@pytest.mark.parametrize(("status", "delayed"), [(200, 0), (401, 0), (404, 0), (429, 5), (503, 0)])
def test_only_replies_with_429_are_delayed(
    monkeypatch: pytest.MonkeyPatch, status: int, delayed: int
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(guard.anyio, "sleep", sleep)
    assert anyio.run(statuses, 5, status) == [status] * 5
    assert len(pauses) == delayed
    assert all(pause > 0 for pause in pauses)


def test_only_so_many_replies_are_delayed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep, max_asleep = 0, 0
    pause = anyio.sleep

    async def sleep(seconds: float) -> None:
        nonlocal asleep, max_asleep
        asleep += 1
        max_asleep = max(max_asleep, asleep)
        await pause(0.01)
        asleep -= 1

    monkeypatch.setattr(guard.anyio, "sleep", sleep)
    monkeypatch.setattr(guard, "_MAX_DELAYED", 3)
    assert anyio.run(statuses, 20, 429) == [429] * 20
    assert 1 <= max_asleep <= 3
