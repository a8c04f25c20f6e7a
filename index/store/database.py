"""The database of a data folder: opening, locks and transactions, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from corpus.errors import ShuttenError
from index.locking import exclusive
from index.store import schema
from index.store.connection import BUSY_SECONDS, LiveConnection, identify
from index.store.segments.folder import FOLDER
from index.store.sqlite_errors import readable_errors
from index.store.values import LOCK_SECONDS
from index.store.versions import refuse_version

_CHECKPOINT_SECONDS = 2  # how long the log waits for a reader before it stays as it is


class Database:
    """The file `shutten.db`, and its table `meta` with the settings.

    Several threads may use a database; they take turns. Several processes may use the same data
    folder. A reader sees the last committed state while another process writes (WAL). If a writer
    is killed, the state before it remains.

    Attributes:
        home: The data folder.
        path: The file of the database.
    """

    any_version: ClassVar[bool] = False
    """Whether databases of older and unknown versions are opened, too."""

    def __init__(self, home: Path) -> None:
        """Open a data folder, creating it when it does not exist.

        Raises:
            OutdatedError: An older version made it.
            ShuttenError: The folder cannot be read, the disk is full, the database is lost or
                damaged, or a newer version made it.
        """
        self.home, self.path = home, home / "shutten.db"
        with readable_errors(self.path):
            home.mkdir(parents=True, exist_ok=True)
            if identify(self.path) is None:
                self._refuse_lost()
            self._live = LiveConnection(self.path, self._refuse_version)
            try:
                self._create_tables()
                self._refuse_version()
            except BaseException:
                self.close()
                raise

    @property
    def name(self) -> str:
        """What messages call the data folder."""
        return str(self.home)

    def _create_tables(self) -> None:
        if self._has_tables():
            return
        self._refuse_lost()
        with self.writing():
            if not self._has_tables():  # another process may have created them meanwhile
                schema.create_tables(self._connection)

    def _refuse_lost(self) -> None:
        """Raise an error if there are segments, because then there was a database, too."""
        if any((self.home / FOLDER).glob("*")):
            raise ShuttenError(
                f"{self.path}: the database is gone or empty, and {self.home / FOLDER} is what "
                "was made from it; put a copy of the database back, or delete that folder and add "
                "the statements again"
            )

    def _refuse_version(self) -> None:
        refuse_version(
            self.path,
            self.version,
            has_statements=self._has_tables("statements"),
            any_version=self.any_version,
        )

    def _has_tables(self, like: str = "%") -> bool:
        return bool(self._row("SELECT 1 FROM sqlite_master WHERE name LIKE ?", like))

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._live.connection

    def close(self) -> None:
        """Close the database."""
        self._live.close()

    # -- locks and transactions ---------------------------------------------------------------

    @contextmanager
    def locked(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the write lock of the data folder.

        Args:
            wait: How many seconds to wait for another writer.

        Raises:
            ShuttenError: Another process is still writing after `wait` seconds, or the folder
                cannot be written.
        """
        with readable_errors(self.path):
            # This raises where the folder is gone, so that no lock file is created there.
            _ = self._connection
            if self._live.read_only:
                raise self._unwritable("read-only")
            with ExitStack() as stack:
                try:
                    stack.enter_context(exclusive(self.home / "write.lock", wait))
                except OSError as error:
                    raise self._unwritable(error.strerror or str(error)) from error
                yield

    def _unwritable(self, reason: str) -> ShuttenError:
        return ShuttenError(
            f"{self.path}: it cannot be written ({reason}); check the permissions of it and of its "
            "folder, or choose another --home"
        )

    @contextmanager
    def writing(self, wait: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the write lock in one transaction: all changes are committed, or none.

        Raises:
            ShuttenError: See `locked`.
        """
        with self.locked(wait), self._live.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back on a full disk
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            self._checkpoint()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See the same committed state throughout, whatever other processes commit meanwhile."""
        with self._live.lock, readable_errors(self.path):
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("COMMIT")

    def copy_from(self, other: Database) -> None:
        """Replace all contents by those of another database, or nothing where that fails.

        SQLite copies the pages of the file, so damage of this database does not matter. The caller
        holds the write lock.
        """
        with self._live.lock, readable_errors(self.path):
            other._connection.backup(self._connection)
            self._checkpoint()

    def _checkpoint(self) -> None:
        """Move committed changes from the log into the database file.

        Then the file is complete without its log. It can be copied, be read on a read-only medium,
        or replace another database.
        """
        with suppress(sqlite3.OperationalError):  # The changes are safe in the log, too.
            self._connection.execute(f"PRAGMA busy_timeout = {1000 * _CHECKPOINT_SECONDS}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")

    # -- settings -----------------------------------------------------------------------------

    @property
    def version(self) -> str:
        """The data version. It is empty where none can be read."""
        return self.meta("schema") or ""

    def meta(self, key: str) -> str | None:
        """Return a setting, or None.

        If `any_version` is set, a setting that cannot be read because of damage is None, too.
        """
        try:
            if not self._row("SELECT 1 FROM pragma_table_info('meta') WHERE name = 'value'"):
                return None
            row = self._row("SELECT value FROM meta WHERE key = ?", key)
        except ShuttenError as error:
            # Subclasses of this error are not damage but, for instance, a busy database.
            damaged = type(error.__cause__) is sqlite3.DatabaseError
            if self.any_version and damaged:
                return None
            raise
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Store a setting."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # -- checks -------------------------------------------------------------------------------

    def integrity_problems(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file."""
        messages = [str(row[0]) for row in self._rows("PRAGMA integrity_check")]
        strays = {str(row[0]) for row in self._rows("PRAGMA foreign_key_check")}
        return [message for message in messages if message != "ok"] + [
            f"{table} has rows that belong to nothing" for table in sorted(strays)
        ]

    def columns(self) -> set[tuple[str, str]]:
        """Return (table, column) of all columns."""
        return schema.columns(self._connection)

    # -- queries ------------------------------------------------------------------------------

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        with (
            self._live.lock,
            readable_errors(self.path),
            closing(self._connection.execute(query, values)) as cursor,
        ):
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._live.lock, readable_errors(self.path):
            return self._connection.execute(query, values).fetchall()

    def _column(self, query: str, *values: object) -> list[Any]:
        """Return the first column."""
        return [row[0] for row in self._rows(query, *values)]
