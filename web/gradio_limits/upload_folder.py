"""The folder in which uploads lie: of this process alone, bounded, and gone when it ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

MAX_TOTAL = 64 * 1024 * 1024  # bytes; see `MAX_UPLOAD` in `web.gradio_limits.uploads` for one
KEPT = 3600.0  # seconds
_VARIABLE = "GRADIO_TEMP_DIR"  # where Gradio looks for the folder
_PREFIX, _LOCK = "shutten-uploads-", ".lock"


class UploadFolder:
    """Makes the folder when the first server of the process starts, deletes it with the last."""

    def __init__(self) -> None:
        self._lock, self._users = threading.Lock(), 0
        self._path, self._alive = Path(), FileLock("")

    @contextmanager
    def used(self) -> Iterator[Path]:
        """The folder, for as long as a server uses it.

        What a process that was killed has left is deleted first.

        Raises:
            OSError: It cannot be made.
        """
        with self._lock:
            if not self._users:
                self._make()
            self._users += 1
        try:
            yield self._path
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    shutil.rmtree(self._path, ignore_errors=True)
                    _let_go(self._alive)

    def _make(self) -> None:
        """Make it, with a lock beside it that tells others that this process lives."""
        base = _base()
        _delete_left(base)
        handle, name = tempfile.mkstemp(_LOCK, _PREFIX, base)
        os.close(handle)
        self._alive, self._path = FileLock(name), Path(name.removesuffix(_LOCK))
        self._alive.acquire(timeout=0)
        self._path.mkdir()
        os.environ[_VARIABLE] = str(self._path)


OWN = UploadFolder()


def _base() -> Path:
    """Where the folder is made; the variable may still name an earlier one, or a parent's."""
    given = Path(os.environ.get(_VARIABLE) or tempfile.gettempdir()).resolve()
    return given.parent if given.name.startswith(_PREFIX) else given


def _let_go(lock: FileLock) -> None:
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _delete_left(base: Path) -> None:
    for path in base.glob(f"{_PREFIX}*{_LOCK}"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # its process lives, or it is somebody else's
            continue
        shutil.rmtree(str(path).removesuffix(_LOCK), ignore_errors=True)
        _let_go(lock)


def make_room(folder: Path, coming: int = 0, most: int = MAX_TOTAL, kept: float = KEPT) -> None:
    """Delete what is old, and of the rest the oldest, until there is room.

    Args:
        folder: Where the uploads lie, broken ones among them.
        coming: Bytes of the next one.
        most: Bytes that all may have together.
        kept: Seconds; what is older goes in any case.
    """
    found = sorted(_files(folder), reverse=True)  # the newest first
    total, now = coming, time.time()
    for changed, size, path in found:
        total += size
        if total > most or now - changed > kept:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    for path in folder.rglob("*"):
        try:
            facts = path.lstat()
        except OSError:  # moved to its place this moment
            continue
        if not path.is_dir():
            yield facts.st_mtime, facts.st_size, path
