"""Reads a PDF: the text of its pages in reading order, and where each character is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.documents import Cut, CutReason
from corpus.formats.pdf.characters import open_pdf, read_pages
from corpus.formats.pdf.furniture import find_furniture
from corpus.formats.pdf.glyphs import Flow, area_of, flow_of
from corpus.formats.pdf.line_numbers import without_line_numbers
from corpus.formats.pdf.lines import printed_text
from corpus.formats.pdf.placement import PageRows
from corpus.formats.pdf.rows import Row, rows_of
from corpus.formats.pdf.soundness import refuse_garbage, refuse_pictures, warnings_of
from corpus.formats.pdf.tables import find_tables, outside_of
from corpus.formats.pdf.text import write_text
from corpus.formats.reading import Reading, UnreadableError
from corpus.segmentation.page_furniture import is_decorated_number, is_plain_number

MAX_PAGES = 1500


def read_pdf(data: bytes, ocr: str = "") -> Reading:
    """Read a PDF.

    Args:
        data: The file.
        ocr: Languages in which the words in pictures are recognised; empty for none.

    Raises:
        UnreadableError: It is encrypted or damaged, has too many pages, is made of pictures, or
            its characters are not known.
    """
    recognised = ""
    if ocr:
        from corpus.formats.pdf.recognition import recognise

        recognised, data = recognise(data, ocr)
    document = open_pdf(data)
    try:
        if (count := len(document)) > MAX_PAGES:
            raise UnreadableError(f"has {count:,} pages, the limit is {MAX_PAGES:,}; split it")
        pages = list(read_pages(document))
    finally:
        document.close()
    refuse_pictures(pages)
    refuse_garbage(pages)
    flows = [flow_of(page) for page in pages]
    cuts: list[Cut] = []
    page_rows = []
    for flow in flows:
        tables = () if flow.vertical else find_tables(flow.page.rules, flow.glyphs)
        rows, ruby = rows_of(outside_of(tables, flow.glyphs), recognised=flow.page.recognised)
        page_rows.append(PageRows(flow, tuple(rows), tables))
        cuts += (_cut(flow, "ruby", row) for row in ruby)
        cuts += _stray_cuts(flow)
    without = without_line_numbers([page.rows for page in page_rows])
    for place, (rows, numbers) in enumerate(without):
        page = page_rows[place]
        page_rows[place] = replace(page, rows=tuple(rows))
        cuts += (_cut(page.flow, "line number", row) for row in numbers)
    furniture = find_furniture(page_rows)
    cuts += (
        _cut(page_rows[page].flow, reason, page_rows[page].rows[row])
        for (page, row), reason in sorted(furniture.items())
    )
    builder = write_text(printed_text(list(_without(page_rows, furniture))))
    return builder.reading(
        cuts,
        warnings=list(warnings_of(pages, recognised)),
        sizes=[(round(page.width, 1), round(page.height, 1)) for page in pages],
        recognised=recognised,
    )


def _without(
    pages: Sequence[PageRows], furniture: Mapping[tuple[int, int], CutReason]
) -> Iterator[PageRows]:
    for place, page in enumerate(pages):
        kept = (row for number, row in enumerate(page.rows) if (place, number) not in furniture)
        yield PageRows(page.flow, tuple(kept), page.tables)


def _cut(flow: Flow, reason: CutReason, row: Row) -> Cut:
    boxes = [glyph.character.ink for glyph in row.glyphs]
    return Cut(reason, row.text, area_of(flow.page.number, boxes))


def _stray_cuts(flow: Flow) -> Iterator[Cut]:
    for run in flow.strays:
        words = "".join(character.text for character in run).strip()
        if words:
            area = area_of(flow.page.number, [character.ink for character in run])
            is_number = is_decorated_number(words) or is_plain_number(words)
            yield Cut("page number" if is_number else "watermark", words, area)
