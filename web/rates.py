"""How often somebody may do something."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from corpus.errors import ShuttenError


class TooOftenError(ShuttenError):
    """Something is done too often.

    Attributes:
        seconds: How long to wait.
    """

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = int(seconds) + 1
        super().__init__(f"{what}; wait {self.seconds} s")


class Rate:
    """So much at once for each, and then one more every few seconds. For any thread.

    It is the generic cell rate algorithm (ITU-T I.371), which keeps one number for each.

    Args:
        burst: So many at once.
        seconds: Between those that follow.
        known: So many are remembered; those heard of least lately are forgotten.
        clock: In seconds.
    """

    def __init__(
        self,
        burst: int,
        seconds: float,
        known: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._ahead = seconds, (burst - 1) * seconds
        self._known, self._clock = known, clock
        self._due: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> float:
        """Take one, which gives 0; or else how many seconds to wait for the next."""
        with self._lock:
            now = self._clock()
            due = max(self._due.pop(key, now), now)
            wait = max(0.0, due - now - self._ahead)
            self._due[key] = due if wait else due + self._seconds
            while len(self._due) > self._known:
                self._due.popitem(last=False)
            return wait

    def give_back(self, key: Hashable) -> None:
        """Take one less."""
        with self._lock:
            if key in self._due:
                self._due[key] -= self._seconds


def sender(scope: Mapping[str, Any]) -> str:
    """Who sends a request: the address, or the network that one subscriber has of IPv6."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return host
