"""How commands print."""

from __future__ import annotations

import json


def print_json(value: object) -> None:
    """Print a value as JSON in one line."""
    print(json.dumps(value, ensure_ascii=False))
