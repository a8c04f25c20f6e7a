"""Recognises the words on scanned pages with tesseract (OCR), where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.formats.pdf.characters import open_pdf
from corpus.formats.reading import UnreadableError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 200  # each takes seconds
_DPI = 300  # what tesseract is trained for
_POINTS = 72  # an inch
_MAX_SIDE = 8000  # pixels of a picture; larger pages are recognised with fewer
_MIN_TEXT = 20  # characters of a page that is not recognised, since it has text
_LANGUAGES = re.compile(r"[A-Za-z_]+(?:\+[A-Za-z_]+)*")


def recognise(data: bytes, languages: str) -> tuple[str, bytes]:
    """Return a PDF with the words that its scanned pages show, at their places.

    Args:
        data: The PDF. Its pages with text stay as they are.
        languages: Languages as tesseract names them, such as `jpn+eng`.

    Returns:
        The name of the program with the languages, such as `tesseract 5.3.0 (jpn)`; empty if no
        page was recognised. And the PDF.

    Raises:
        UnreadableError: tesseract or a language is not installed, or there are too many pages.
    """
    document = open_pdf(data)
    try:
        scanned = [number for number in range(len(document)) if _is_scanned(document[number])]
        if not scanned:
            return "", data
        if len(scanned) > MAX_PAGES:
            raise UnreadableError(
                f"has {len(scanned):,} scanned pages, {MAX_PAGES} at most are recognised; split it"
            )
        name = _program(languages)
        with tempfile.TemporaryDirectory(prefix="shutten-ocr-") as folder:
            pages = {
                number: _recognised(document[number], Path(folder) / str(number), languages)
                for number in scanned
            }
        return name, _merged(document, pages)
    finally:
        document.close()


def _is_scanned(page: PdfPage) -> bool:
    text = page.get_textpage()
    try:
        return len("".join(text.get_text_range().split())) < _MIN_TEXT
    finally:
        text.close()


def _program(languages: str) -> str:
    """Return the name and version of tesseract, with the languages."""
    if not _LANGUAGES.fullmatch(languages):
        raise UnreadableError(
            f"cannot be recognised in {languages!a}; name languages as tesseract does: jpn+eng"
        )
    if not shutil.which("tesseract"):
        raise UnreadableError(
            "is a scan, and tesseract, which recognises words, is not installed; install it, such "
            "as with `apt install tesseract-ocr tesseract-ocr-jpn`"
        )
    installed = set(_run("--list-langs").split())
    if missing := [name for name in languages.split("+") if name not in installed]:
        package = missing[0].replace("_", "-")
        raise UnreadableError(
            f"is a scan, and tesseract has no {missing[0]!r} here; install it, such as with "
            f"`apt install tesseract-ocr-{package}`"
        )
    version = re.search(r"tesseract v?(\S+)", _run("--version"))
    return f"tesseract {version[1] if version else ''} ({languages})".replace("  ", " ")


def _run(*arguments: str) -> str:
    done = subprocess.run(["tesseract", *arguments], capture_output=True, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _recognised(page: PdfPage, picture: Path, languages: str) -> bytes:
    """Return a page of words at the places where a page shows them."""
    width, height = page.get_size()
    dpi = min(_DPI, round(_MAX_SIDE * _POINTS / max(width, height, 1)))
    page.render(scale=dpi / _POINTS, grayscale=True).to_pil().save(picture.with_suffix(".png"))
    done = subprocess.run(
        [
            *("tesseract", str(picture.with_suffix(".png")), str(picture), "-l", languages),
            *("--dpi", str(dpi), "-c", "textonly_pdf=1", "pdf"),
        ],
        capture_output=True,
        check=False,
    )
    result = picture.with_suffix(".pdf")
    if done.returncode or not result.exists():
        raise UnreadableError("cannot be recognised by tesseract; scan it anew")
    return result.read_bytes()


def _merged(document: PdfDocument, pages: dict[int, bytes]) -> bytes:
    """Return a document in which some pages are replaced."""
    from pypdfium2 import PdfDocument

    merged = PdfDocument.new()
    for number in range(len(document)):
        if number in pages:
            merged.import_pages(PdfDocument(pages[number]))
        else:
            merged.import_pages(document, [number])
    result = BytesIO()
    merged.save(result)
    return result.getvalue()
