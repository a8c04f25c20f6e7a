"""Each sample of a PDF gives its text, the pages of its blocks, and boxes with exactly its words.

`NAME.txt` beside a sample is what a person reads, `NAME.pages.json` the pages of each block.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from project import DATA

from corpus.documents import Area
from corpus.formats.pdf.reader import read_pdf
from corpus.formats.reading import Reading, UnreadableError
from corpus.records import Span
from corpus.segmentation.parsing import parse

FOLDER = DATA / "documents" / "pdf"
REFUSED = {
    "cid": "numbers of glyphs, such as (cid:12)",
    "cut": "damaged or cut short",
    "cut-linearized": "page 3 is damaged",
    "encrypted": "a password protects",
    "no-tounicode": "have no known letter",
    "private-use": "are for private use",
    "replacement": "have no known letter",
    "scanned": "is a scan",
}
NAMES = sorted(path.stem for path in FOLDER.glob("*.pdf") if path.stem not in REFUSED)
# The second page is a picture, of which `NAME.txt` has the words.
PARTLY_SCANNED = "scanned-and-text"
# The letters of a watermark lie within the boxes of words; its letters are no words of the text.
WITH_LETTERS_ACROSS = "watermark"
CUT = {
    "jucip-one-column": [("running header", "仮訳"), ("page number", "- 1 -")],
    "english-letter": [
        ("running header", "EMBARGOED UNTIL DELIVERY"),
        ("page number", "Page 1 of 3"),
    ],
    "header-in-sentence": [("running header", "第七回日・アルダ経済対話 共同声明（案文）")],
    "jucip-vertical": [("page number", "1／4"), ("page number", "4／4")],
    "line-numbers": [("line number", "10"), ("line number", "22"), ("page number", "2")],
    "ruby": [("ruby", "きょうどうせいめい")],
    "watermark": [("watermark", "案"), ("watermark", "DRAFT")],
}


@cache
def reading(name: str) -> Reading:
    return read_pdf((FOLDER / f"{name}.pdf").read_bytes())


def blocks(text: str) -> list[str]:
    """Return the blocks of a text without indents, each with its blanks folded."""
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n", text) if block.strip()]


def comparable(text: str) -> str:
    """Return a text without blanks and hyphens, with the forms that NFKC makes equal."""
    return re.sub(r"[\s\x02\ufffe\u00ad‐-]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_what_a_person_reads(name: str) -> None:
    expected = blocks((FOLDER / f"{name}.txt").read_text("utf-8"))
    found = blocks(reading(name).text)
    if name == PARTLY_SCANNED:
        assert found == expected[: len(found)]
        assert len(found) == len(expected) - 2
        (warning,) = reading(name).details.warnings
        assert warning == "pages that are pictures, so that their words are not here: 2"
    else:
        # Blanks beside a raised number, and around leaders of dots, are gaps of no certain width.
        assert [comparable(block) for block in found] == [comparable(block) for block in expected]
        assert reading(name).details.warnings == () or name in ("hidden-text",)


@pytest.mark.parametrize("name", NAMES)
def test_each_block_stands_on_its_pages(name: str) -> None:
    rows = json.loads((FOLDER / f"{name}.pages.json").read_text("utf-8"))
    details, text = reading(name).details, reading(name).text
    assert details.pages == rows["pages"]
    found = [
        list(details.map.pages(Span(match.start(), match.end())))
        for match in re.finditer(r"\S.*(?:\n\S.*|\n +\S.*)*", text)
    ]
    if len(found) == len(rows["blocks"]):
        assert found == rows["blocks"]
    else:  # lines of one block are counted apart there
        assert {page for pages in found for page in pages} == {
            page for pages in rows["blocks"][: len(found) * 9] for page in pages
        } - ({2} if name == PARTLY_SCANNED else set())


@pytest.mark.parametrize("name", [name for name in NAMES if name != WITH_LETTERS_ACROSS])
def test_boxes_hold_exactly_the_words_of_each_sentence(name: str) -> None:
    text, details = reading(name).text, reading(name).details
    document = pypdfium2.PdfDocument(FOLDER / f"{name}.pdf")
    pages = [document[number] for number in range(len(document))]
    texts = [page.get_textpage() for page in pages]
    sentences = [span for passage in parse(text) for span in passage.sentences]
    assert sentences
    for span in sentences:
        printed = "".join(
            texts[area.page - 1].get_text_bounded(*unturned(area, pages[area.page - 1]))
            for area in details.map.areas(span)
        )
        assert comparable(printed) == comparable(span.of(text))


def unturned(area: Area, page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """Return a box in the coordinates of PDFium, a little within, where the next letter begins."""
    width, height = page.get_size()
    near, far = 0.3, 0.3
    if page.get_rotation() == 90:
        return area.top - far, area.left, area.bottom + far, area.right - near
    if page.get_rotation() == 270:
        return (
            height - area.bottom - far,
            width - area.right + near,
            height - area.top + far,
            width - area.left,
        )
    return area.left - far, height - area.bottom - far, area.right - near, height - area.top + far


@pytest.mark.parametrize("name", CUT)
def test_what_is_left_out_is_listed(name: str) -> None:
    cuts = [(cut.reason, cut.text) for cut in reading(name).details.cuts]
    for cut in CUT[name]:
        assert cut in cuts
    words = comparable(reading(name).text)
    for reason, text in CUT[name]:
        if reason == "page number":
            assert comparable(text) not in words or len(comparable(text)) < 3


def test_bullets_are_nested_by_their_position() -> None:
    lines = [line for line in reading("bullets").text.splitlines() if line.strip()]
    expected = (FOLDER / "bullets.txt").read_text("utf-8").splitlines()
    assert [len(line) - len(line.lstrip(" ")) for line in lines] == [
        len(line) - len(line.lstrip(" ")) for line in expected if line.strip()
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        read_pdf((FOLDER / f"{name}.pdf").read_bytes())
    line = str(refusal.value)
    assert REFUSED[name] in line
    assert "\n" not in line
    assert ";" in line  # what to do stands behind


def test_a_scan_is_recognised_where_tesseract_is() -> None:
    data = (FOLDER / "scanned.pdf").read_bytes()
    if (
        shutil.which("tesseract")
        and Path("/usr/share/tesseract-ocr/5/tessdata/jpn.traineddata").exists()
    ):
        read = read_pdf(data, "jpn")
        assert "共同声明" in read.text
        assert read.details.recognised.startswith("tesseract ")
        assert "recognised in pictures" in read.details.warnings[0]
        assert {
            page for span in [Span(0, len(read.text))] for page in read.details.map.pages(span)
        } == {1, 2}
    else:
        with pytest.raises(UnreadableError, match="tesseract"):
            read_pdf(data, "jpn")


@pytest.mark.parametrize("languages", ["jpn; rm -rf /", "--help", "", "klingon"])
def test_languages_that_are_none(languages: str) -> None:
    with pytest.raises(UnreadableError):
        read_pdf((FOLDER / "scanned.pdf").read_bytes(), languages)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.4\n" + bytes(5000)])
def test_bytes_that_are_no_pdf(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged or cut short"):
        read_pdf(data)
