"""What a reader of a format returns: the text, where it stands in the file, and what was cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.documents import Cut, Details, PrintedLine, Stretch, TextMap
from corpus.errors import ShuttenError

_INDENT = "  "


class UnreadableError(ShuttenError):
    """A file that cannot be read. The message follows its path: `is encrypted; save it ...`."""


@dataclass(frozen=True)
class Reading:
    """A file as it was read.

    Attributes:
        text: The text. A blank line parts two blocks, and a block is one line unless its author
            ended a line within it. A bullet begins with its marker, indented by its depth.
        details: What else was found.
    """

    text: str
    details: Details


@dataclass
class TextBuilder:
    """Writes a text block by block, and keeps where each stretch of it stands in the file."""

    _parts: list[str] = field(default_factory=list)
    _stretches: list[Stretch] = field(default_factory=list)
    _length: int = 0

    @property
    def length(self) -> int:
        """The number of code points that are written."""
        return self._length

    def begin_block(self, marker: str = "", depth: int = 0) -> None:
        """Begin a block after a blank line.

        Args:
            marker: A marker that the file shows but does not write as text, such as `- `.
            depth: In how many bullets the block is.
        """
        if self._length:
            self.write("\n\n")
        self.write(_INDENT * depth + marker)

    def write(self, text: str, where: PrintedLine | str | None = None) -> None:
        """Append text.

        Args:
            text: The text.
            where: Where it stands in the file; None for what the reader itself writes. A stretch
                in the same element as the one before becomes one with it.
        """
        if not text:
            return
        start, self._length = self._length, self._length + len(text)
        self._parts.append(text)
        if where is None:
            return
        last = self._stretches[-1] if self._stretches else None
        if last and last.end == start and isinstance(where, str) and last.where == where:
            self._stretches[-1] = Stretch(last.start, self._length, where)
        else:
            self._stretches.append(Stretch(start, self._length, where))

    def reading(
        self,
        cuts: Sequence[Cut] = (),
        facts: Mapping[str, str] | None = None,
        warnings: Sequence[str] = (),
        sizes: Sequence[tuple[float, float]] = (),
        recognised: str = "",
    ) -> Reading:
        """Return what was written, with the details; see `Details`."""
        text = "".join(self._parts)
        details = Details(
            TextMap(tuple(self._stretches)),
            tuple(cuts),
            facts or {},
            tuple(warnings),
            tuple(sizes),
            recognised,
        )
        return Reading(f"{text}\n" if text else "", details)
