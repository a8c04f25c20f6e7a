"""The interface of a store: it keeps statements and what a model made of them.

`index.store.local` keeps them in a data folder, `index.store.milvus` on a Milvus server. All else
in Shutten sees this interface only. The contract tests in `tests/index/store/contract` run over
every store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.late_interaction.background import BackgroundTokens
from index.names import Names
from index.store.originals import Original
from index.store.search_arrays import SearchArrays
from index.store.values import LOCK_SECONDS, Encodings, NewStatement, StatementKey


class Store(Protocol):
    """A library of statements with its index.

    **Threads.** Any thread may use a store, several at the same time.

    **Consistency.** A statement is stored wholly or not at all, for every reader, also if the
    writer is killed at any moment. A reader sees what was committed before it asked. Within
    `reading`, a store in one database shows the same state throughout; a store on a server may show
    statements that are committed meanwhile, but each of them whole. What a search needs may be gone
    when another process changed it; then `ChangedMeanwhileError` is raised and looking again helps.

    **Writers.** Everything that changes a store happens within `writing`. If its block raises an
    error, nothing of it is stored.

    **Errors.** All errors are a `ShuttenError` with one line that says what is wrong, where, and
    what to do. A store that cannot be reached is tried again a few times before.
    """

    @property
    def home(self) -> Path:
        """The data folder, where remarks and records lie, too."""

    @property
    def name(self) -> str:
        """What messages call the store."""

    @property
    def remedy(self) -> str:
        """What to do if the index is damaged, or another model made it."""

    def another(self) -> Store:
        """Open the same store once more, so that a thread can write while others read."""

    def close(self) -> None:
        """Close the store. It is not used afterwards."""

    # -- transactions -------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[None]:
        """See a committed state; see `Store`."""

    def writing(self, wait: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """Change the store: all changes of the block are stored, or none.

        Args:
            wait: How many seconds to wait for another writer where only one can write.
        """

    # -- settings -----------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a setting, or None."""

    def set_meta(self, key: str, value: str) -> None:
        """Store a setting."""

    # -- statements ---------------------------------------------------------------------------

    def has_statements(self) -> bool:
        """Return whether there is any statement."""

    def is_empty(self) -> bool:
        """Return whether there is nothing to search."""

    def statement_ids(self) -> list[str]:
        """Return the ids of all statements, sorted."""

    def statement_keys(self) -> list[StatementKey]:
        """Return the keys of all statements, sorted by id."""

    def origins(self) -> dict[str, str]:
        """Return the paths that the statements were added from, by their ids."""

    def names(self, only: Collection[str] | None = None) -> Mapping[str, Names]:
        """Return the names in each statement, by its id.

        Args:
            only: The ids of those that are wanted; all if omitted. Those that are gone are left
                out.

        Raises:
            ShuttenError: Those of a statement are damaged.
        """

    def names_of(self, statement: str) -> Names:
        """Return the names in one statement; see `names`."""

    def has(self, statement: str) -> bool:
        """Return whether there is a statement with this id."""

    def has_bytes(self, statement: str, sha256: str) -> bool:
        """Return whether there is a statement with this id and checksum."""

    def id_of_sha256(self, sha256: str) -> str:
        """Return the id of the first statement with this checksum, or an empty text."""

    def original(self, statement: str) -> Original:
        """Return a statement as it was added.

        Raises:
            ShuttenError: There is no statement with this id.
        """

    def statement(self, statement: str) -> Statement:
        """Return a statement as it was parsed when it was added.

        Raises:
            DamagedError: Its bytes are not those that were added.
            ShuttenError: There is no statement with this id, or its passages are damaged.
        """

    def statements(self, rows: Iterable[int]) -> Iterator[tuple[int, Statement]]:
        """Yield some statements with their rows, as they were parsed when they were added.

        Raises:
            ChangedMeanwhileError: One is gone.
            DamagedError: The bytes of one are not those that were added.
            ShuttenError: The passages of one are damaged.
        """

    def passage_count(self, statement: str) -> int:
        """Return how many passages a statement has; 0 if there is no such statement."""

    def wordings(self, statement: str) -> list[bytes]:
        """Return the keys of the passages of a statement with their contexts, in reading order."""

    def card_key(self, statement: str) -> bytes | None:
        """Return the key of the card of a statement, or None if there is no such statement."""

    def damaged_ids(self) -> list[str]:
        """Return the ids of the statements whose bytes are not those that were added."""

    # -- documents ----------------------------------------------------------------------------

    def document_of_origin(self, origin: str) -> tuple[str, str, str, bool] | None:
        """Return what is stored of the document that was added from a path.

        Returns:
            The id of the statement, the checksum of the file, the name of the reader, and whether
            the file is kept; None if no document was added from there.
        """

    def document_file(self, statement: str) -> bytes | None:
        """Return the file that the text of a statement was read from; None if it is not kept.

        Raises:
            ShuttenError: The file is not the one that was added, because it is damaged.
        """

    def has_document_file(self, statement: str) -> bool:
        """Return whether the file that the text of a statement was read from is kept."""

    # -- changes ------------------------------------------------------------------------------

    def known(self, statements: Sequence[Statement]) -> Encodings:
        """Return what is stored already of the texts of some statements."""

    def stored(self, statement: str) -> NewStatement:
        """Return a statement as `put` took it, such as to put it into another store.

        Raises:
            ShuttenError: There is no statement with this id, or it is damaged.
        """

    def put(self, statements: Sequence[NewStatement]) -> None:
        """Store statements, each in the place of the one with the same id if there is one."""

    def remove_statement(self, statement: str) -> bool:
        """Remove a statement and return whether it existed."""

    def set_origin(self, statement: str, origin: str) -> None:
        """Change the path that a statement was added from."""

    def put_background(self, tokens: BackgroundTokens) -> None:
        """Store the background questions as a model encoded them."""

    def tidy(self, *, more: bool = False) -> None:
        """Put together what was stored in many steps, and delete what no statement needs.

        It is called after changes and outside of `writing`. If it is cut off, nothing is lost.

        Args:
            more: Whether more changes follow at once, so that some of it can wait.
        """

    # -- search -------------------------------------------------------------------------------

    def background(self) -> BackgroundTokens:
        """Return the stored background questions.

        Raises:
            ShuttenError: They are missing or damaged.
        """

    def search_arrays(self, generation: str, before: SearchArrays | None = None) -> SearchArrays:
        """Return what search compares with questions.

        Args:
            generation: The name of the committed state, the setting `generation`.
            before: Those of an earlier state, of which parts may be used again.

        Raises:
            ChangedMeanwhileError: A part of it is gone.
            ShuttenError: A part of it is damaged.
        """

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the store itself, whatever is in it."""

    def inconsistency(self, problem: str) -> ShuttenError:
        """Return the error for derived data that do not fit together."""
