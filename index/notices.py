"""Lines for whoever started the program, about what it does without being asked."""

from __future__ import annotations

import sys


def notice(line: str) -> None:
    """Print one line to standard error."""
    print(f"shutten: {line}", file=sys.stderr, flush=True)
