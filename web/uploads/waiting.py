"""The uploads that are known: their number and size, their files, and when they are forgotten."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from web.uploads.errors import RefusedError
from web.uploads.folder import WaitingFolder
from web.uploads.names import cleaned_name
from web.uploads.upload import BUSY, WITH_FILE, Upload

MAX_FILES, MAX_TOTAL = 20, 200_000_000  # files that wait, and their bytes together
MAX_AGE = 1800.0  # seconds without a question of the page, after which an upload is forgotten
_MAX_ENDED = 200  # uploads without a file of which the end is remembered


class Waiting:
    """Keeps uploads and their files. Any thread may call the methods.

    Args:
        clock: Returns the time in seconds.

    Attributes:
        lock: Held while an upload changes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lock = threading.RLock()
        self._clock, self._folder = clock, WaitingFolder()
        self._uploads: dict[str, Upload] = {}
        self._closed = False

    def begin(self, name: str, size: int, ocr: str) -> Upload:
        """Make room for a file that is about to come.

        Raises:
            RefusedError: There is no more room, or the server is being stopped.
        """
        with self.lock:
            if self._closed:
                raise RefusedError(503, "the server is being stopped")
            held = [each for each in self._uploads.values() if each.state in WITH_FILE]
            if len(held) >= MAX_FILES or sum(each.size for each in held) + size > MAX_TOTAL:
                raise RefusedError(
                    507,
                    f"{MAX_FILES} files of {MAX_TOTAL // 1_000_000} MB together can wait; keep or "
                    "discard others first",
                )
            token = secrets.token_hex(12)
            file = self._folder.new(token)
            upload = Upload(token, cleaned_name(name), size, ocr, file, self._clock())
            self._uploads[token] = upload
            ended = [each for each in self._uploads.values() if each.state not in WITH_FILE]
            for each in ended[:-_MAX_ENDED]:
                del self._uploads[each.id]
        return upload

    def known(self, upload_id: str) -> Upload:
        """Return an upload, and note that somebody asked for it.

        Raises:
            RefusedError: There is none of this id.
        """
        with self.lock:
            if upload_id not in self._uploads:
                raise RefusedError(
                    404, "there is no such upload, or it was forgotten; send it again"
                )
            upload = self._uploads[upload_id]
            upload.heard = self._clock()
        return upload

    def forget(self, upload: Upload) -> None:
        """Forget an upload, and delete its file."""
        with self.lock:
            self._uploads.pop(upload.id, None)
        self.empty(upload)

    def forget_old(self) -> None:
        """Forget the uploads that no page has asked for since long ago."""
        with self.lock:
            oldest = self._clock() - MAX_AGE
            old = [
                upload
                for upload in self._uploads.values()
                if upload.state not in BUSY and upload.heard < oldest
            ]
        for upload in old:
            self.forget(upload)

    def empty(self, upload: Upload) -> None:
        """Give back what an upload holds: its process, its text, and its file."""
        if reading := upload.reading:
            reading.stop()
        upload.statement = upload.reading = None
        self._folder.delete(upload.file)

    def cancel_all(self) -> None:
        """Take no more uploads, and cancel those that are there."""
        with self.lock:
            self._closed = True
            uploads = list(self._uploads.values())
            for upload in uploads:
                upload.state = "cancelled"
        for upload in uploads:
            self.forget(upload)

    def close(self) -> None:
        """Delete all files."""
        self._folder.close()
