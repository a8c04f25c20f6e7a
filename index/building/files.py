"""Reads the files that a user names, and adds their statements to a data folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence, Set
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import ShuttenError
from corpus.facts.pairs import likely_pair
from corpus.formats.documents import document_format, reader_name
from corpus.formats.isolation import IsolatedReader
from corpus.formats.text import slug
from corpus.inputs import InputFile
from corpus.library import load_statement
from corpus.records import Statement
from index.building.adding import PASSAGES_AT_ONCE, Change, add
from index.building.limits import refuse_oversized
from index.models.encoder import Encoder
from index.store.base import Store


class FileAdder:
    """Reads files one after another and adds their statements, as a context manager.

    Documents are read in a process of its own, which ends with the adder.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        ocr: str = "",
        keep: bool = True,
        at_once: int = PASSAGES_AT_ONCE,
    ) -> None:
        """Begin with a data folder.

        Args:
            store: The data folder.
            encoder: The model.
            ocr: Languages in which the words of scanned pages are recognised; empty for none.
            keep: Whether the documents themselves are kept beside their texts.
            at_once: See `index.building.adding.add`.
        """
        self._store, self._encoder, self._ocr, self._keep = store, encoder, ocr, keep
        self._at_once = at_once
        self._reader = IsolatedReader()
        self._ids = {origin: id_ for id_, origin in store.origins().items()}
        self._taken = set(self._ids.values())
        self._files: dict[str, InputFile] = {}

    @property
    def store(self) -> Store:
        """The data folder."""
        return self._store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()

    def unchanged(self, file: InputFile) -> Change | None:
        """Return that nothing changes, if a file was added already just as it is.

        This is known without reading it only of a document without facts beside it.

        Raises:
            ShuttenError: The file cannot be read.
        """
        stored = self._store.document_of_origin(file.origin)
        if stored is None or self._ocr or file.beside(".toml"):
            return None
        statement, sha256, reader, kept = stored
        if kept != self._keep:
            return None
        data = file.data()
        format_ = document_format(data)
        same = format_ is not None and reader_name(format_) == reader
        if not same or hashlib.sha256(data).hexdigest() != sha256:
            return None
        return Change(statement, "unchanged", self._store.passage_count(statement), 0)

    def read(self, file: InputFile, statement_id: str | None = None) -> Statement:
        """Read a file.

        Args:
            file: The file.
            statement_id: Id of the statement. If it is omitted, a file that the user did not name
                itself gets an id that no other file has.

        Raises:
            ShuttenError: See `load_statement` and `refuse_oversized`.
        """
        name = statement_id or (None if file.named else self._free_id(file))
        statement = load_statement(file, name, reader=self._reader, ocr=self._ocr)
        refuse_oversized(statement, file.label)
        self._taken.add(statement.id)
        self._files[statement.id] = file
        return statement

    def add(
        self,
        statements: Sequence[Statement],
        *,
        replace_origin: bool = False,
        leave_copies: bool = True,
        progress: bool = True,
    ) -> list[Change]:
        """Add statements that were read; see `index.building.adding.add`.

        Raises:
            ShuttenError: One cannot be added, or its file changed since it was read.
        """
        return add(
            self._store,
            self._encoder,
            [(statement, self._files[statement.id].origin) for statement in statements],
            replace_origin=replace_origin,
            leave_copies=leave_copies,
            progress=progress,
            file_of=self._file_of,
            at_once=self._at_once,
        )

    def follow_moved(self, change: Change) -> bool:
        """Note where a file was moved to, if a file that was left out as a copy is that file.

        Args:
            change: The change of a file that has the text of another statement.

        Returns:
            Whether the file of that statement is gone, so that it was moved.
        """
        if change.outcome != "copy" or _is_there(self._store.origins()[change.original]):
            return False
        with self._store.writing():
            self._store.set_origin(change.original, self._files[change.statement].origin)
        return True

    def likely_pair(self, statement: Statement) -> str:
        """Return the id of the statement that may be this one in another language, or empty."""
        date = statement.provenance.date
        others = (
            self._store.statement(key.id)
            for key in self._store.statement_keys()
            if date and f'"date": "{date}"' in key.provenance and key.id != statement.id
        )
        return likely_pair(statement, others)

    def gone(self, present: Set[str], folder: Path) -> list[str]:
        """Return the ids of the statements that were added from a folder and are not there now.

        Args:
            present: The origins of the files that are there.
            folder: The folder.
        """
        root = str(folder.resolve()) + os.sep
        return [
            name
            for name, origin in sorted(self._store.origins().items())
            if origin.startswith(root) and origin not in present
        ]

    def _file_of(self, statement: Statement) -> bytes | None:
        """Return the document of a statement. It is read again, so that no two are in memory."""
        document = statement.source.document
        if document is None or not self._keep:
            return None
        file = self._files[statement.id]
        data = file.data()
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise ShuttenError(f"{file.label}: was changed while it was added; add it again")
        return data

    def _free_id(self, file: InputFile) -> str:
        """Return the id of a file that was found in a folder: its own, or one that is free."""
        if known := self._ids.get(file.origin):
            return known
        name, suffix = slug(file.name), file.name.suffix.lstrip(".").lower()
        parent = file.path.stem if file.member else file.path.parent.name
        for candidate in (name, f"{name}.{suffix}", f"{parent}-{name}".strip("-")):
            if candidate not in self._taken:
                return candidate
        number = 2
        while f"{name}-{number}" in self._taken:
            number += 1
        return f"{name}-{number}"


def _is_there(origin: str) -> bool:
    """Return whether the file that a statement was added from is still there."""
    return Path(origin.partition("!")[0]).exists()
