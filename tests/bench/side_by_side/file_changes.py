"""Which files of an index are written again when something is added to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Fingerprint:
    """Inode, time of the last change in ns, size in bytes and checksum of a file."""

    inode: int
    changed: int
    size: int
    sha256: str


Prints = Mapping[str, Fingerprint]


def written(before: Prints, after: Prints) -> dict[str, Any]:
    """Return how much of an index is new, and which of its files are not as they were."""
    size = sum(state.size for name, state in after.items() if before.get(name) != state)
    changed = [name for name, state in before.items() if after.get(name) != state]
    return {"MB written": size / 1e6, "rewritten": changed}


def fingerprints(folder: Path) -> Prints:
    """Return what tells whether a file was written again, for each file by its name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(folder).as_posix()
            found[name] = Fingerprint(state.st_ino, state.st_mtime_ns, state.st_size, digest)
    return found
