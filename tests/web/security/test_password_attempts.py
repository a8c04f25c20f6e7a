"""Passwords cannot be guessed without end, and who has the right one is let in."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from test_rates import Clock

from web.security import password_attempts
from web.security.accounts import Accounts, add
from web.security.password_attempts import Guesses

HERE, THERE = "192.0.2.1", "192.0.2.2"


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


ANN, BOB = header("ann", "correct horse"), header("bob", "battery staple")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    add(tmp_path / "accounts", "ann", "correct horse")
    add(tmp_path / "accounts", "bob", "battery staple")
    return Accounts(tmp_path / "accounts")


def status(reply: JSONResponse | None) -> int:
    return reply.status_code if reply else 200


def test_a_sender_may_be_wrong_only_so_often(accounts: Accounts) -> None:
    async def run() -> None:
        clock = Clock()
        asked = Guesses(accounts, clock)
        assert status(await asked.refused(ANN, HERE)) == 200
        wrong = [await asked.refused(header("x", f"wrong {n}"), HERE) for n in range(12)]
        assert [status(one) for one in wrong] == [401] * 10 + [429] * 2
        assert wrong[-1] is not None
        assert 1 <= int(wrong[-1].headers["Retry-After"]) <= 7
        # The right one neither, from there; but at once from elsewhere, and where it is known.
        assert status(await asked.refused(BOB, HERE)) == 429
        assert status(await asked.refused(BOB, THERE)) == 200
        assert status(await asked.refused(ANN, HERE)) == 200
        assert status(await asked.refused(None, HERE)) == 401
        clock.now += 60
        assert status(await asked.refused(header("x", "wrong"), HERE)) == 401

    asyncio.run(run())


def test_a_name_may_be_tried_only_so_often(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_attempts, "_BY_NAME", (4, 1.0))

    async def run() -> None:
        asked = Guesses(accounts, Clock())
        tries = [await asked.refused(header("ann", f"wrong {n}"), f"192.0.2.{n}") for n in range(6)]
        assert [status(one) for one in tries] == [401] * 4 + [429] * 2
        assert status(await asked.refused(BOB, THERE)) == 200

    asyncio.run(run())


def test_a_right_password_with_many_requests_at_once_is_looked_at_once(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    admits = Accounts.admits
    monkeypatch.setattr(
        Accounts, "admits", lambda self, given: looked.append(given) or admits(self, given)
    )

    async def run() -> None:
        asked = Guesses(accounts, Clock())
        replies = await asyncio.gather(*(asked.refused(ANN, HERE) for _ in range(40)))
        assert {status(one) for one in replies} == {200}
        assert looked == [ANN]
        assert asked._looked_at == {}

    asyncio.run(run())


def test_so_many_wait_and_no_more(accounts: Accounts) -> None:
    async def run() -> None:
        asked = Guesses(accounts, Clock())
        replies = await asyncio.gather(
            *(asked.refused(header("x", str(n)), f"192.0.2.{n}") for n in range(30))
        )
        assert sorted(map(status, replies)) == [401] * 10 + [503] * 20
        assert status(await asked.refused(BOB, THERE)) == 200

    asyncio.run(run())


def test_one_who_goes_away_does_not_take_the_others_with_him(accounts: Accounts) -> None:
    async def run() -> None:
        asked = Guesses(accounts, Clock())
        gone, stays = (asyncio.create_task(asked.refused(ANN, HERE)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        assert status(await stays) == 200

    asyncio.run(run())
