"""Counts the events of each session, so that an older event does not overwrite a newer one."""

from __future__ import annotations

import threading
from collections import OrderedDict

# Sessions that are remembered. Beyond that, the session with the oldest event is forgotten.
_MAX_SESSIONS = 1000


class EventCounter:
    """The number of events that each session has begun. It can be used from several threads.

    Gradio cancels an event only between two of its steps, when the page may have moved on already.
    So an event counts at its beginning, and shows nothing once the count has changed.
    """

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: str | None) -> None:
        """Count an event that makes all earlier events of its session outdated."""
        with self._lock:
            self._counts[session or ""] = self._counts.pop(session or "", 0) + 1
            while len(self._counts) > _MAX_SESSIONS:
                self._counts.popitem(last=False)

    def count(self, session: str | None) -> int:
        """Return how many events a session has begun."""
        with self._lock:
            return self._counts.get(session or "", 0)
