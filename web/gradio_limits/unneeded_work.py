"""Turns off work that Gradio does for each event and that nothing here needs."""

from __future__ import annotations

import sys
from typing import Any

from gradio.blocks import Blocks, BlocksConfig
from gradio.utils import LRUCache

_EVENT_SECONDS = 0.01  # between two looks for a new event; Gradio's own value is 0.001
_PROGRESS_SECONDS = 1.0  # between two looks for progress, which nothing here reports to Gradio
_MAX_SESSIONS = 4000  # whose event ids are kept; Gradio keeps the messages of 2,000 sessions


def turn_off(blocks: Blocks) -> None:
    """Turn off the following work.

    - Gradio describes every component again for each session, and a program has a new session
      with each question. The descriptions serve links to the state of a page, which are not used.
    - After each event, Gradio computes statistics of the last ten thousand events. They serve a
      page that cannot be reached here.
    - Gradio looks a thousand times a second whether there is a new event.
    - Gradio keeps the ids of all events for ever, and searches them when an event is asked for.

    Args:
        blocks: The page, before it is served.
    """
    blocks.default_config.__class__ = _LeanConfig
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS, queue.ANAYLTICS_CACHE_FREQUENCY = 1, sys.maxsize
    queue.pending_event_ids_session = LRUCache(_MAX_SESSIONS)
    queue.sleep_when_free = _EVENT_SECONDS
    queue.progress_update_sleep_when_free = _PROGRESS_SECONDS


class _LeanConfig(BlocksConfig):
    """The components and functions of a page. The copy for a session describes no component."""

    def __copy__(self) -> BlocksConfig:
        copied: BlocksConfig = super().__copy__()  # type: ignore[no-untyped-call]
        copied.__dict__["config_for_block"] = _empty_description
        return copied


def _empty_description(*_: Any) -> dict[str, Any]:
    return {}
