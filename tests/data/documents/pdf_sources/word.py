"""Word files with lists that the word processor numbers itself, for printing by LibreOffice."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

_LISTS = """<w:abstractNum {names} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:suff w:val="nothing"/>
<w:lvlText w:val="・"/>
<w:pPr><w:ind w:left="210" w:hanging="210"/></w:pPr>
<w:rPr><w:rFonts w:ascii="IPAMincho" w:eastAsia="IPAMincho" w:hAnsi="IPAMincho"/></w:rPr></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="(%2)"/>
<w:pPr><w:ind w:left="735" w:hanging="420"/></w:pPr></w:lvl></w:abstractNum>"""
# What Word writes for its usual bullets: characters of symbol fonts in the private use area.
_SYMBOLS = """<w:abstractNum {names} w:abstractNumId="91">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>
<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr>
<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/>
<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr>
<w:rPr><w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/></w:rPr></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0a7"/>
<w:pPr><w:ind w:left="1080" w:hanging="360"/></w:pPr>
<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr></w:lvl></w:abstractNum>"""
_NUMBER = '<w:num {names} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'


def japanese_file() -> WordFile:
    """Return an empty Word file in Mincho, justified, with the page number at the foot."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(29)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "IPAMincho", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "IPAMincho")
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    style.paragraph_format.space_after = Pt(6)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = '<w:fldSimple {names} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    foot._p.append(_element(field))
    _add_list(document, _LISTS, 90)
    return document


def english_file() -> WordFile:
    """Return an empty Word file whose bullets are the usual ones of Word."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(11)
    style.paragraph_format.space_after = Pt(6)
    _add_list(document, _SYMBOLS, 91)
    return document


def add(document: WordFile, kind: str, depth: int, words: str) -> None:
    """Add a block; its marker becomes one that the word processor writes."""
    if kind in ("bullet", "item"):
        words = words.removeprefix("・") if kind == "bullet" else words.split(" ", 1)[1]
    paragraph = document.add_paragraph(words)
    if kind in ("bullet", "item"):
        number(paragraph, depth, 90)
    elif kind == "h1":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.runs[0].font.size = Pt(13)
    elif kind == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    else:
        paragraph.paragraph_format.first_line_indent = Pt(10.5)


def save(document: WordFile, folder: str, name: str) -> Path:
    """Write the file into a folder."""
    path = Path(folder, f"{name}.docx")
    document.save(str(path))
    return path


def number(paragraph: Paragraph, depth: int, list_number: int) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = depth
    properties.get_or_add_numId().val = list_number


def _add_list(document: WordFile, definition: str, list_number: int) -> None:
    numbering = document.part.numbering_part.element
    numbering.insert(0, _element(definition))
    numbering.append(_element(_NUMBER.replace("{number}", str(list_number))))


def _element(xml: str) -> BaseOxmlElement:
    return parse_xml(xml.format(names=nsdecls("w")))
