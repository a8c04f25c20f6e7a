"""Prints HTML, Word files and Typst sources as PDF, with the programs that authors use."""

from __future__ import annotations

import io
import logging
import subprocess
import tempfile
from pathlib import Path

import pikepdf
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.ERROR)  # of the dates that LibreOffice writes
SOURCES = Path(__file__).parent
_CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-pdf-header-footer"),
)


def print_html(html: str, target: Path) -> None:
    """Print a page with Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        run(
            *_CHROMIUM,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            page.as_uri(),
        )
    settle(target)


def print_word_file(document: Path, target: Path) -> None:
    """Print a file that LibreOffice opens, such as a Word file."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, document)
        Path(folder, document.stem).with_suffix(".pdf").replace(target)
    settle(target)


def print_typst(source: Path, target: Path) -> None:
    """Print a Typst source."""
    import typst

    typst.compile(str(source), output=str(target))
    settle(target)


def settle(target: Path) -> None:
    """Take the dates out of a file, so that the next run writes the same bytes."""
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        for name in ("/CreationDate", "/ModDate"):
            if name in pdf.docinfo:
                del pdf.docinfo[name]
        for name in ("/ID", "/DocChecksum"):
            if name in pdf.trailer:
                del pdf.trailer[name]
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
                item.FontFile2.write(_without_hints(item.FontFile2.read_bytes()))
        save(pdf, target)


def _without_hints(data: bytes) -> bytes:
    """Return a TrueType font without what printing does not need, which is half of its bytes."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    for table in ("prep", "fpgm", "cvt ", "gasp", "GSUB", "GPOS", "GDEF", "vmtx", "vhea", "name"):
        if table in font:
            del font[table]
    font["head"].created = font["head"].modified = 0
    for glyph in font["glyf"].glyphs.values():
        glyph.expand(font["glyf"])
        glyph.removeHinting()
    slim = io.BytesIO()
    font.save(slim)
    return slim.getvalue()


def save(pdf: pikepdf.Pdf, target: Path, **options: object) -> None:
    """Write a file whose id depends on its content only."""
    streams = pikepdf.ObjectStreamMode.generate
    options.setdefault("deterministic_id", True)
    pdf.remove_unreferenced_resources()
    pdf.save(target, object_stream_mode=streams, compress_streams=True, **options)


def run(*command: str | Path) -> None:
    """Run a program that must succeed."""
    subprocess.run(command, check=True, capture_output=True, timeout=180)
