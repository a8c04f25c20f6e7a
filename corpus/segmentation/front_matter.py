"""The front matter of a Markdown file: a head in YAML between two lines `---`, or TOML in `+++`."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MAX_FRONT_MATTER = 50_000  # characters
_YAML = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<head>(?:[ \t]*\r?\n|[\w-]+:.*\r?\n|[ \t]+.*\r?\n|-[ \t].*\r?\n)*?)"
    r"---[ \t]*(?:\r?\n|\Z)"
)
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n(?P<head>(?:.*\r?\n)*?)\+\+\+[ \t]*(?:\r?\n|\Z)")


def front_matter_end(text: str) -> int:
    """Return the offset at which the text after the front matter begins; 0 where there is none."""
    match = _match(text)
    return match.end() if match else 0


def read_front_matter(text: str) -> dict[str, Any]:
    """Return the fields of the front matter; none where it is missing or cannot be read."""
    import yaml

    match = _match(text)
    if not match or len(match["head"]) > MAX_FRONT_MATTER:
        return {}
    try:
        if match.re is _TOML:
            return tomllib.loads(match["head"].replace("\r\n", "\n"))
        head = yaml.safe_load(match["head"])
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {str(key): value for key, value in head.items()} if isinstance(head, dict) else {}


def _match(text: str) -> re.Match[str] | None:
    return _YAML.match(text) or _TOML.match(text)
