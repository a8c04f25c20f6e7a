"""Draws the pages of a PDF."""

from __future__ import annotations

from io import BytesIO

from corpus.formats.pdf.characters import open_pdf
from corpus.formats.reading import UnreadableError

_MAX_SIDE = 2400  # pixels


def page_picture(data: bytes, page: int, width: int) -> bytes:
    """Return a page as a PNG picture.

    Args:
        data: The PDF.
        page: Number of the page, from 1.
        width: Width of the picture in pixels. It is less where the picture would be too high.

    Raises:
        UnreadableError: The PDF is damaged, or has no such page.
    """
    document = open_pdf(data)
    try:
        if not 1 <= page <= len(document):
            raise UnreadableError(f"has no page {page}; it has {len(document)}")
        shown = document[page - 1]
        across, down = shown.get_size()
        scale = min(width / max(across, 1), _MAX_SIDE / max(down, 1), _MAX_SIDE / max(across, 1))
        picture = shown.render(scale=scale, may_draw_forms=False).to_pil()
        result = BytesIO()
        picture.save(result, "PNG", optimize=False)
        return result.getvalue()
    finally:
        document.close()
