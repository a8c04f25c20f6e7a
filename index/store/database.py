"""The database of a data folder: who may read and write it when, transactions, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from corpus.errors import ShuttenError
from index.locking import exclusive
from index.store import schema
from index.store.connection import Link, identify
from index.store.sqlite_errors import readable_errors

LOCK_SECONDS = 600.0
_MERGE_SECONDS = 2  # a reader that takes longer is not waited for


class OutdatedError(ShuttenError):
    """The data folder was made by an older version."""


class Database:
    """Reads and writes the database. Threads take turns; processes may share the folder.

    Readers see the last committed state, whatever a writer does meanwhile (WAL). A writer that
    is killed leaves the state before it.
    """

    any_version: ClassVar[bool] = False  # whether an older one is opened too

    def __init__(self, home: Path) -> None:
        """Open the data folder, creating it when it is not there.

        Raises:
            OutdatedError: It comes from an older version.
            ShuttenError: The folder cannot be read, the disk is full, the database is lost or
                damaged, or it comes from a newer version.
        """
        self.home, self.path = home, home / "shutten.db"
        with readable_errors(self.path):
            home.mkdir(parents=True, exist_ok=True)
            if identify(self.path) is None:
                self._refuse_lost()
            self._link = Link(self.path, self._refuse_version)
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise

    def _prepare(self) -> None:
        if not self._has_tables():
            self._refuse_lost()
            with self.writing():
                if not self._has_tables():  # another process may have been first
                    schema.create(self._connection)
        self._refuse_version()

    def _refuse_lost(self) -> None:
        """Raise where files are left that were made from a database, and it is gone."""
        if any((self.home / "derived").glob("*/*")):
            raise ShuttenError(
                f"{self.path}: the database is gone or empty, and {self.home / 'derived'} is what "
                "was made from it; put a copy of the database back, or delete that folder and add "
                "the statements again"
            )

    def _refuse_version(self) -> None:
        version = self.version
        if version == str(schema.SCHEMA_VERSION):
            return
        said = f"(data version {version or 'unknown'}, this one reads {schema.SCHEMA_VERSION})"
        if version.isdecimal() and int(version) > schema.SCHEMA_VERSION:
            advice = f"made by a newer Shutten {said}; upgrade Shutten or choose another --home"
            raise ShuttenError(f"{self.path}: {advice}")
        if not self._has_tables("statements"):
            advice = "move it away and add the statements again, or choose another --home"
            raise ShuttenError(f"{self.path}: not made by this Shutten {said}; {advice}")
        if self.any_version:
            return
        if version in schema.OLDER:
            advice = f"made by an older Shutten {said}; run `shutten index rebuild`"
            raise OutdatedError(f"{self.path}: {advice}")
        raise ShuttenError(f"{self.path}: damaged {said}; run `shutten index rebuild`")

    def _has_tables(self, like: str = "%") -> bool:
        return bool(self._one("SELECT 1 FROM sqlite_master WHERE name LIKE ?", like))

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._link.connection

    def close(self) -> None:
        """Close the database."""
        self._link.close()

    # -- transactions -------------------------------------------------------------------------

    @contextmanager
    def locked(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Be the folder's one writer.

        Args:
            wait: Seconds to wait for another writer.

        Raises:
            ShuttenError: Another process is still writing after `wait` seconds, or the folder
                cannot be written.
        """
        with readable_errors(self.path):
            _ = self._connection  # no lock is made where the folder has been moved away
            if self._link.frozen:
                raise self._unwritable("read-only")
            with ExitStack() as held:
                try:
                    held.enter_context(exclusive(self.home / "write.lock", wait))
                except OSError as error:
                    raise self._unwritable(error.strerror or str(error)) from error
                yield

    def _unwritable(self, why: str) -> ShuttenError:
        return ShuttenError(
            f"{self.path}: it cannot be written ({why}); check the permissions of it and of its "
            "folder, or choose another --home"
        )

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Be the one writer, in one transaction; all of it is kept, or nothing.

        Raises:
            ShuttenError: See `locked`.
        """
        with self.locked(wait), self._link.turn:
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
            self._merge()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one committed state throughout, whatever other processes commit meanwhile."""
        with self._link.turn, readable_errors(self.path):
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("COMMIT")

    def take_over(self, other: Database) -> None:
        """Hold what another database holds instead of what this one did: all of it, or nothing.

        SQLite copies pages, so that no damage of this one matters. The caller holds the lock.
        """
        with self._link.turn, readable_errors(self.path):
            other._connection.backup(self._connection)
            self._merge()

    def _merge(self) -> None:
        """Move what was committed from the log into the database file.

        The file is whole by itself then: it can be copied, read on a medium that cannot be
        written, or put in the place of another one whose log would else be read into it.
        """
        with suppress(sqlite3.OperationalError):  # it is kept in the log, too
            self._connection.execute(f"PRAGMA busy_timeout = {1000 * _MERGE_SECONDS}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.execute("PRAGMA busy_timeout = 30000")

    # -- settings -----------------------------------------------------------------------------

    @property
    def version(self) -> str:
        """The data version; empty where it is lost."""
        return self.meta("schema") or ""

    def meta(self, key: str) -> str | None:
        """A stored setting, or None; None too where it is lost and any version is opened."""
        try:
            if not self._one("SELECT 1 FROM pragma_table_info('meta') WHERE name = 'value'"):
                return None
            row = self._one("SELECT value FROM meta WHERE key = ?", key)
        except ShuttenError as error:
            damaged = type(error.__cause__) is sqlite3.DatabaseError  # and not busy, or the like
            if self.any_version and damaged:
                return None
            raise
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Store a setting."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- soundness ----------------------------------------------------------------------------

    def integrity(self) -> list[str]:
        """What SQLite itself has against the file."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check")]
        strays = {str(row[0]) for row in self._all("PRAGMA foreign_key_check")}
        return [one for one in found if one != "ok"] + [
            f"{table} has rows that belong to nothing" for table in sorted(strays)
        ]

    def columns(self) -> set[tuple[str, str]]:
        """(table, column) of all that there are."""
        return schema.columns(self._connection)

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with (
            self._link.turn,
            readable_errors(self.path),
            closing(self._connection.execute(query, values)) as cursor,
        ):
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._link.turn, readable_errors(self.path):
            return self._connection.execute(query, values).fetchall()

    def _rows(self, query: str, *values: object) -> list[int]:
        return [row[0] for row in self._all(query, *values)]
