"""The order of the events of each session, so that an older one does not overwrite a newer one."""

from __future__ import annotations

import threading
from collections import OrderedDict

# So many sessions are remembered. When there are more, the one whose last event is oldest goes.
_MAX_SESSIONS = 1000


class EventOrder:
    """The newest event that each session has begun. It can be used from several threads.

    An event cannot be stopped while an answer is being looked for, and the page may have moved on
    by the time it is found. So the page numbers its events (see `chat.js`), and an event shows
    nothing more once a newer one has begun. What it has sent already may still arrive after what
    the newer one sends, so the page checks the number, too.
    """

    def __init__(self) -> None:
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: str | None, number: int) -> None:
        """Note an event that makes all earlier events of its session outdated."""
        with self._lock:
            newest = self._newest.pop(session or "", 0)
            self._newest[session or ""] = max(newest, number)
            while len(self._newest) > _MAX_SESSIONS:
                self._newest.popitem(last=False)

    def is_outdated(self, session: str | None, number: int) -> bool:
        """Tell whether an event of the session has begun that is newer than this one."""
        with self._lock:
            return self._newest.get(session or "", 0) > number
