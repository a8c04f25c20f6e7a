"""Opens the file of a database, and says in one line what the disk and SQLite have against it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShuttenError

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
        if not _is_forbidden(str(error)) or identify(path) is None:
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


def _is_forbidden(message: str) -> bool:
    return "readonly" in message or "unable to open" in message


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what the disk and SQLite may say into one line that names the place."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise ShuttenError(f"{path}: {_advice(str(error))} ({error})") from error
    except UnicodeEncodeError as error:
        raise ShuttenError(f"{path}: a name has broken characters; choose another") from error
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise ShuttenError(f"{error.filename}: is a file; --home must be a folder") from error
        raise ShuttenError(
            f"{error.filename or path}: {error.strerror or error}; check free space and "
            "permissions, or choose another --home; nothing was changed"
        ) from error


def _advice(message: str) -> str:
    if "full" in message:
        return "the disk is full; free some space and run it again, nothing was changed"
    if _is_forbidden(message):
        return "it cannot be written; check its permissions or choose another --home"
    if "locked" in message:
        return "another process is busy with it; try again"
    if "not a database" in message:
        return "the file is damaged; move it away and add the statements again"
    if "disk I/O" in message:
        return "the disk is full or failing; free some space, nothing was changed"
    return (
        "the file is damaged; run `shutten index rebuild`, or, where that fails too, move it away "
        "and add the statements again"
    )
