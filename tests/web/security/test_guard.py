"""The guard delays replies with status 429, and no others."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from web.security import guard
from web.security.guard import Guard


async def said(scope: Scope, receive: Receive, send: Send) -> None:
    """Reply with the status in the path, such as `/429`."""
    await PlainTextResponse("said", int(scope["path"][1:]))(scope, receive, send)


async def statuses(count: int, status: int) -> list[int]:
    """Send `count` requests for a status at once; the statuses of the replies."""
    found = []
    transport = httpx.ASGITransport(Guard(said))

    async def ask() -> None:
        reply = await client.get(f"/{status}")
        found.append(reply.status_code)

    client = httpx.AsyncClient(transport=transport, base_url="http://x")
    async with client, anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(ask)
    return found


@pytest.mark.parametrize(("status", "held"), [(200, 0), (401, 0), (404, 0), (429, 5), (503, 0)])
def test_only_who_comes_too_often_is_held_back(
    monkeypatch: pytest.MonkeyPatch, status: int, held: int
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(guard.anyio, "sleep", sleep)
    assert anyio.run(statuses, 5, status) == [status] * 5
    assert len(pauses) == held
    assert all(pause > 0 for pause in pauses)


def test_not_more_are_held_back_at_once_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asleep, most = 0, 0
    pause = anyio.sleep

    async def sleep(seconds: float) -> None:
        nonlocal asleep, most
        asleep += 1
        most = max(most, asleep)
        await pause(0.01)
        asleep -= 1

    monkeypatch.setattr(guard.anyio, "sleep", sleep)
    monkeypatch.setattr(guard, "_HELD", 3)
    assert anyio.run(statuses, 20, 429) == [429] * 20
    assert 1 <= most <= 3
