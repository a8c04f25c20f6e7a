"""How commands print."""

from __future__ import annotations

import json


def json_line(value: object) -> str:
    """Return a value as JSON in one line, without the line break."""
    return json.dumps(value, ensure_ascii=False)


def print_json(value: object) -> None:
    """Print a value as JSON in one line."""
    print(json_line(value))
