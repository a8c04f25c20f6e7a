"""Makes the PDF files of the tests again: `python tests/data/documents/pdf_samples.py [NAME...]`.

Needs Chromium, LibreOffice, the fonts fonts-ipafont and fonts-noto-cjk, and from pip pikepdf,
pillow, pypdfium2, python-docx and typst. Beside each NAME.pdf stand NAME.txt, the text that a
perfect reader gives, and NAME.pages.json, the pages that each block of it stands on.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from pdf_sources import jucip, printing

FOLDER = Path(__file__).parent / "pdf"
_NOTE = re.compile("[¹²³⁴-⁹]+ |[（(]?注|※")
Make = Callable[[Path], str | None]


def _one_column(target: Path) -> str:
    printing.print_html(jucip.html(jucip.ONE_COLUMN, provisional=False), target)
    return jucip.text(provisional=False)


def _two_columns(target: Path) -> str:
    printing.print_html(jucip.html(jucip.TWO_COLUMNS), target)
    return jucip.text()


def _vertical(target: Path) -> str:
    printing.print_html(jucip.html(jucip.VERTICAL), target)
    return jucip.text()


def _typst(target: Path) -> None:
    printing.print_typst(printing.SOURCES / f"{target.stem}.typ", target)


def _page(target: Path) -> None:
    printing.print_html((printing.SOURCES / f"{target.stem}.html").read_text("utf-8"), target)


SAMPLES: dict[str, Make] = {
    "jucip-one-column": _one_column,
    "jucip-two-columns": _two_columns,
    "jucip-vertical": _vertical,
    "ruby": _page,
    "english-letter": _typst,
    "two-columns-english": _typst,
    "headings-and-articles": _page,
    "sentence-over-pages": _page,
    "sentence-over-pages-ja": _page,
    "bullets": _page,
    "footnotes-ja": _page,
    "table": _page,
    "small-print": _page,
    "header-in-sentence": _page,
    "toc": _page,
    "mixed": _page,
    "watermark": _page,
    "letter-spaced": _page,
    "justified-latin": _page,
}


def pages_of_blocks(target: Path, text: str) -> dict[str, object]:
    """Return on which pages the blocks stand, by aligning the text with that of the pages."""
    printed: list[tuple[str, int]] = []
    with pypdfium2.PdfDocument(target) as pdf:
        count = len(pdf)
        for number, page in enumerate(pdf, 1):
            printed += ((c, number) for c in _visible(page.get_textpage().get_text_range()))
    blocks = text.rstrip("\n").split("\n\n")
    wanted = [(c, index) for index, block in enumerate(blocks) for c in _visible(block)]
    pages: list[set[int]] = [set() for _ in blocks]
    notes = {index for index, block in enumerate(blocks) if _NOTE.match(block)}
    last = [item for item in wanted if item[1] in notes]  # printed at the end of each page
    wanted = [item for item in wanted if item[1] not in notes]
    printed, wanted = _aligned(printed, wanted, 1, pages)
    printed, last = _aligned(printed, wanted + last, 5, pages)
    wanted = _aligned(printed, last, 5, pages)[1]
    if wanted:
        print(f"  not found on the pages: {''.join(c for c, _ in wanted)[:200]}")
    return {"pages": count, "blocks": [sorted(numbers) for numbers in pages]}


def _aligned(
    printed: list[tuple[str, int]],
    wanted: list[tuple[str, int]],
    shortest: int,
    pages: list[set[int]],
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Align printed characters with wanted ones, and return those of both that are left."""
    matcher = difflib.SequenceMatcher(
        None, [c for c, _ in printed], [c for c, _ in wanted], autojunk=False
    )
    gone: set[int] = set()
    found: set[int] = set()
    for start, other, size in matcher.get_matching_blocks():
        if size >= shortest:
            gone.update(range(start, start + size))
            found.update(range(other, other + size))
            for step in range(size):
                pages[wanted[other + step][1]].add(printed[start + step][1])
    return (
        [item for index, item in enumerate(printed) if index not in gone],
        [item for index, item in enumerate(wanted) if index not in found],
    )


def _visible(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def make(name: str) -> None:
    """Write the three files of a sample."""
    target = FOLDER / f"{name}.pdf"
    text = SAMPLES[name](target)
    written = target.with_suffix(".txt")
    if text is not None:
        written.write_text(text, encoding="utf-8")
    pages = pages_of_blocks(target, written.read_text(encoding="utf-8"))
    target.with_suffix(".pages.json").write_text(json.dumps(pages) + "\n", encoding="utf-8")
    print(f"{name}: {target.stat().st_size:,} bytes, {pages['pages']} pages")


if __name__ == "__main__":
    for sample in sys.argv[1:] or SAMPLES:
        make(sample)
