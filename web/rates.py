"""Limits how often a client may do something."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from corpus.errors import ShuttenError


class TooOftenError(ShuttenError):
    """A client does something too often.

    Attributes:
        seconds: How long the client has to wait, in whole seconds.
    """

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = int(seconds) + 1
        super().__init__(f"{what}; wait {self.seconds} s")

    @property
    def headers(self) -> dict[str, str]:
        """The header of a reply that says how long to wait."""
        return {"Retry-After": str(self.seconds)}


class Rate:
    """Allows each key a burst of actions, and then one more every few seconds. For any thread.

    This is the generic cell rate algorithm (ITU-T I.371). It keeps one number for each key.

    Args:
        burst: How many actions are allowed at once.
        seconds: Time between the actions after the burst.
        max_keys: How many keys are remembered. The key that was used longest ago is forgotten.
        clock: Returns the time in seconds.
    """

    def __init__(
        self,
        burst: int,
        seconds: float,
        max_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._tolerance = seconds, (burst - 1) * seconds
        self._max_keys, self._clock = max_keys, clock
        self._due: OrderedDict[Hashable, float] = OrderedDict()  # time of the next regular action
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> float:
        """Count one action and return 0, or return how many seconds to wait for the next one."""
        with self._lock:
            now = self._clock()
            due = max(self._due.pop(key, now), now)
            wait = max(0.0, due - now - self._tolerance)
            self._due[key] = due if wait else due + self._seconds
            while len(self._due) > self._max_keys:
                self._due.popitem(last=False)
            return wait

    def give_back(self, key: Hashable) -> None:
        """Count one action less."""
        with self._lock:
            if key in self._due:
                self._due[key] -= self._seconds


def log_rate() -> Rate:
    """Return how often the same error may be logged: five times at once, then five a minute."""
    return Rate(5, 12.0)


def sender(scope: Mapping[str, Any]) -> str:
    """Return the address of a client, or for IPv6 the /64 network that one subscriber has.

    Args:
        scope: The ASGI scope of the request.
    """
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return host
