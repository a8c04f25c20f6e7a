"""Work that Gradio does at each event and nothing here needs: left out."""

from __future__ import annotations

import sys
from typing import Any

from gradio.blocks import Blocks, BlocksConfig
from gradio.utils import LRUCache

_SLEEP = 0.01  # seconds between two looks whether somebody asks; Gradio looks a thousand times
_SESSIONS = 4000  # twice as many as have messages that are waited for
_SELDOM = 1.0  # seconds between two looks for progress, of which nothing here tells Gradio


def trim(blocks: Blocks) -> None:
    """Keep Gradio from some work.

    - It describes every component anew for each session, and programs have a new session with
      each question. It is for links to the state of a page, which this page has not.
    - It computes statistics of the last ten thousand events after each event, for a page that is
      shut here.
    - It looks a thousand times a second whether somebody asks.
    - It keeps the names of all events there ever were, and looks through them when one is asked
      for.

    Args:
        blocks: The page, before it is served.
    """
    blocks.default_config.__class__ = _Config
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS, queue.ANAYLTICS_CACHE_FREQUENCY = 1, sys.maxsize
    queue.pending_event_ids_session = LRUCache(_SESSIONS)
    queue.sleep_when_free, queue.progress_update_sleep_when_free = _SLEEP, _SELDOM


class _Config(BlocksConfig):
    """The components and functions of a page; of the copy that a session has, undescribed."""

    def __copy__(self) -> BlocksConfig:
        copied: BlocksConfig = super().__copy__()  # type: ignore[no-untyped-call]
        copied.__dict__["config_for_block"] = _nothing
        return copied


def _nothing(*_: Any) -> dict[str, Any]:
    return {}
