"""Takes the characters of a page from a PDF, with the rectangle of each on the page as shown."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.formats.reading import UnreadableError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_PRECISION = 1000  # device units a point, for the matrix of a page
_OCR_FONT = b"GlyphLessFont"
_PASSWORD = 4  # an error code of PDFium
_REMEDY = "get a sound copy, or print it to a new PDF"
_MAX_RULE = 3.0  # points: a drawn line is not thicker
_MAX_DRAWINGS = 4000  # shapes of a page that are looked at
_HYPHENS = "\x02\u00ad"  # how PDFium gives a hyphen that the layout of a page added


@dataclass(frozen=True, slots=True)
class Character:
    """A printed character. Lengths are points from the top left corner of the page as shown.

    Attributes:
        text: The character, a code point.
        left: Left edge of its em box, or of its advance.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
        ink: The rectangle of what is printed: left, top, right, bottom.
        baseline: Height of the baseline; for a turned character the place of its baseline.
        size: Size of the font.
        turned: Degrees by which it is turned clockwise, 0 to 359.
        unknown: Whether the file does not tell which character it is.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    ink: tuple[float, float, float, float]
    baseline: float
    size: float
    turned: int
    unknown: bool

    @property
    def blank(self) -> bool:
        """Whether it is white space."""
        return self.text.isspace()


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line or a thin box on a page, in points from its top left corner.

    Attributes:
        left: Left edge.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Whether it is wider than high."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its characters, in the order of the file.

    Attributes:
        number: Its number, from 1.
        width: Its width in points, as it is shown.
        height: Its height.
        characters: Its characters, without blanks that the file does not hold.
        pictures: Share of the page that pictures cover, 0 to 1.
        rules: The rules on the page, such as those around the cells of a table.
        recognised: Whether its words were recognised in a picture (OCR).
    """

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    pictures: float
    rules: tuple[Rule, ...] = ()
    recognised: bool = False


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
        characters = tuple(_characters(text.raw, text.count_chars(), matrix))
        recognised = bool(characters) and _is_of_ocr(text.raw, 0)
    finally:
        text.close()
    rules, pictures = _drawings(page, matrix, width * height)
    return Page(number, width, height, characters, pictures, rules, recognised)


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

    def box(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _characters(text: Any, count: int, matrix: _Matrix) -> Iterator[Character]:
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    transform = pdfium.FS_MATRIX()
    high = 0  # the first half of a code point beyond the basic plane
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(text, place)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if pdfium.FPDFText_IsGenerated(text, place) == 1 and chr(code) not in _HYPHENS:
            continue
        pdfium.FPDFText_GetCharBox(text, place, left, right, bottom, top)
        pdfium.FPDFText_GetLooseCharBox(text, place, box)
        pdfium.FPDFText_GetCharOrigin(text, place, x, y)
        ink = matrix.box(left.value, bottom.value, right.value, top.value)
        loose = matrix.box(box.left, box.bottom, box.right, box.top)
        angle = pdfium.FPDFText_GetCharAngle(text, place)
        turned = (matrix.turned + round(math.degrees(max(angle, 0.0)))) % 360
        sideways = turned in (90, 270)
        origin = matrix.point(x.value, y.value)
        pdfium.FPDFText_GetMatrix(text, place, transform)
        scale = math.sqrt(abs(transform.a * transform.d - transform.b * transform.c))
        yield Character(
            chr(code) if code else "\ufffd",
            *loose,
            ink,
            origin[0] if sideways else origin[1],
            pdfium.FPDFText_GetFontSize(text, place) * scale,
            turned,
            not code or _is_unknown(text, place),
        )


def _is_unknown(text: Any, place: int) -> bool:
    """Return whether PDFium only guesses which character a glyph stands for.

    It says so of all characters in the font without pictures that OCR programs write, too.
    """
    import pypdfium2.raw as pdfium

    return pdfium.FPDFText_HasUnicodeMapError(text, place) == 1 and not _is_of_ocr(text, place)


def _is_of_ocr(text: Any, place: int) -> bool:
    import pypdfium2.raw as pdfium

    name, flags = ctypes.create_string_buffer(len(_OCR_FONT) + 1), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, place, name, len(name), flags)
    return name.value == _OCR_FONT


def _drawings(page: PdfPage, matrix: _Matrix, area: float) -> tuple[tuple[Rule, ...], float]:
    """Return the rules of a page, and the share of it that pictures cover."""
    import pypdfium2.raw as pdfium

    covered, rules = 0.0, list[Rule]()
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]
    for number, thing in enumerate(page.get_objects(filter=kinds, max_depth=2)):
        if number >= _MAX_DRAWINGS:
            break
        left, top, right, bottom = matrix.box(*thing.get_bounds())
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += (right - left) * (bottom - top)
        else:
            rules += _rules_of(left, top, right, bottom)
    return tuple(rules), min(1.0, covered / area) if area else 0.0


def _rules_of(left: float, top: float, right: float, bottom: float) -> Iterator[Rule]:
    """Yield the rules that a drawn shape with these edges may be: itself, or its four sides."""
    wide, high = right - left > _MAX_RULE, bottom - top > _MAX_RULE
    if wide and high:
        yield Rule(left, top, right, top)
        yield Rule(left, bottom, right, bottom)
        yield Rule(left, top, left, bottom)
        yield Rule(right, top, right, bottom)
    elif wide or high:
        yield Rule(left, top, right, bottom)
