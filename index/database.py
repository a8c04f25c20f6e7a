"""The database file of a data folder: opening, locking, transactions, settings."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.errors import ShuttenError
from index import schema

LOCK_SECONDS = 600.0


def data_home(home: Path | None = None) -> Path:
    """The data folder: the one given, else `SHUTTEN_HOME`, else the user's data directory."""
    if home is not None:
        if not str(home).strip():
            raise ShuttenError("--home is empty; give a folder")
        return home
    if given := os.environ.get("SHUTTEN_HOME"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("shutten", appauthor=False))


def named_home(home: Path | None = None, *, new: bool = False) -> Path:
    """The data folder, which must be there if it was named: a typing error makes no folder.

    Args:
        home: The folder that was given; else see `data_home`.
        new: Whether it may be made, in a folder that is there.

    Raises:
        ShuttenError: It is not there.
    """
    folder = data_home(home)
    name = "--home" if home is not None else "SHUTTEN_HOME"
    if home is None and not os.environ.get(name):
        return folder
    if new and not os.path.exists(folder.parent):
        raise ShuttenError(f"{folder}: there is no folder {folder.parent}; check {name}")
    if not new and not os.path.exists(folder):
        raise ShuttenError(
            f"{folder}: there is no such data folder; check {name}, "
            "or make it with `shutten index add`"
        )
    return folder


class Database:
    """Reads and writes the database. One instance a thread; processes may share the folder.

    Readers see the last committed state, whatever a writer does meanwhile (WAL). A writer that
    is killed leaves the state before it.
    """

    def __init__(self, home: Path, *, outdated: bool = False) -> None:
        """Open the data folder, creating it when it is not there.

        Args:
            home: The folder.
            outdated: Whether to open one of an older version too, so that it can be rebuilt.

        Raises:
            ShuttenError: The folder cannot be written, the disk is full, the database is
                damaged, or it comes from another version.
        """
        self.home, self._outdated = home, outdated
        self.path = home / "shutten.db"
        with readable_errors(self.path):
            home.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, timeout=30, check_same_thread=False
            )
            self._prepare()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if not self._has_schema():
            with self.writing():
                if not self._has_schema():  # another process may have been first
                    schema.create(self._connection)
        version = self.meta("schema") or ""
        if version == str(schema.SCHEMA_VERSION):
            return
        if version in schema.REBUILDABLE:
            if self._outdated:
                return
            raise ShuttenError(
                f"{self.path}: made by an older Shutten (data version {version}, this one reads "
                f"{schema.SCHEMA_VERSION}); run `shutten index rebuild`"
            )
        if version.isdecimal() and int(version) > schema.SCHEMA_VERSION:
            raise ShuttenError(
                f"{self.path}: made by a newer Shutten (data version {version}, this one reads "
                f"{schema.SCHEMA_VERSION}); upgrade Shutten or choose another --home"
            )
        raise ShuttenError(
            f"{self.path}: not made by this Shutten (data version {version or 'unknown'}); "
            "move it away and add the statements again, or choose another --home"
        )

    def _has_schema(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
        return found.fetchone() is not None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the folder's lock and one transaction; all of it is kept, or nothing.

        Args:
            wait: Seconds to wait for another writer.

        Raises:
            ShuttenError: Another process is still writing after `wait` seconds.
        """
        lock = FileLock(self.home / "write.lock")
        with readable_errors(self.path):
            try:
                lock.acquire(timeout=wait)
            except Timeout:
                raise ShuttenError(
                    f"{self.home}: another process has been writing for over {wait:.0f} s; "
                    "try again when it is done"
                ) from None
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException as error:
                    if self._connection.in_transaction:  # a full disk rolls back by itself
                        self._connection.execute("ROLLBACK")
                    if isinstance(error, KeyboardInterrupt):
                        error.add_note(f"nothing was changed in {self.home}")
                    raise
                self._connection.execute("COMMIT")
            finally:
                lock.release()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one committed state throughout, whatever other processes commit meanwhile."""
        with readable_errors(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    # -- settings -----------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored setting, or None."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Store a setting."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def integrity(self) -> str:
        """SQLite's own verdict on the file: `ok`, or what is wrong."""
        row = self._one("PRAGMA integrity_check")
        return str(row[0]) if row else "no answer"

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with closing(self._connection.execute(query, values)) as cursor:
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def _rows(self, query: str, *values: object) -> list[int]:
        return [row[0] for row in self._all(query, *values)]


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what the disk and SQLite may say into one line that names the place."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        message = str(error)
        if "full" in message:
            advice = "the disk is full; free some space and run it again, nothing was changed"
        elif "readonly" in message or "unable to open" in message:
            advice = "it cannot be written; check its permissions or choose another --home"
        elif "locked" in message:
            advice = "another process is busy with it; try again"
        elif "malformed" in message or "not a database" in message:
            advice = "the file is damaged; move it away and add the statements again"
        elif "disk I/O" in message:
            advice = "the disk is full or failing; free some space, nothing was changed"
        else:
            advice = "it is no data of this Shutten; choose another --home"
        raise ShuttenError(f"{path}: {advice} ({message})") from error
    except UnicodeEncodeError as error:
        raise ShuttenError(f"{path}: a name has broken characters; choose another") from error
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise ShuttenError(f"{error.filename}: is a file; --home must be a folder") from error
        raise ShuttenError(
            f"{error.filename or path}: {error.strerror or error}; check free space and "
            "permissions, or choose another --home; nothing was changed"
        ) from error
