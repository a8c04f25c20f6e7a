"""Reads a Word file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from corpus.documents import Cut
from corpus.formats.docx.blocks import Block, write_blocks
from corpus.formats.docx.counting import Counter
from corpus.formats.docx.fields import Fields
from corpus.formats.docx.findings import Findings
from corpus.formats.docx.markup import Element, child, name
from corpus.formats.docx.notes import Note, Notes, first_number, is_numbered_otherwise, references
from corpus.formats.docx.numbering import read_lists
from corpus.formats.docx.package import Package
from corpus.formats.docx.places import Places, Totals
from corpus.formats.docx.plain import plain_text
from corpus.formats.docx.runs import RunReader
from corpus.formats.docx.story import Story
from corpus.formats.docx.styles import Styles
from corpus.formats.reading import Reading, TextBuilder

READER = "docx 1"

_HEADERS = {name("w:headerReference"): "header", name("w:footerReference"): "footer"}
_LINK, _COMMENT, _TITLE = name("r:id"), name("w:comment"), name("dc:title")
_TITLE_BLOCKS = 5  # blocks at the beginning in which a title must stand
_MIN_TITLE = 4  # code points without white space


def read_docx(data: bytes) -> Reading:
    """Read a Word file (DOCX, DOCM): its text as Word shows it with all changes accepted.

    Args:
        data: The whole file.

    Raises:
        UnreadableError: The file cannot be read.
    """
    return _DocumentReader(Package(data)).read()


class _DocumentReader:
    """Reads the stories of a file one after the other."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._settings = package.related("settings")
        self._styles = Styles(package.related("styles"))
        self._notes, self._findings, self._totals = Notes(), Findings(), Totals()
        lists = read_lists(package.related("numbering"))
        self._counter = Counter(lists, self._findings.formats)
        self._cuts: list[Cut] = []
        self._blocks: list[Block] = []

    def read(self) -> Reading:
        """Read the file."""
        self._add_notes()
        body = self._read_story(self._package.body)
        for note in self._notes:
            self._read_note(note)
        self._cuts += [*self._running_headers(body.sections), *self._comments()]
        builder = TextBuilder()
        write_blocks(builder, self._blocks)
        return builder.reading(self._cuts, self._facts(), [*self._findings.warnings()])

    def _read_story(self, element: Element, path: str = "") -> Story:
        runs = RunReader(self._styles, self._notes, self._findings, Fields(element))
        places = Places(self._totals, path)
        story = Story(self._styles, self._counter, runs, self._findings, places)
        story.read(element)
        self._blocks += story.blocks
        self._cuts += story.cuts
        return story

    def _add_notes(self) -> None:
        """Find the notes. Endnotes are numbered after the footnotes if a file has both."""
        body, settings = self._package.body, self._settings
        footnotes, endnotes = (self._package.related(kind) for kind in ("footnotes", "endnotes"))
        start = first_number("footnote", settings, body)
        count, endnote_count = references("footnote", body), references("endnote", body)
        self._notes.add_part("footnote", footnotes, start)
        after = start + count if count else first_number("endnote", settings, body)
        self._notes.add_part("endnote", endnotes, after)
        self._findings.renumbered = (
            (count > 0 and is_numbered_otherwise("footnote", settings, body))
            or (endnote_count > 0 and is_numbered_otherwise("endnote", settings, body))
            or (count > 0 and endnote_count > 0)
        )

    def _read_note(self, note: Note) -> None:
        """Read a note. Its first block begins with its mark, and the others are below that."""
        begin = len(self._blocks)
        self._read_story(note.element, note.path)
        for block in self._blocks[begin + 1 :]:
            block.depth += 1
        if note.mark and begin < len(self._blocks):
            first = self._blocks[begin]
            first.marker, first.hangs = f"{note.mark} {first.marker}", True

    def _running_headers(self, sections: Sequence[Element]) -> Iterator[Cut]:
        """Yield the headers and footers of the sections, each once."""
        seen: dict[str, int] = {}
        links: set[str | None] = set()
        for section in sections:
            for reference in section:
                kind, link = _HEADERS.get(reference.tag), reference.get(_LINK)
                part = self._package.linked(link) if kind and link not in links else None
                if kind is None or part is None:
                    continue
                links.add(link)
                seen[kind] = seen.get(kind, 0) + 1
                if text := plain_text(part):
                    yield Cut("running header", text, f"{kind} {seen[kind]}")

    def _comments(self) -> Iterator[Cut]:
        part = self._package.related("comments")
        comments = part.iter(_COMMENT) if part is not None else ()
        for number, comment in enumerate(comments, 1):
            if text := plain_text(comment):
                yield Cut("comment", text, f"comment {number}")

    def _facts(self) -> dict[str, str]:
        """Return the title if it stands at the beginning of the text.

        Many files keep the title of the file that they were made from, or the name of a template.
        The language is that of the keyboard or the template, so it is not taken.
        """
        title = child(self._package.properties(), _TITLE)
        words = (title.text or "").strip() if title is not None else ""
        beginning = "".join(
            piece.text
            for block in self._blocks[:_TITLE_BLOCKS]
            for line in block.lines
            for piece in line
        )
        stands = _squeezed(words) in _squeezed(beginning)
        return {"title": " ".join(words.split())} if _is_title(words) and stands else {}


def _is_title(words: str) -> bool:
    return len(_squeezed(words)) >= _MIN_TITLE


def _squeezed(text: str) -> str:
    """Return a text in the form in which titles are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
