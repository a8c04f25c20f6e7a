"""Opens the file of a database, and follows it when another one takes its place."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShuttenError
from index.store.sqlite_errors import is_forbidden, readable_errors

Identity = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database file.

    Attributes:
        connection: Without transactions of its own making; any thread may use it.
        frozen: Whether nothing can be written, so that the file is read as one that never changes.
        identity: What `identify` said of the file.
    """

    connection: sqlite3.Connection
    frozen: bool
    identity: Identity


def identify(path: Path, *, frozen: bool = False) -> Identity | None:
    """What tells one file from another that is put in its place; None without a file, or any byte.

    Args:
        path: Where the file lies.
        frozen: Whether a file that was written to since is another one too.
    """
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not facts.st_size:
        return None
    same = facts.st_dev, facts.st_ino
    return (*same, facts.st_size, facts.st_mtime_ns, _log_size(path)) if frozen else same


def connect(path: Path, *, new: bool = False) -> Opened:
    """Open a database file.

    Where neither it nor its folder can be written (a read-only medium, say), it is read as it lies.

    Args:
        path: Where the file lies.
        new: Whether it is made when there is none.

    Raises:
        sqlite3.DatabaseError: It cannot be opened, or is no database.
        ShuttenError: It cannot be read without writing.
    """
    try:
        return _connect(path, "mode=rwc" if new else "mode=rw", frozen=False)
    except sqlite3.OperationalError as error:
        if not is_forbidden(str(error)) or identify(path) is None:
            raise
    if _log_size(path):
        raise ShuttenError(
            f"{path}: changes to it wait in {path.name}-wal, and it cannot be written; open it "
            "once where it can (`shutten index list`)"
        )
    return _connect(path, "mode=ro&immutable=1", frozen=True)


def _connect(path: Path, mode: str, *, frozen: bool) -> Opened:
    before = identify(path, frozen=frozen)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=30,
        check_same_thread=False,
    )
    try:
        # Of a text with a damaged byte the rest can be read.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        if not frozen:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return Opened(connection, frozen, before or identify(path, frozen=frozen) or ())


def _log_size(path: Path) -> int:
    """Bytes of what was committed and is not yet moved into the file of the database."""
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0


class Link:
    """A connection to the database at a path. Threads take turns.

    Where another file takes the place of the database, that one is opened; where none does,
    nothing is opened, and none is made.
    """

    def __init__(self, path: Path, check: Callable[[], None]) -> None:
        """Open the database, making it when there is none.

        Args:
            path: Where it lies.
            check: Raises where a file that has taken its place cannot be used.

        Raises:
            sqlite3.DatabaseError: It cannot be opened, or is no database.
            ShuttenError: It cannot be read without writing.
        """
        self.path, self.turn, self._check = path, threading.RLock(), check
        self._open(new=True)

    @property
    def frozen(self) -> bool:
        """Whether nothing can be written."""
        return self._opened is not None and self._opened.frozen

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database, after a look whether it still is the one at its path.

        Raises:
            ShuttenError: It is gone, or what has taken its place cannot be used.
        """
        with self.turn, readable_errors(self.path):
            opened = self._opened
            if opened and opened.connection.in_transaction:
                return opened.connection
            if opened and identify(self.path, frozen=opened.frozen) == opened.identity:
                return opened.connection
            return self._follow()

    def _follow(self) -> sqlite3.Connection:
        if identify(self.path) is None:
            raise ShuttenError(
                f"{self.path}: the database was moved away, deleted or emptied while it was in "
                "use; put it back, or stop this program"
            )
        self.close()  # before the next is opened: the two would share their locks
        opened = self._open()
        try:
            self._check()
        except BaseException:
            self.close()
            raise
        return opened.connection

    def _open(self, *, new: bool = False) -> Opened:
        opened = connect(self.path, new=new)
        self._opened: Opened | None = opened
        # A link that is never closed closes its connection when it is garbage. It does not when
        # the program ends, because another thread may still be reading.
        self._closing = weakref.finalize(self, opened.connection.close)
        self._closing.atexit = False
        return opened

    def close(self) -> None:
        """Close the database."""
        self._opened = None
        self._closing()
