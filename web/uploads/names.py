"""Names of files that a browser sends, and the ids of the statements in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from corpus.formats.text import slug

MAX_NAME = 120  # characters
MAX_ID = 200  # bytes in UTF-8, so that it fits into one part of an address
_MAX_SUFFIX = 10  # characters of ".pdf" and the like, which a name keeps when it is cut
_DEFAULT = "document"


def cleaned_name(name: str) -> str:
    """Return the name of a file without folders and without characters that cannot be seen.

    Args:
        name: The name as the browser sends it, which may be anything.
    """
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(char if char.isprintable() else " " for char in last)
    text = " ".join(unicodedata.normalize("NFC", visible).split()).lstrip(".").strip()
    if len(text) <= MAX_NAME:
        return text or _DEFAULT
    suffix = Path(text).suffix
    if len(suffix) > _MAX_SUFFIX:
        suffix = ""
    return text[: MAX_NAME - len(suffix)].rstrip() + suffix


def origin_of(name: str) -> str:
    """Return what stands for the path of an uploaded file, where statements have one."""
    return f"upload/{name}"


def free_id(name: str, taken: Collection[str]) -> str:
    """Return an id for the statement in a file that no other statement has.

    Args:
        name: The name of the file; see `cleaned_name`.
        taken: The ids of the other statements.
    """
    wanted = _shortened(slug(Path(name)), MAX_ID)
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        ending = f"-{number}"
        candidate = _shortened(wanted, MAX_ID - len(ending)) + ending
    return candidate


def _shortened(text: str, size: int) -> str:
    """Return the beginning of a text that has at most so many bytes in UTF-8."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
