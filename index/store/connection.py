"""Opens the file of a database, and opens the file anew when another one replaces it."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShuttenError
from index.store.sqlite_errors import is_forbidden, readable_errors

BUSY_SECONDS = 30  # how long SQLite waits for another connection
Identity = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """An open database file.

    Attributes:
        connection: It begins no transaction by itself, and any thread may use it.
        read_only: Whether nothing can be written. The file is then read as one that never changes.
        identity: The result of `identify` when the file was opened.
    """

    connection: sqlite3.Connection
    read_only: bool
    identity: Identity


def identify(path: Path, *, read_only: bool = False) -> Identity | None:
    """Return numbers that differ when another file is put in the place of this one.

    Args:
        path: The file.
        read_only: Whether the numbers should differ, too, after the file was written to.

    Returns:
        None where there is no file, or an empty one.
    """
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not facts.st_size:
        return None
    identity = facts.st_dev, facts.st_ino
    if not read_only:
        return identity
    return (*identity, facts.st_size, facts.st_mtime_ns, _log_size(path))


def connect(path: Path, *, create: bool = False) -> OpenDatabase:
    """Open a database file.

    If neither the file nor its folder can be written, it is opened as read-only.

    Args:
        path: The file.
        create: Whether to create the file if there is none.

    Raises:
        sqlite3.DatabaseError: The file cannot be opened, or is no database.
        ShuttenError: The file cannot be written, and its log holds changes that are not in it yet.
    """
    try:
        return _connect(path, "mode=rwc" if create else "mode=rw", read_only=False)
    except sqlite3.OperationalError as error:
        if not is_forbidden(str(error)) or identify(path) is None:
            raise
    if _log_size(path):
        raise ShuttenError(
            f"{path}: changes to it wait in {path.name}-wal, and it cannot be written; open it "
            "once where it can (`shutten index list`)"
        )
    return _connect(path, "mode=ro&immutable=1", read_only=True)


def _connect(path: Path, mode: str, *, read_only: bool) -> OpenDatabase:
    before = identify(path, read_only=read_only)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )
    try:
        # The rest of a text with a damaged byte can still be read.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    identity = before or identify(path, read_only=read_only) or ()
    return OpenDatabase(connection, read_only, identity)


def _log_size(path: Path) -> int:
    """Return the bytes of the log, which holds changes that are not in the database file yet."""
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0


class LiveConnection:
    """A connection to the database at a path.

    If another file replaces the database, the connection opens that file. If the file disappears,
    the connection raises an error and creates no new file.

    Attributes:
        path: The database.
        lock: A thread holds this lock while it uses the connection.
    """

    def __init__(self, path: Path, check: Callable[[], None]) -> None:
        """Open the database, creating it when there is none.

        Args:
            path: The database.
            check: Is called after another file was opened. It raises an error where that file
                cannot be used.

        Raises:
            sqlite3.DatabaseError: The file cannot be opened, or is no database.
            ShuttenError: See `connect`.
        """
        self.path, self.lock, self._check = path, threading.RLock(), check
        self._open(create=True)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self._database is not None and self._database.read_only

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection. The file at the path is compared with the open one each time.

        Raises:
            ShuttenError: The file is gone, or the file that replaced it cannot be used.
        """
        with self.lock, readable_errors(self.path):
            database = self._database
            if database and database.connection.in_transaction:
                return database.connection
            if database and identify(self.path, read_only=database.read_only) == database.identity:
                return database.connection
            return self._reopen()

    def _reopen(self) -> sqlite3.Connection:
        if identify(self.path) is None:
            raise ShuttenError(
                f"{self.path}: the database was moved away, deleted or emptied while it was in "
                "use; put it back, or stop this program"
            )
        self.close()  # Two open connections of one process would share their locks.
        database = self._open()
        try:
            self._check()
        except BaseException:
            self.close()
            raise
        return database.connection

    def _open(self, *, create: bool = False) -> OpenDatabase:
        database = connect(self.path, create=create)
        self._database: OpenDatabase | None = database
        # The connection is closed with the last reference to this object, but not when the program
        # ends, because another thread may still be reading then.
        self._finalizer = weakref.finalize(self, database.connection.close)
        self._finalizer.atexit = False
        return database

    def close(self) -> None:
        """Close the database."""
        self._database = None
        self._finalizer()
