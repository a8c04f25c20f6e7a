"""The folder of segments: writes files completely or not at all, checks and deletes them."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.files import replacing
from index.store.segments.array_file import Stretches, write_arrays
from index.store.segments.segment import Segment

FOLDER = "segments"
_SUFFIX = ".safetensors"
_READ = 1 << 20  # bytes that are read at once


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A row of the table `segments`.

    Attributes:
        name: The name of the file, which no other segment ever has.
        first_row: The lowest row of its passages.
        passages: How many passages it has.
        size: Its bytes.
        checksum: Its BLAKE2b, in hexadecimal digits.
    """

    name: str
    first_row: int
    passages: int
    size: int
    checksum: str

    def open(self, home: Path) -> Segment:
        """Map the segment into memory.

        The checksum is compared by `damage` only, since that would read the whole file.

        Raises:
            OSError: The file is missing or cannot be read.
            ValueError: It is not the file that was written, as far as its size tells.
        """
        path = path_of(home, self.name)
        if path.stat().st_size != self.size:
            raise ValueError(f"it should have {self.size:,} bytes")
        segment = Segment.open(path)
        if len(segment.rows) != self.passages:
            raise ValueError(f"it should have {self.passages:,} passages")
        if segment.rows[0] != self.first_row:
            raise ValueError(f"it should begin with row {self.first_row}")
        return segment

    def damage(self, home: Path) -> str:
        """Return what is wrong with the file; an empty text if nothing is."""
        path = path_of(home, self.name)
        try:
            if _checksum(path) != self.checksum:
                return f"{path}: its checksum differs"
        except OSError as error:
            return f"{path}: {error.strerror}"
        return ""


def path_of(home: Path, name: str) -> Path:
    """Return the path of a segment in a data folder."""
    return home / FOLDER / name


def new_path(home: Path) -> Path:
    """Return the path of a segment that will be written."""
    return path_of(home, f"{uuid.uuid4().hex}{_SUFFIX}")


def write_segment(path: Path, arrays: Mapping[str, Stretches]) -> SegmentFile:
    """Write a segment, and make sure that it is on the disk.

    Args:
        path: Where; see `new_path`.
        arrays: Its arrays by name. The array of its rows is in memory.

    Raises:
        ShuttenError: It cannot be written.
    """
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as file:
        write_arrays(file, arrays)
    _put_on_disk(path.parent)
    (rows,) = arrays["rows"].stretches
    size = path.stat().st_size
    return SegmentFile(path.name, int(rows[0]), len(rows), size, _checksum(path))


def delete_others(home: Path, names: Collection[str]) -> None:
    """Delete the files of all segments but some.

    On Windows a file that another process has opened stays until a later change.
    """
    for path in (home / FOLDER).glob("*"):
        if path.name not in names and path.is_file():
            with suppress(OSError):
                path.unlink()


def move(source: Path, target: Path, names: Collection[str]) -> None:
    """Move segments from one data folder to another on the same disk."""
    (target / FOLDER).mkdir(exist_ok=True)
    for name in names:
        os.replace(path_of(source, name), path_of(target, name))
    _put_on_disk(target / FOLDER)


def _put_on_disk(folder: Path) -> None:
    """Make sure that the names of the files in a folder are on the disk."""
    if os.name != "posix":  # Windows does it by itself.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while part := file.read(_READ):
            digest.update(part)
    return digest.hexdigest()
