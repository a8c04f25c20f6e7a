"""How often passwords may be tried, so that they cannot be guessed and others need not wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import anyio
from starlette.responses import JSONResponse

from web.errors import refusal
from web.rates import Rate
from web.security.accounts import Accounts, credentials

# At once, and seconds between those that follow.
_BY_SENDER, _BY_NAME = (10, 6.0), (60, 1.0)
_TURNS, _WAITING = 1, 9  # each takes 16 MB and 50 ms
_NEEDED = "a name and a password are needed here"
_ASK = {"WWW-Authenticate": 'Basic realm="Shutten", charset="UTF-8"'}


class Guesses:
    """Lets in who has a name and its password, and wrong ones be tried only so often.

    A sender may be wrong ten times at once and then ten times a minute, a name be tried in vain
    by all together sixty times at once and then sixty times a minute. What was right before
    passes at once, and what turns out to be right does not count.

    What somebody can still do: try 14,000 passwords a day from one address, and from many
    addresses 86,000 a day at one name; keep the owner of a name from coming in, in a browser that
    was not in before, by trying that name without end from seven addresses or more; delay those
    who share an address, as behind a proxy that was not named to the server; and, from hundreds of
    addresses, keep the turn busy, so that those who are new are told to come again.

    Args:
        accounts: Who may come in.
        clock: In seconds.
    """

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._by_sender = Rate(*_BY_SENDER, clock=clock)
        self._by_name = Rate(*_BY_NAME, clock=clock)
        self._turns, self._inside = anyio.CapacityLimiter(_TURNS), 0
        self._looked_at: dict[str, asyncio.Task[JSONResponse | None]] = {}

    async def refused(self, header: str | None, sender: str) -> JSONResponse | None:
        """Why a request is not let in, or None if it is.

        Args:
            header: Its `Authorization`.
            sender: See `web.rates.sender`.
        """
        if self._accounts.remembers(header):
            return None
        if not header:
            return refusal(401, _NEEDED, _ASK)
        if header not in self._looked_at:  # a browser may send the same with a dozen requests
            self._looked_at[header] = asyncio.create_task(self._look(header, sender))
            self._looked_at[header].add_done_callback(lambda _: self._looked_at.pop(header))
        return await asyncio.shield(self._looked_at[header])

    async def _look(self, header: str, sender: str) -> JSONResponse | None:
        name = credentials(header)[0]
        if wait := self._by_sender.take(sender) or self._by_name.take(name):
            return _later(429, f"too many wrong passwords; wait {int(wait) + 1} s", wait)
        if self._inside >= _TURNS + _WAITING:
            self._give_back(sender, name)
            return _later(503, "too many come in at once; try again in a moment", 0)
        self._inside += 1
        try:
            # In a thread: hashing a password takes long enough for others to notice.
            right = await anyio.to_thread.run_sync(
                self._accounts.admits, header, limiter=self._turns
            )
        finally:
            self._inside -= 1
        if not right:
            return refusal(401, _NEEDED, _ASK)
        self._give_back(sender, name)
        return None

    def _give_back(self, sender: str, name: str) -> None:
        self._by_sender.give_back(sender)
        self._by_name.give_back(name)


def _later(status: int, error: str, wait: float) -> JSONResponse:
    return refusal(status, error, {"Retry-After": str(int(wait) + 1)})
