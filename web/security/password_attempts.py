"""Limits how often passwords may be tried, so that nobody can guess one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import anyio
from starlette.responses import Response

from web.errors import error_reply
from web.rates import Rate, TooOftenError
from web.security.accounts import Accounts, credentials

# Attempts at once, and seconds between those that follow.
_RATE_BY_SENDER, _RATE_BY_NAME = (10, 6.0), (60, 1.0)
_MAX_RUNNING, _MAX_WAITING = 1, 9  # a check takes 28 MiB and about 50 ms
_NEEDED = "a name and a password are needed here"
_ASK_FOR_PASSWORD = {"WWW-Authenticate": 'Basic realm="Shutten", charset="UTF-8"'}


class PasswordAttempts:
    """Lets in requests with a name and its password, and limits attempts with a wrong one.

    One sender may send ten wrong passwords at once, and then ten a minute. All senders together
    may send sixty wrong passwords for one name at once, and then sixty a minute. A header that was
    right before passes without a check, and a password that turns out to be right does not count.

    These attacks remain possible:

    - An attacker can try 14,000 passwords a day from one address, and 86,000 a day for one name
      from many addresses.
    - An attacker with seven addresses or more can try one name without end. Then the owner of the
      name cannot come in with a browser that was not in before.
    - Users who share an address share its limit, for example behind a proxy that `--proxy` does
      not name.
    - An attacker with hundreds of addresses can keep the checks busy. Then new users are told to
      try again.

    Args:
        accounts: The accounts that may come in.
        clock: Returns the time in seconds.
    """

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._by_sender = Rate(*_RATE_BY_SENDER, clock=clock)
        self._by_name = Rate(*_RATE_BY_NAME, clock=clock)
        self._turns, self._inside = anyio.CapacityLimiter(_MAX_RUNNING), 0
        self._checks: dict[str, asyncio.Task[Response | None]] = {}  # by header

    async def refusal(self, header: str | None, sender: str) -> Response | None:
        """Return the reply to a request that is refused, or None if it is let in.

        Args:
            header: The `Authorization` header of the request.
            sender: The client; see `web.rates.sender`.
        """
        if self._accounts.remembers(header):
            return None
        if not header:
            return error_reply(401, _NEEDED, _ASK_FOR_PASSWORD)
        if header not in self._checks:  # a browser may send the same one with a dozen requests
            self._checks[header] = asyncio.create_task(self._check(header, sender))
            self._checks[header].add_done_callback(lambda _: self._checks.pop(header))
        # Other requests may wait for the same check, so it goes on if this one is cancelled.
        return await asyncio.shield(self._checks[header])

    async def _check(self, header: str, sender: str) -> Response | None:
        name = credentials(header)[0]
        if wait := self._by_sender.take(sender) or self._by_name.take(name):
            error = TooOftenError("too many wrong passwords", wait)
            return error_reply(429, str(error), error.headers)
        if self._inside >= _MAX_RUNNING + _MAX_WAITING:
            self._give_back(sender, name)
            return error_reply(
                503,
                "too many passwords to check at once; try again in a moment",
                {"Retry-After": "1"},
            )
        self._inside += 1
        try:
            # In a thread, because a password hash would hold up all other requests.
            is_right = await anyio.to_thread.run_sync(
                self._accounts.admits, header, limiter=self._turns
            )
        finally:
            self._inside -= 1
        if not is_right:
            return error_reply(401, _NEEDED, _ASK_FOR_PASSWORD)
        self._give_back(sender, name)
        return None

    def _give_back(self, sender: str, name: str) -> None:
        self._by_sender.give_back(sender)
        self._by_name.give_back(name)
