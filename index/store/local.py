"""A store in a data folder: the database, and the segments that belong to its statements."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.late_interaction.background import BackgroundTokens
from index.late_interaction.codes import TokenCodes
from index.lexical.same_words import sentence_keys
from index.lexical.terms import sentence_terms
from index.ranges import Indices
from index.store import schema, search_arrays
from index.store.encoder_inputs import card_input, passage_input
from index.store.search_arrays import SearchArrays
from index.store.segments import folder
from index.store.segments.array_file import Stretches
from index.store.segments.building import NewCard, NewPassage, build_segment
from index.store.segments.encodings import PassageEncoding
from index.store.segments.folder import SegmentFile, write_segment
from index.store.segments.merging import due, merged_arrays
from index.store.segments.segment import Segment, to_arrays
from index.store.statements import Statements
from index.store.values import ChangedMeanwhileError, Encodings, NewStatement, new_generation


class LostSegmentError(ChangedMeanwhileError):
    """The file of a segment is gone: it was merged this moment, or deleted by mistake."""


_COLUMNS = "name, first_row, passages, size, checksum"


class LocalStore(Statements):
    """A data folder: all tables of its database, and its segments; see `Store`.

    A segment file is on the disk before the transaction commits that names it, and it is deleted
    only after a transaction committed that names it no more. So a reader that sees a name finds the
    file, and a process that is killed leaves the old state or the new one.
    """

    @property
    def remedy(self) -> str:
        """See `Store.remedy`."""
        return "run `shutten index rebuild`"

    def another(self) -> LocalStore:
        """See `Store.another`. A connection is locked as long as it writes."""
        return LocalStore(self.home)

    def problems(self) -> Iterator[str]:
        """See `Store.problems`."""
        for problem in self.integrity_problems():
            yield f"{self.path}: {problem}"
        for column in schema.missing_columns(self.columns()):
            yield f"{self.path}: there is no {column}"

    def segment_files(self) -> list[SegmentFile]:
        """Return the segments, by ascending rows of their passages."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM segments ORDER BY first_row")
        return [SegmentFile(*row) for row in rows]

    def open_segment(self, file: SegmentFile) -> Segment:
        """Map a segment into memory.

        Raises:
            LostSegmentError: It is gone.
            ShuttenError: It is damaged.
        """
        path = folder.path_of(self.home, file.name)
        try:
            return file.open(self.home)
        except FileNotFoundError:
            raise LostSegmentError(f"{path}: is gone; run `shutten index rebuild`") from None
        except (OSError, ValueError) as error:
            problem = error.strerror if isinstance(error, OSError) else error
            raise ShuttenError(
                f"{path}: is damaged ({problem}); run `shutten index rebuild`"
            ) from error

    def known(self, statements: Sequence[Statement]) -> Encodings:
        """See `Store.known`."""
        stored, known = _StoredEncodings(self), Encodings()
        for statement in statements:
            for passage in statement.passages:
                key = passage_input(statement, passage).key
                row = self.wording_row(key)
                if row is not None:
                    known.passages[key] = stored.passage(row)
            key = card_input(statement).key
            if self.card_key(statement.id) == key:
                known.cards[key] = stored.card(self.statement_row(statement.id) or 0)
        return known

    def stored(self, statement: str) -> NewStatement:
        """See `Store.stored`."""
        parsed, stored = self.statement(statement), _StoredEncodings(self)
        row = self.statement_row(statement) or 0
        return NewStatement(
            parsed,
            self.original(statement).origin,
            self.document_file(statement),
            [stored.passage(number) for number in self.passage_rows(row)],
            [sentence_terms(parsed, passage) for passage in parsed.passages],
            stored.card(row),
        )

    def put(self, statements: Sequence[NewStatement]) -> None:
        """See `Store.put`. They share a segment, which is named in the open transaction."""
        passages: list[NewPassage] = []
        cards: list[NewCard] = []
        for new in statements:
            row = self.put_statement(new.statement, new.origin, new.file)
            cards.append(NewCard(row, new.card))
            parsed = new.statement.passages
            parts = zip(self.passage_rows(row), parsed, new.passages, new.terms, strict=True)
            passages += (
                NewPassage(number, row, encoding, terms, sentence_keys(new.statement, [passage]))
                for number, passage, encoding, terms in parts
            )
        segment = build_segment(folder.new_path(self.home), passages, cards)
        arrays = {name: Stretches.of(array) for name, array in to_arrays(segment).items()}
        self._put_file(write_segment(segment.path, arrays))

    def search_arrays(self, generation: str, before: SearchArrays | None = None) -> SearchArrays:
        """See `Store.search_arrays`."""
        segments = [self.open_segment(file) for file in self.segment_files()]
        statements = np.array(list(self.statement_rows()), np.int64)
        return search_arrays.join(segments, statements, generation, before)

    def tidy(self, *, more: bool = False) -> None:
        """Merge segments where that is worth it, and delete the files that are not needed."""
        del more
        with self.writing():
            if self.merge_segments():
                self.set_meta("generation", new_generation())
        with self.locked():
            self.delete_unnamed_segments()

    def _put_file(self, file: SegmentFile) -> None:
        self._connection.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", astuple(file))

    def merge_segments(self) -> bool:
        """Merge segments where that is worth it, and drop those that are not needed any more.

        Returns:
            Whether anything changed.
        """
        changed = False
        while merged := self._merged_once():
            self._drop(merged)
            changed = True
        return changed

    def _merged_once(self) -> list[SegmentFile]:
        """Write one merged segment, and return those that it takes the place of."""
        statements = np.array(list(self.statement_rows()), np.int64)
        files = self.segment_files()
        segments = [self.open_segment(file) for file in files]
        needed = [int(np.isin(segment.statements, statements).sum()) for segment in segments]
        if unneeded := [file for file, count in zip(files, needed, strict=True) if not count]:
            return unneeded
        chosen = due([(count, file.passages) for count, file in zip(needed, files, strict=True)])
        if segments[chosen]:
            arrays = merged_arrays(segments[chosen], statements)
            self._put_file(write_segment(folder.new_path(self.home), arrays))
        return files[chosen]

    def _drop(self, files: list[SegmentFile]) -> None:
        names = [(file.name,) for file in files]
        self._connection.executemany("DELETE FROM segments WHERE name = ?", names)

    def delete_unnamed_segments(self) -> None:
        """Delete the files that no committed transaction names. The caller holds the write lock."""
        folder.delete_others(self.home, {file.name for file in self.segment_files()})

    # -- background questions -----------------------------------------------------------------

    def put_background(self, tokens: BackgroundTokens) -> None:
        """Store the background questions as a model encoded them."""
        self._connection.execute("DELETE FROM background")
        self._connection.execute("INSERT INTO background VALUES (?, ?, ?, ?)", tokens.to_row())

    def background(self) -> BackgroundTokens:
        """Return the stored background questions.

        Raises:
            ShuttenError: They are missing or damaged.
        """
        rows = self._rows("SELECT centre, languages, tokens, weights FROM background")
        try:
            (row,) = rows
            return BackgroundTokens.from_row(*row)
        except (ValueError, TypeError) as error:
            raise self.inconsistency("the background questions are damaged") from error


class _StoredEncodings:
    """What the segments of a data folder hold. A segment is opened when it is needed."""

    def __init__(self, store: LocalStore) -> None:
        self._store, self._files = store, store.segment_files()
        self._segments: dict[str, Segment] = {}

    def passage(self, row: int) -> PassageEncoding:
        """Return what the model made of the passage at a row of the database."""
        segment = self._segment(row)
        return segment.encoding(self._place(segment.rows, row))

    def card(self, statement: int) -> TokenCodes:
        """Return the tokens of the card of the statement at a row of the database."""
        segment = self._segment(self._store.passage_rows(statement)[0])
        return segment.card(self._place(segment.card_statements, statement))

    def _segment(self, row: int) -> Segment:
        first_rows = [file.first_row for file in self._files]
        file = self._files[max(0, bisect_right(first_rows, row) - 1)]
        if file.name not in self._segments:
            self._segments[file.name] = self._store.open_segment(file)
        return self._segments[file.name]

    def _place(self, rows: Indices, row: int) -> int:
        place = int(np.searchsorted(rows, row))
        if place == len(rows) or rows[place] != row:
            raise self._store.inconsistency(f"the segments do not hold row {row}")
        return place
