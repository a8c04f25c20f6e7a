"""Which event of a conversation is the newest, so that what an older one finds is not shown."""

from __future__ import annotations

import threading
from collections import OrderedDict

_SESSIONS = 1000  # of which this is known; those that were heard of least lately are forgotten


class Newest:
    """Counts the events of each session. For any thread.

    Gradio cancels an event only between two of its steps, and the page may have moved on by then.
    """

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: str | None) -> None:
        """An event begins that makes all before it old."""
        with self._lock:
            self._counts[session or ""] = self._counts.pop(session or "", 0) + 1
            while len(self._counts) > _SESSIONS:
                self._counts.popitem(last=False)

    def count(self, session: str | None) -> int:
        """How many have begun: while it stays the same, nothing newer has."""
        with self._lock:
            return self._counts.get(session or "", 0)
