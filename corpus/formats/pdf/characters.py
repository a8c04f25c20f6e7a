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
_PASSWORD, _DAMAGED = 4, (2, 3)  # error codes of PDFium
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
class Page:
    """A page with its characters, in the order of the file.

    Attributes:
        number: Its number, from 1.
        width: Its width in points, as it is shown.
        height: Its height.
        characters: Its characters, without blanks that the file does not hold.
        pictures: Share of the page that pictures cover, 0 to 1.
    """

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    pictures: float


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
        raise UnreadableError(
            "is a PDF that is damaged or cut short; get a sound copy, or print it to a new PDF"
        ) from None


def read_pages(document: PdfDocument) -> Iterator[Page]:
    """Yield the pages of a PDF in order. Each is closed before the next one is read."""
    for number in range(len(document)):
        page = document[number]
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
    finally:
        text.close()
    return Page(number, width, height, characters, _picture_share(page, width * height))


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
            pdfium.FPDFText_HasUnicodeMapError(text, place) == 1 or not code,
        )


def _picture_share(page: PdfPage, area: float) -> float:
    """Return the share of a page that pictures cover."""
    import pypdfium2.raw as pdfium

    covered = 0.0
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = thing.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return min(1.0, covered / area) if area else 0.0
