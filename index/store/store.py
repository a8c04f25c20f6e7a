"""A data folder as a whole: the database, and the segments that belong to its statements."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np

from corpus.errors import ShuttenError
from index.late_interaction.background import BackgroundTokens
from index.store.segments import folder
from index.store.segments.array_file import Stretches
from index.store.segments.folder import SegmentFile, write_segment
from index.store.segments.merging import due, merged_arrays
from index.store.segments.segment import Segment, to_arrays
from index.store.statements import Statements


class LostSegmentError(ShuttenError):
    """The file of a segment is gone: it was merged this moment, or deleted by mistake."""


_COLUMNS = "name, first_row, passages, size, checksum"


class Store(Statements):
    """A data folder: all tables of its database, and its segments.

    A segment file is on the disk before the transaction commits that names it, and it is deleted
    only after a transaction committed that names it no more. So a reader that sees a name finds the
    file, and a process that is killed leaves the old state or the new one.
    """

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

    def put_segment(self, segment: Segment) -> None:
        """Write a segment and name it in the open transaction.

        Args:
            segment: A segment in memory.
        """
        arrays = {name: Stretches.of(array) for name, array in to_arrays(segment).items()}
        self._put_file(write_segment(segment.path, arrays))

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
