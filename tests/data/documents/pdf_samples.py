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
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from pdf_sources import jucip, printing, unusual, word

FOLDER = Path(__file__).parent / "pdf"
_NOTE = re.compile("[¹²³⁴-⁹]+ |[（(]?注|※")
Make = Callable[[Path], str | None]  # returns the text; None where NAME.txt is written by hand


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


def _libreoffice(target: Path) -> str:
    document = word.japanese_file()
    for kind, depth, words in jucip.blocks(provisional=True):
        word.add(document, kind, depth, words)
    with tempfile.TemporaryDirectory() as folder:
        printing.print_word_file(word.save(document, folder, target.stem), target)
    return jucip.text()


def _word_bullets(target: Path) -> None:
    document = word.english_file()
    for block in (printing.SOURCES / "bullets-word.txt").read_text("utf-8").split("\n"):
        words = block.lstrip("*")
        paragraph = document.add_paragraph(words.strip())
        if words != block:
            word.number(paragraph, len(block) - len(words) - 1, 91)
    with tempfile.TemporaryDirectory() as folder:
        printing.print_word_file(word.save(document, folder, target.stem), target)


def _letter_by_letter(target: Path) -> str:
    sentences = (f"Sentence {number} of this page was set letter by letter." for number in _COUNT)
    words = " ".join(sentences)
    unusual.write_letter_by_letter(words, target)
    return f"{words}\n"


def _changed(change: Callable[[Path], None], source: str = "") -> Make:
    """Return what prints a page (NAME.html unless another is given) and changes the file."""

    def make_changed(target: Path) -> None:
        page = printing.SOURCES / f"{source or target.stem}.html"
        printing.print_html(page.read_text("utf-8"), target)
        change(target)

    return make_changed


def _from(name: str, change: Callable[[Path, Path], None]) -> Make:
    """Return what makes a file from another sample, which has the same text."""

    def make_from(target: Path) -> str:
        change(FOLDER / f"{name}.pdf", target)
        return (FOLDER / f"{name}.txt").read_text("utf-8")

    return make_from


_COUNT = range(1, 195)
_PAGES = (
    *("ruby", "headings-and-articles", "sentence-over-pages", "sentence-over-pages-ja"),
    *("bullets", "footnotes-ja", "table", "small-print", "header-in-sentence", "toc", "mixed"),
    *("watermark", "letter-spaced", "justified-latin", "empty-page", "cid", "text-layer"),
)
SAMPLES: dict[str, Make] = {
    "jucip-one-column": _one_column,
    "jucip-two-columns": _two_columns,
    "jucip-vertical": _vertical,
    "jucip-libreoffice": _libreoffice,
    "bullets-word": _word_bullets,
    "english-letter": _typst,
    **dict.fromkeys(("two-columns-english", "three-columns", "line-numbers"), _typst),
    **dict.fromkeys(_PAGES, _page),
    "landscape": _changed(unusual.turn),
    "links-and-javascript": _changed(unusual.add_script),
    "annotations": _changed(unusual.add_comments),
    "no-tounicode": _changed(unusual.forget_characters, "text-layer"),
    "private-use": _changed(
        lambda target: unusual.rename_characters(target, 0xE000, step=1), "text-layer"
    ),
    "replacement": _changed(
        lambda target: unusual.rename_characters(target, 0xFFFD, step=0, above=0x30FF),
        "text-layer",
    ),
    "scanned": _changed(lambda target: unusual.scan(target, (0, 1)), "scanned"),
    "scanned-and-text": _changed(lambda target: unusual.scan(target, (1,)), "scanned"),
    "hidden-text": _changed(lambda target: unusual.scan(target, (0, 1), text=True), "scanned"),
    "many-objects": _letter_by_letter,
    "encrypted": _from("ruby", lambda s, t: unusual.encrypt(s, t, "secret", "owner")),
    "encrypted-owner": _from("ruby", lambda s, t: unusual.encrypt(s, t, "", "owner")),
    "cut": _from("sentence-over-pages-ja", lambda s, t: unusual.cut(s, t, 0.6)),
    "cut-linearized": _from("english-letter", lambda s, t: unusual.cut(s, t, 0.9, linearized=True)),
}
# What is printed on these pages is no text of the file. Its text shows what people read there.
_SHAPES = "the file does not tell which characters its shapes are"
UNREADABLE = {
    "no-tounicode": _SHAPES,
    "private-use": _SHAPES,
    "replacement": _SHAPES,
    "cid": _SHAPES,
    "scanned": "all pages are pictures",
    "scanned-and-text": "page 2 is a picture",
    "encrypted": "a password is needed; it is `secret`",
    "cut": "the end of the file is missing",
    "cut-linearized": "the end of the file is missing, with pages 2 and 3",
}
TWINS = {  # samples with the same text on the same pages, in a form that can be read
    **dict.fromkeys(("no-tounicode", "private-use", "replacement"), "text-layer"),
    **dict.fromkeys(("scanned", "scanned-and-text"), "hidden-text"),
    "encrypted": "ruby",
    "cut": "sentence-over-pages-ja",
    "cut-linearized": "english-letter",
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
    readable = FOLDER / f"{TWINS.get(name, name)}.pdf"
    pages = pages_of_blocks(readable, written.read_text(encoding="utf-8"))
    if name in UNREADABLE:
        pages["unreadable"] = UNREADABLE[name]
    target.with_suffix(".pages.json").write_text(
        json.dumps(pages, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{name}: {target.stat().st_size:,} bytes, {pages['pages']} pages")


if __name__ == "__main__":
    for sample in sys.argv[1:] or SAMPLES:
        make(sample)
