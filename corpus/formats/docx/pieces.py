"""The words of a paragraph on their way into the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.documents import Cut, CutReason
from corpus.formats.docx.markup import Element

LINE_END = "\n"
# White space in Word's eyes; an ideographic space is a character of the text.
BLANKS = " \t\r\n\u00a0" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f"
_INVISIBLE = "\ufeff\u200b"


class Piece(NamedTuple):
    """Words, or a line end.

    Attributes:
        text: The words.
        where: Path of the paragraph that they stand in; None for what the file does not hold as
            text, such as the number of a note.
    """

    text: str
    where: str | None = None


@dataclass(slots=True)
class Content:
    """The content of a paragraph.

    Attributes:
        where: Its path.
        pieces: Its words.
        boxes: The text boxes that are anchored in it, with the reason if they are not in the text.
    """

    where: str
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, CutReason | None]] = field(default_factory=list)
    _cuts: list[tuple[CutReason, list[str]]] = field(default_factory=list)
    _last_cut: int = -1  # how many pieces stood before the last cut

    def add(self, text: str, where: str | None = None) -> None:
        """Append words of the text."""
        if text:
            self.pieces.append(Piece(text, where))

    def cut(self, text: str, reason: CutReason) -> None:
        """Append words that are not in the text. Runs next to each other are one cut."""
        if not text:
            return
        if self._last_cut != len(self.pieces) or self._cuts[-1][0] != reason:
            self._cuts.append((reason, []))
        self._cuts[-1][1].append(text)
        self._last_cut = len(self.pieces)

    @property
    def cuts(self) -> list[Cut]:
        """The words that are not in the text."""
        cuts = (Cut(reason, "".join(words), self.where) for reason, words in self._cuts)
        return [cut for cut in cuts if cut.text.strip()]


def paragraphs_of(pieces: Sequence[Piece]) -> Iterator[list[list[Piece]]]:
    """Yield paragraphs, each as its lines without white space around them.

    A blank line that is made of line ends parts two paragraphs. Those without words are left out.
    """
    lines: list[list[Piece]] = []
    for line in _lines(pieces):
        if line:
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _lines(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in pieces:
        if piece.text == LINE_END:
            yield _trimmed(line)
            line = []
        else:
            line.append(piece)
    yield _trimmed(line)


def _trimmed(line: list[Piece]) -> list[Piece]:
    """Return a line without white space at its ends; nothing if it has no words."""
    if not any(piece.text.strip().strip(_INVISIBLE) for piece in line):
        return []
    first = next(n for n, piece in enumerate(line) if piece.text.strip(BLANKS))
    last = next(n for n in reversed(range(len(line))) if line[n].text.strip(BLANKS))
    line = line[first : last + 1]
    line[0] = line[0]._replace(text=line[0].text.lstrip(BLANKS))
    line[-1] = line[-1]._replace(text=line[-1].text.rstrip(BLANKS))
    return line
