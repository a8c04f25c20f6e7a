"""The folder for uploads. It belongs to this process, has a limit, and is deleted at the end."""

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

MAX_TOTAL = 64 * 1024 * 1024  # bytes; `web.gradio_limits.uploads.MAX_UPLOAD` limits one file
MAX_AGE = 3600.0  # seconds
_VARIABLE = "GRADIO_TEMP_DIR"  # where Gradio looks for the folder
_PREFIX, _LOCK_SUFFIX = "shutten-uploads-", ".lock"


class UploadFolder:
    """Makes the folder with the first server of the process and deletes it with the last one."""

    def __init__(self) -> None:
        self._lock, self._users = threading.Lock(), 0
        self._path, self._process_lock = Path(), FileLock("")

    @contextmanager
    def in_use(self) -> Iterator[Path]:
        """Keep the folder for as long as a server uses it.

        Folders that a killed process left behind are deleted first.

        Raises:
            OSError: The folder cannot be made.
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
                    _remove_lock(self._process_lock)

    def _make(self) -> None:
        """Make the folder, and a lock beside it that shows others that this process is alive."""
        parent = _parent_folder()
        _delete_leftovers(parent)
        handle, name = tempfile.mkstemp(_LOCK_SUFFIX, _PREFIX, parent)
        os.close(handle)
        self._process_lock, self._path = FileLock(name), Path(name.removesuffix(_LOCK_SUFFIX))
        self._process_lock.acquire(timeout=0)
        self._path.mkdir()
        os.environ[_VARIABLE] = str(self._path)


UPLOADS = UploadFolder()


def _parent_folder() -> Path:
    """Return where the folder is made. The variable may still name an earlier upload folder."""
    folder = Path(os.environ.get(_VARIABLE) or tempfile.gettempdir()).resolve()
    return folder.parent if folder.name.startswith(_PREFIX) else folder


def _remove_lock(lock: FileLock) -> None:
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _delete_leftovers(parent: Path) -> None:
    for path in parent.glob(f"{_PREFIX}*{_LOCK_SUFFIX}"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # its process is alive, or it belongs to another user
            continue
        shutil.rmtree(str(path).removesuffix(_LOCK_SUFFIX), ignore_errors=True)
        _remove_lock(lock)


def delete_old_uploads(
    folder: Path, incoming: int = 0, max_total: int = MAX_TOTAL, max_age: float = MAX_AGE
) -> None:
    """Delete uploads that are too old, then the oldest ones until there is room.

    Args:
        folder: The upload folder. Incomplete uploads in it count too.
        incoming: Bytes of the next upload.
        max_total: Bytes that all uploads may have together, the next one included.
        max_age: Seconds that an upload is kept.
    """
    newest_first = sorted(_files(folder), reverse=True)
    total, now = incoming, time.time()
    for modified, size, path in newest_first:
        total += size
        if total > max_total or now - modified > max_age:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Yield the time of change, the size in bytes and the path of each file."""
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
        except OSError:  # Gradio moves a finished upload to another name
            continue
        if not path.is_dir():
            yield status.st_mtime, status.st_size, path
