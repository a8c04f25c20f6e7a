"""Reads a story of a Word file, such as the body or a note: its paragraphs, tables and boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from corpus.documents import Cut, CutReason
from corpus.formats.docx.blocks import Block, joined_row
from corpus.formats.docx.counting import Counter
from corpus.formats.docx.findings import Findings
from corpus.formats.docx.markup import Element, branch, child, is_on, name, value
from corpus.formats.docx.outline import Outline
from corpus.formats.docx.paragraphs import (
    Properties,
    indent_of,
    item_of,
    place_in_list,
    read_properties,
)
from corpus.formats.docx.pieces import Piece, paragraphs_of
from corpus.formats.docx.places import Places
from corpus.formats.docx.plain import counted, plain_text
from corpus.formats.docx.runs import RunReader, is_placeholder
from corpus.formats.docx.styles import Styles

_PARAGRAPH, _TABLE, _ROW, _CELL = name("w:p"), name("w:tbl"), name("w:tr"), name("w:tc")
_ROW_PROPERTIES, _CELL_PROPERTIES = name("w:trPr"), name("w:tcPr")
_REMOVED, _INSERTED = (name("w:del"), name("w:moveFrom")), (name("w:ins"), name("w:moveTo"))
_CELL_REMOVED, _HIDDEN = name("w:cellDel"), name("w:hidden")
_MERGES = (name("w:vMerge"), name("w:hMerge"))
_FOREIGN = (name("w:altChunk"), name("w:subDoc"))
_SKIPPED = (
    *(name("w:tblPr"), name("w:tblGrid"), name("w:tblPrEx"), _ROW_PROPERTIES, _CELL_PROPERTIES),
    *(name("w:sdtPr"), name("w:sdtEndPr")),
)


@dataclass(frozen=True, slots=True)
class _Then:
    """What is done when all that an element holds has been read."""

    act: Callable[[], object]


_Step = Element | _Then


@dataclass
class Story:
    """Reads a story.

    Attributes:
        styles: The styles of the file.
        counter: The numbers of its lists.
        runs: Reads the runs of paragraphs.
        findings: What was met.
        places: The place that is read.
        blocks: The blocks that were read.
        cuts: What was left out.
        sections: The properties of the sections.
    """

    styles: Styles
    counter: Counter
    runs: RunReader
    findings: Findings
    places: Places
    blocks: list[Block] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    sections: list[Element] = field(default_factory=list)
    _cells: list[list[int]] = field(default_factory=list)  # where the cells of open rows begin
    _outlines: list[Outline] = field(default_factory=lambda: [Outline()])
    _unfinished: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._readers: dict[str, Callable[[Element], Iterable[_Step]]] = {
            _PARAGRAPH: self._paragraph,
            _TABLE: self._table,
            _ROW: self._row,
            _CELL: self._cell,
            name("w:sdt"): self._control,
            name("w:sectPr"): self._section,
            name("mc:AlternateContent"): self._alternatives,
            **dict.fromkeys(_REMOVED, self._removed),
            **dict.fromkeys(_FOREIGN, self._foreign),
            **dict.fromkeys(_SKIPPED, self._nothing),
        }

    def read(self, story: Element) -> None:
        """Read all that a story holds."""
        steps: list[_Step] = [*reversed(story)]
        while steps:
            step = steps.pop()
            if isinstance(step, _Then):
                step.act()
            else:
                reader = self._readers.get(step.tag, list)
                steps.extend(reversed(tuple(reader(step))))
        self._finish()

    def _nothing(self, _element: Element) -> Iterable[_Step]:
        return ()

    def _cut(self, element: Element, reason: CutReason) -> Iterable[_Step]:
        """Leave out an element. The paragraphs, tables and boxes in it count all the same."""
        if text := plain_text(element):
            self.cuts.append(Cut(reason, text, self.places.next_path()))
        self.places.skip(*counted(element))
        return ()

    def _removed(self, element: Element) -> Iterable[_Step]:
        self.findings.changes = True
        return self._cut(element, "deleted")

    def _foreign(self, _element: Element) -> Iterable[_Step]:
        self.findings.unread = True
        return ()

    def _section(self, properties: Element) -> Iterable[_Step]:
        self.sections.append(properties)
        return ()

    def _control(self, control: Element) -> Iterable[_Step]:
        return self._cut(control, "form") if is_placeholder(control) else control

    def _alternatives(self, element: Element) -> Iterable[_Step]:
        shown = branch(element)
        return () if shown is None else shown

    def _table(self, table: Element) -> Iterable[_Step]:
        self._finish()
        self.places.enter_table()
        return [*table, _Then(self.places.leave_table)]

    def _row(self, row: Element) -> Iterable[_Step]:
        self.places.enter_row()
        properties = child(row, _ROW_PROPERTIES)
        tags = {part.tag for part in properties if is_on(part)} if properties is not None else set()
        self.findings.changes |= not tags.isdisjoint((*_REMOVED, *_INSERTED))
        if not tags.isdisjoint(_REMOVED):
            return self._cut(row, "deleted")
        if _HIDDEN in tags:
            return self._cut(row, "hidden")
        self._cells.append([])
        return [*row, _Then(self._end_row)]

    def _end_row(self) -> None:
        starts = self._cells.pop()
        if starts:
            ends = [*starts[1:], len(self.blocks)]
            cells = [self.blocks[start:end] for start, end in zip(starts, ends, strict=True)]
            if row := joined_row(cells):
                self.blocks[starts[0] :] = [row]

    def _cell(self, cell: Element) -> Iterable[_Step]:
        properties = child(cell, _CELL_PROPERTIES)
        if child(properties, _CELL_REMOVED) is not None:
            self.findings.changes = True
            return self._cut(cell, "deleted")
        for merge in _MERGES:
            if child(properties, merge) is not None and value(properties, merge) != "restart":
                return self._cut(cell, "hidden")  # it is shown as part of another cell
        if self._cells:
            self._cells[-1].append(len(self.blocks))
        self._outlines.append(Outline())
        return [*cell, _Then(self._end_of_part)]

    def _end_of_part(self) -> None:
        self._finish()
        self._outlines.pop()

    def _paragraph(self, paragraph: Element) -> Iterable[_Step]:
        properties = read_properties(paragraph, self.styles)
        path = self.places.enter_paragraph()
        if properties.section is not None:
            self.sections.append(properties.section)
        self.findings.changes |= properties.changed
        content = self.runs.read(paragraph, properties.style, path)
        self.cuts += content.cuts
        self._unfinished += content.pieces
        if not properties.joined:
            self._finish(properties)
        return [step for box, reason in content.boxes for step in self._box(box, reason)]

    def _box(self, box: Element, reason: CutReason | None) -> Iterable[_Step]:
        if reason:
            return [_Then(partial(self._cut, box, reason))]
        return [
            _Then(self._begin_box),
            *box,
            _Then(self._end_of_part),
            _Then(self.places.leave_box),
        ]

    def _begin_box(self) -> None:
        self._finish()
        self.places.enter_box()
        self._outlines.append(Outline())

    def _finish(self, properties: Properties | None = None) -> None:
        """Add the blocks of the paragraph that was read.

        Args:
            properties: Its properties; None if it has no end of its own.
        """
        pieces, self._unfinished = self._unfinished, []
        place = place_in_list(properties, self.counter) if properties else None
        number = self.counter.next_number(place[1], place[2]) if place else None
        paragraphs = list(paragraphs_of(pieces))
        if not paragraphs:
            return
        properties = properties or Properties(self.styles.paragraph(None))
        outline, hangs, marker = self._outlines[-1], False, ""
        if place and number and number.text:
            words = "".join(piece.text for piece in pieces)
            item = item_of(properties, number, place, words)
            depth, marker, hangs = outline.enter(item), number.marker, number.is_sure
        elif properties.heading:
            depth = outline.leave()
        else:
            level = place[0].levels.get(place[2]) if place else None
            depth = outline.depth_of_text(indent_of(properties, level).left or 0)
        self.blocks.append(Block(paragraphs[0], marker, depth, hangs))
        self.blocks += [Block(lines, "", depth + hangs) for lines in paragraphs[1:]]
