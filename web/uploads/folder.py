"""The folder for uploaded files, which is deleted when the server ends."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "shutten-documents-"
_LOCK = "in-use"  # file that the process of the server keeps locked
_MIN_AGE = 60.0  # seconds; a younger folder may have no lock yet


class WaitingFolder:
    """Makes a folder, and deletes those that killed servers left behind."""

    def __init__(self) -> None:
        """Make the folder.

        Raises:
            OSError: It cannot be made.
        """
        _delete_leftovers(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        self._lock = FileLock(self.path / _LOCK, thread_local=False)
        self._lock.acquire(timeout=0)

    def new(self, name: str) -> Path:
        """Make a folder for one file, and return the path of the file in it.

        Nothing of the name that the browser sent is part of the path.
        """
        folder = self.path / name
        folder.mkdir()
        return folder / "file"

    def delete(self, file: Path) -> None:
        """Delete a file with its folder."""
        shutil.rmtree(file.parent, ignore_errors=True)

    def close(self) -> None:
        """Delete everything."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _delete_leftovers(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        lock = FileLock(folder / _LOCK)
        try:
            if not _is_left(folder):
                continue
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # its process is alive, or it belongs to another user
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Return whether a folder may have been left behind: an old one of this user, and no link."""
    status = folder.lstat()
    own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return own and stat.S_ISDIR(status.st_mode) and time.time() - status.st_mtime >= _MIN_AGE
