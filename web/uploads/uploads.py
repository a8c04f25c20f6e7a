"""From the file that a reader sends to the statement that is added, or forgotten."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import closing
from typing import Any

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.building.adding import Change
from index.store.base import Store
from web.errors import for_client
from web.gate import Gate
from web.uploads.adding import Adder, Kept
from web.uploads.errors import RefusedError
from web.uploads.names import free_id, origin_of
from web.uploads.reading import FailedError, Limits, Reading, StoppedError
from web.uploads.recognition import ocr_choices
from web.uploads.upload import State, Upload
from web.uploads.waiting import Waiting
from web.uploads.worker import Worker

_STOP_SECONDS = 5.0
_MISTAKE = "the server made a mistake; its operator finds the reason in its output"


class Uploads:
    """Reads uploaded files one after another, and adds those that readers keep.

    Any thread may call the methods.

    Args:
        store: Where the statements are; see `Store.another`.
        gate: Gives out the turns of questions, to which all work on files gives way.
        limits: What the reading of one file may take.
        clock: Returns the time in seconds.

    Attributes:
        adder: Changes the data folder.
    """

    def __init__(
        self,
        store: Store,
        gate: Gate,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._limits = store, limits or Limits()
        self._waiting, self._reader = Waiting(clock), Worker("reader of uploads")
        self.adder = Adder(store, gate)

    def begin(self, name: str, size: int, ocr: str = "") -> Upload:
        """Make room for a file that is about to come; see `Waiting.begin`."""
        return self._waiting.begin(name, size, ocr)

    def received(self, upload: Upload) -> None:
        """Read a file that has come wholly, after those that came before it."""
        self._reader.submit(lambda: self._read(upload))

    def get(self, upload_id: str) -> dict[str, Any]:
        """Return an upload as JSON.

        Raises:
            RefusedError: There is none of this id.
        """
        return self._waiting.known(upload_id).to_json()

    def name(self, upload_id: str) -> str:
        """Return the name of the file of an upload.

        Raises:
            RefusedError: There is none of this id.
        """
        return self._waiting.known(upload_id).name

    def cancel(self, upload_id: str) -> State:
        """Forget an upload. If it is being read, its process is ended.

        Raises:
            RefusedError: There is none of this id, or it is being added.
        """
        with self._waiting.lock:
            upload = self._waiting.known(upload_id)
            if upload.state == "adding":
                raise RefusedError(409, f"{upload.name}: is being added; wait until it is there")
            if upload.state != "added":
                upload.state = "cancelled"
        self._waiting.forget(upload)
        return upload.state

    def keep(self, upload_id: str, facts: Mapping[str, Any], replaces: bool) -> None:
        """Add the statement in a file.

        Args:
            upload_id: The id of the upload.
            facts: The facts that the reader corrected, as a `Provenance` has them.
            replaces: Whether it takes the place of the statement that it changes.

        Raises:
            RefusedError: There is no upload of this id, or it cannot be added.
        """
        with self._waiting.lock:
            upload = self._waiting.known(upload_id)
            if upload.state != "ready" or upload.statement is None:
                raise RefusedError(409, f"{upload.name}: is not ready to be added")
            if upload.copy_of:
                raise RefusedError(409, _copy_line(upload, upload.copy_of))
            if replaces and not upload.changes:
                raise RefusedError(409, f"{upload.name}: changes no statement that is here")
            upload.state, upload.error = "adding", ""
            replaced = upload.changes if replaces else ""
            kept = Kept(upload.statement, upload.name, upload.file, facts, replaced)
        self.adder.keep(kept).add_done_callback(lambda change: self._added(upload, change))

    def forget_old(self) -> None:
        """Forget the uploads that no page has asked for since long ago."""
        self._waiting.forget_old()

    def close(self) -> None:
        """End all work, and delete all files."""
        self._waiting.cancel_all()
        self.adder.close()
        self._reader.close(_STOP_SECONDS)
        self._waiting.close()

    def _read(self, upload: Upload) -> None:
        """Read a file, in the thread for that."""
        try:
            with closing(self._store.another()) as store:
                if reading := self._begin_reading(upload, store.statement_ids()):
                    self._finish_reading(upload, reading.statement(), store)
        except StoppedError:
            pass  # it was cancelled, and is forgotten already
        except FailedError as error:
            self._refuse(upload, error, ocr_choices() if error.ocr_helps else [])
        except ShuttenError as error:
            self._refuse(upload, error)
        except Exception:  # nobody waits for this thread, so it reports the error itself
            traceback.print_exc()
            self._refuse(upload, ShuttenError(_MISTAKE))

    def _begin_reading(self, upload: Upload, taken: Collection[str]) -> Reading | None:
        with self._waiting.lock:
            if upload.state != "waiting":
                return None
            upload.state, upload.statement_id = "reading", free_id(upload.name, taken)
            origin = origin_of(upload.name)
            upload.reading = Reading(
                upload.file, origin, upload.statement_id, upload.ocr, self._limits
            )
            return upload.reading

    def _finish_reading(self, upload: Upload, statement: Statement, store: Store) -> None:
        copy_of = store.id_of_sha256(statement.source.sha256)
        origins = store.origins().items()
        same_name = [name for name, origin in origins if origin == origin_of(upload.name)]
        with self._waiting.lock:
            if upload.state != "reading":
                return
            upload.statement, upload.copy_of = statement, copy_of
            upload.changes = "" if copy_of or not same_name else same_name[-1]
            upload.state, upload.reading = "ready", None

    def _refuse(self, upload: Upload, error: ShuttenError, choices: Collection[str] = ()) -> None:
        """Say why a file is refused. The file itself is deleted."""
        with self._waiting.lock:
            if upload.state == "cancelled":
                return
            upload.state, upload.ocr_choices = "refused", list(choices)
            upload.error = for_client(error, self._store.home)[0]
        self._waiting.empty(upload)

    def _added(self, upload: Upload, future: Future[Change]) -> None:
        """Note how a change of the data folder ended."""
        try:
            change = future.result()
        except CancelledError:
            return  # the server is being stopped
        except ShuttenError as error:
            self._not_added(upload, error)
        except Exception:  # nobody waits for that thread, either
            traceback.print_exc()
            self._not_added(upload, ShuttenError(_MISTAKE))
        else:
            if change.outcome == "copy":
                self._refuse(upload, ShuttenError(_copy_line(upload, change.original)))
                return
            with self._waiting.lock:
                upload.state, upload.statement_id = "added", change.statement
            self._waiting.empty(upload)

    def _not_added(self, upload: Upload, error: ShuttenError) -> None:
        """Say why a statement was not added. The reader may try once more."""
        with self._waiting.lock:
            if upload.state == "adding":
                upload.state, upload.error = "ready", for_client(error, self._store.home)[0]


def _copy_line(upload: Upload, original: str) -> str:
    return f"{upload.name}: has the same text as {original!r}, which is here already"
