"""Lines on standard error about what the program does without being asked."""

from __future__ import annotations

import sys


def notice(line: str) -> None:
    """Print a line to standard error."""
    print(f"shutten: {line}", file=sys.stderr, flush=True)
