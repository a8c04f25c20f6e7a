"""Takes the time of answers, alike for both systems, in the processes that `systems.py` starts.

The modules `ask_shutten` and `peer` import it from the folder that they lie in, since they may run
with the code of another checkout.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

FIRST = 10  # places that are looked at
_WARMING = 5  # questions before time is taken

_T = TypeVar("_T")


def timed(texts: Sequence[str], ask: Callable[[str], _T]) -> tuple[list[float], list[_T]]:
    """Ask all questions, after the first of them were asked once without taking time.

    Returns:
        The seconds of each answer, and the answers.
    """
    for text in texts[:_WARMING]:
        ask(text)
    seconds, answers = [], []
    for text in texts:
        start = time.perf_counter()
        answers.append(ask(text))
        seconds.append(time.perf_counter() - start)
    return seconds, answers
