"""Wrong passwords are limited, and users with the right password are let in."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from clock import Clock
from starlette.responses import JSONResponse

from web.security import password_attempts
from web.security.accounts import Accounts, add
from web.security.password_attempts import PasswordAttempts

SENDER, OTHER_SENDER = "192.0.2.1", "192.0.2.2"


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


ANN, BOB = header("ann", "correct horse"), header("bob", "battery staple")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    add(path, "ann", "correct horse")
    add(path, "bob", "battery staple")
    return path


@pytest.fixture
def accounts(file: Path) -> Accounts:
    return Accounts(file)


def status(refusal: JSONResponse | None) -> int:
    return refusal.status_code if refusal else 200


def test_a_sender_may_send_only_so_many_wrong_passwords(accounts: Accounts) -> None:
    async def run() -> None:
        clock = Clock()
        attempts = PasswordAttempts(accounts, clock)
        assert status(await attempts.refusal(ANN, SENDER)) == 200
        wrong = [await attempts.refusal(header("x", f"wrong {n}"), SENDER) for n in range(12)]
        assert [status(refusal) for refusal in wrong] == [401] * 10 + [429] * 2
        assert wrong[-1] is not None
        assert 1 <= int(wrong[-1].headers["Retry-After"]) <= 7
        # Now the sender is refused even with a right password that was not used before.
        assert status(await attempts.refusal(BOB, SENDER)) == 429
        assert status(await attempts.refusal(BOB, OTHER_SENDER)) == 200
        assert status(await attempts.refusal(ANN, SENDER)) == 200
        assert status(await attempts.refusal(None, SENDER)) == 401
        clock.now += 60
        assert status(await attempts.refusal(header("x", "wrong"), SENDER)) == 401

    asyncio.run(run())


def test_a_name_may_be_tried_only_so_often_by_all_senders(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_attempts, "_RATE_BY_NAME", (4, 1.0))

    async def run() -> None:
        attempts = PasswordAttempts(accounts, Clock())
        refusals = [
            await attempts.refusal(header("ann", f"wrong {n}"), f"192.0.2.{n}") for n in range(6)
        ]
        assert [status(refusal) for refusal in refusals] == [401] * 4 + [429] * 2
        assert status(await attempts.refusal(BOB, OTHER_SENDER)) == 200

    asyncio.run(run())


def test_many_requests_with_the_same_header_need_one_check(
    accounts: Accounts, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    admits = Accounts.admits
    monkeypatch.setattr(
        Accounts, "admits", lambda self, header: checked.append(header) or admits(self, header)
    )

    async def run() -> None:
        attempts = PasswordAttempts(accounts, Clock())
        refusals = await asyncio.gather(*(attempts.refusal(ANN, SENDER) for _ in range(40)))
        assert {status(refusal) for refusal in refusals} == {200}
        assert checked == [ANN]
        # A check that has ended is not used again after a change of the accounts.
        add(file, "ann", "another password")
        assert status(await attempts.refusal(ANN, SENDER)) == 401
        assert checked == [ANN, ANN]

    asyncio.run(run())


def test_only_so_many_checks_may_wait(accounts: Accounts) -> None:
    async def run() -> None:
        attempts = PasswordAttempts(accounts, Clock())
        refusals = await asyncio.gather(
            *(attempts.refusal(header("x", str(n)), f"192.0.2.{n}") for n in range(30))
        )
        assert sorted(map(status, refusals)) == [401] * 10 + [503] * 20
        assert status(await attempts.refusal(BOB, OTHER_SENDER)) == 200

    asyncio.run(run())


def test_a_cancelled_request_does_not_cancel_the_check_for_others(accounts: Accounts) -> None:
    async def run() -> None:
        attempts = PasswordAttempts(accounts, Clock())
        cancelled, other = (asyncio.create_task(attempts.refusal(ANN, SENDER)) for _ in range(2))
        await asyncio.sleep(0)
        cancelled.cancel()
        assert status(await other) == 200

    asyncio.run(run())
