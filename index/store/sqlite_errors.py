"""Turns the errors of SQLite and of the disk into one line that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import ShuttenError


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Raise a `ShuttenError` of one line where SQLite or the disk raises an error.

    Args:
        path: The database. The line names it, or the file that the error names.
    """
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
            "permissions, or choose another --home"
        ) from error


def _advice(message: str) -> str:
    """Return what is wrong and what to do, for a message of SQLite."""
    if "full" in message:
        return "the disk is full; free some space and run it again"
    if is_forbidden(message):
        return "it cannot be written; check its permissions or choose another --home"
    if "locked" in message:
        return "another process is busy with it; try again"
    if "not a database" in message:
        return "the file is damaged; move it away and add the statements again"
    if "disk I/O" in message:
        return "the disk is full or failing; free some space and run it again"
    return (
        "the file is damaged; run `shutten index rebuild`, or, where that fails too, move it away "
        "and add the statements again"
    )


def is_forbidden(message: str) -> bool:
    """Return whether a message of SQLite says that a file cannot be written or opened."""
    return "readonly" in message or "unable to open" in message
