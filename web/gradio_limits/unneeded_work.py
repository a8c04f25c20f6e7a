"""Turns off work that Gradio does for each event and that nothing here needs."""

from __future__ import annotations

import sys
from typing import Any

from gradio.blocks import Blocks, BlocksConfig
from gradio.utils import LRUCache

_SLEEP = 0.01  # seconds between two looks for a new event; 0.001 is Gradio's own value
_SESSIONS = 4000  # whose event ids are kept; Gradio keeps the messages of 2,000
_SELDOM = 1.0  # seconds between two looks for progress, which nothing here reports to Gradio


def trim(blocks: Blocks) -> None:
    """Turn off the following.

    - Gradio describes every component again for each session, and a program has a new session
      with each question. The descriptions serve links to the state of a page, which are not used.
    - After each event it computes statistics of the last ten thousand events. They serve a page
      that cannot be reached here.
    - It looks a thousand times a second whether there is a new event.
    - It keeps the ids of all events for ever, and looks through them when one is asked for.

    Args:
        blocks: The page, before it is served.
    """
    blocks.default_config.__class__ = _Config
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS, queue.ANAYLTICS_CACHE_FREQUENCY = 1, sys.maxsize
    queue.pending_event_ids_session = LRUCache(_SESSIONS)
    queue.sleep_when_free, queue.progress_update_sleep_when_free = _SLEEP, _SELDOM


class _Config(BlocksConfig):
    """The components and functions of a page. A session's copy of it describes no component."""

    def __copy__(self) -> BlocksConfig:
        copied: BlocksConfig = super().__copy__()  # type: ignore[no-untyped-call]
        copied.__dict__["config_for_block"] = _nothing
        return copied


def _nothing(*_: Any) -> dict[str, Any]:
    return {}
