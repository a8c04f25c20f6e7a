"""Takes the characters of a page from a PDF, with the rectangle of each on the page as shown."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.formats.pdf.bullets import with_bullets
from corpus.formats.pdf.drawings import read_drawings
from corpus.formats.pdf.pages import Box, Character, Page
from corpus.formats.reading import UnreadableError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_PRECISION = 1000  # device units a point, for the matrix of a page
_OCR_FONT = b"GlyphLessFont"
_PASSWORD = 4  # an error code of PDFium
_REMEDY = "get a sound copy, or print it to a new PDF"
_WIDE = ("W", "F")  # widths of characters that fill a square, in Unicode
_DESCENT = 0.12  # of the size: how far such a square reaches below the baseline
_MAX_NAME = 128  # bytes of the name of a font
_SUBSET = re.compile(r"\A[A-Z]{6}\+")  # stands before the name of a font that is embedded in part
_HYPHENS = (0x02, 0xAD)  # how PDFium gives a hyphen that the layout of a page added


def open_pdf(data: bytes) -> PdfDocument:
    """Open a PDF.

    Raises:
        UnreadableError: It is encrypted or damaged.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise UnreadableError(
                "is a PDF that a password protects; save it without the password"
            ) from None
        raise UnreadableError(f"is a PDF that is damaged or cut short; {_REMEDY}") from None


def read_pages(document: PdfDocument) -> Iterator[Page]:
    """Yield the pages of a PDF in order. Each is closed before the next one is read.

    Raises:
        UnreadableError: A page is damaged.
    """
    from pypdfium2 import PdfiumError

    for number in range(len(document)):
        try:
            page = document[number]
        except PdfiumError:
            raise UnreadableError(
                f"is a PDF whose page {number + 1} is damaged; {_REMEDY}"
            ) from None
        try:
            yield _read_page(page, number + 1)
        finally:
            page.close()


def _read_page(page: PdfPage, number: int) -> Page:
    width, height = page.get_size()
    matrix = _Matrix(page, width, height)
    text = page.get_textpage()
    try:
        characters = list(_characters(text.raw, text.count_chars(), matrix))
        recognised = bool(characters) and _is_of_ocr(text.raw, 0)
    finally:
        text.close()
    drawings = read_drawings(page.raw, matrix.box)
    pictures = min(1.0, drawings.pictures / (width * height)) if width * height else 0.0
    characters = with_bullets(characters, drawings.dots)
    rules = tuple(drawings.rules)
    return Page(number, width, height, tuple(characters), pictures, rules, recognised)


class _Matrix:
    """Turns coordinates of a page into points from the top left corner of the page as shown."""

    def __init__(self, page: PdfPage, width: float, height: float) -> None:
        import pypdfium2.raw as pdfium

        def shown(x: float, y: float) -> tuple[float, float]:
            size = (round(width * _PRECISION), round(height * _PRECISION))
            across, down = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
            return across.value / _PRECISION, down.value / _PRECISION

        self._x, self._y = shown(0, 0)
        right, up = shown(1000, 0), shown(0, 1000)
        self._a, self._b = (right[0] - self._x) / 1000, (right[1] - self._y) / 1000
        self._c, self._d = (up[0] - self._x) / 1000, (up[1] - self._y) / 1000
        # Degrees by which the page is turned clockwise.
        self.turned = round(math.degrees(math.atan2(self._b, self._a))) % 360

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self._x + self._a * x + self._c * y, self._y + self._b * x + self._d * y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        a, b, c, d, x, y = self._a, self._b, self._c, self._d, self._x, self._y
        x1, y1 = x + a * left + c * bottom, y + b * left + d * bottom
        x2, y2 = x + a * right + c * top, y + b * right + d * top
        if x1 > x2:
            x1, x2 = x2, x1
        return (x1, y1, x2, y2) if y1 <= y2 else (x1, y2, x2, y1)


def _characters(text: Any, count: int, matrix: _Matrix) -> Iterator[Character]:
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    high = 0  # the first half of a code point beyond the basic plane
    fonts = _Fonts(text, matrix.turned)
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(text, place)
        if 0xD800 <= code < 0xE000:
            if code < 0xDC00:
                high = code
                continue
            if high:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if code not in _HYPHENS and pdfium.FPDFText_IsGenerated(text, place) == 1:
            continue
        pdfium.FPDFText_GetCharBox(text, place, left, right, bottom, top)
        pdfium.FPDFText_GetLooseCharBox(text, place, box)
        pdfium.FPDFText_GetCharOrigin(text, place, x, y)
        ink = matrix.box(left.value, bottom.value, right.value, top.value)
        loose = matrix.box(box.left, box.bottom, box.right, box.top)
        size, turned = fonts.size_and_turn(place)
        origin = matrix.point(x.value, y.value)
        char = chr(code) if code else "\ufffd"
        if loose == ink and not turned:
            loose = _em_box(char, ink, *origin, size)
        yield Character(
            char,
            *loose,
            ink,
            origin[turned not in (90, 270)],
            size,
            turned,
            not code or fonts.is_unknown(place),
            char.isspace(),
            fonts.name(place),
        )


class _Fonts:
    """Looks up the font of each character. Most have the same matrix as the one before."""

    def __init__(self, text: Any, page_turned: int) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium, self._text, self._page_turned = pdfium, text, page_turned
        self._matrix = pdfium.FS_MATRIX()
        self._known: dict[tuple[float, float, float, float], tuple[float, int]] = {}
        self._buffer, self._flags = ctypes.create_string_buffer(_MAX_NAME), ctypes.c_int()
        self._names: dict[bytes, str] = {}

    def size_and_turn(self, place: int) -> tuple[float, int]:
        """Return the size of a character, and the degrees by which it is turned clockwise."""
        pdfium, matrix = self._pdfium, self._matrix
        pdfium.FPDFText_GetMatrix(self._text, place, matrix)
        key = (matrix.a, matrix.b, matrix.c, matrix.d)
        known = self._known.get(key)
        if known is None:
            scale = math.sqrt(abs(key[0] * key[3] - key[1] * key[2]))
            angle = max(pdfium.FPDFText_GetCharAngle(self._text, place), 0.0)
            known = scale, (self._page_turned + round(math.degrees(angle))) % 360
            self._known[key] = known
        return pdfium.FPDFText_GetFontSize(self._text, place) * known[0], known[1]

    def name(self, place: int) -> str:
        """Return the name of the font of a character, such as `Times-Bold`."""
        self._pdfium.FPDFText_GetFontInfo(self._text, place, self._buffer, _MAX_NAME, self._flags)
        key = self._buffer.value
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = _SUBSET.sub("", key.decode("utf-8", "replace"))
        return name

    def is_unknown(self, place: int) -> bool:
        """Return whether PDFium only guesses which character a glyph stands for.

        It says so of all characters in the font without pictures that OCR programs write, too.
        """
        failed = self._pdfium.FPDFText_HasUnicodeMapError(self._text, place) == 1
        return failed and not _is_of_ocr(self._text, place)


def _em_box(char: str, ink: Box, left: float, baseline: float, size: float) -> Box:
    """Return the square or the advance of a character of which PDFium knows only what is printed.

    It is so where the file says in another way (ActualText) which character it is.
    """
    bottom = baseline + _DESCENT * size
    top = bottom - size
    if unicodedata.east_asian_width(char) not in _WIDE:
        return ink[0], min(top, ink[1]), ink[2], max(bottom, ink[3])
    if not ink[0] - size < left <= ink[0]:
        left = (ink[0] + ink[2] - size) / 2
    return left, top, left + size, bottom


def _is_of_ocr(text: Any, place: int) -> bool:
    import pypdfium2.raw as pdfium

    name, flags = ctypes.create_string_buffer(len(_OCR_FONT) + 1), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, place, name, len(name), flags)
    return name.value == _OCR_FONT
