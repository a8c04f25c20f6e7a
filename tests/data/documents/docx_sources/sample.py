"""A Word file, and the text that a perfect reader gives for it."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """A file and the text that a reader gives for it."""

    data: bytes
    text: str


def blocks(*texts: str) -> str:
    """Return blocks as a text."""
    return "\n\n".join(texts) + "\n"
