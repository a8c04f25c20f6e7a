"""Pieces of the XML of Word files, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """Return a paragraph of runs, or of plain text."""
    runs = content if content.startswith("<") or not content else run(content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def numbered(text: str, list_id: int, level: int = 0, properties: str = "") -> str:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, place + properties)


def level(
    number: int,
    form: str,
    text: str,
    *,
    start: int = 1,
    left: int | None = None,
    hanging: int = 360,
    more: str = "",
    look: str = "",
) -> str:
    """Return a level of a list; `more` stands before its text."""
    indent = 720 * (number + 1) if left is None else left
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{escape(text)}"/>'
        f'<w:pPr><w:ind w:left="{indent}" w:hanging="{hanging}"/></w:pPr>'
        f"{f'<w:rPr>{look}</w:rPr>' if look else ''}</w:lvl>"
    )


def lists(*definitions: str, overrides: Mapping[int, tuple[int, str]] | None = None) -> str:
    """Return the content of `numbering.xml`: a list for each definition, with ids from 1.

    `overrides` are more lists by their ids: the number of a definition, and what they change.
    """
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
        for number, levels in enumerate(definitions, 1)
    )
    plain = {number: (number, "") for number in range(1, len(definitions) + 1)}
    return abstract + "".join(
        f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{number}"/>{changes}</w:num>'
        for list_id, (number, changes) in {**plain, **(overrides or {})}.items()
    )


def override(number: int, start: int) -> str:
    """Return the change that makes a level begin with a number."""
    return f'<w:lvlOverride w:ilvl="{number}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def row(*cells: str) -> str:
    """Return a table row. A cell is the XML of its paragraphs, or plain text."""
    return (
        "<w:tr>"
        + "".join(
            f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in cells
        )
        + "</w:tr>"
    )


def table(*rows: str) -> str:
    """Return a table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def text_box(*paragraphs: str) -> str:
    """Return a run with a text box as Word writes it: twice, for newer and for older programs."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox>"
        "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def note(kind: str, number: int, *paragraphs: str) -> str:
    """Return a footnote or endnote."""
    return f'<w:{kind} w:id="{number}">{"".join(paragraphs)}</w:{kind}>'


def reference(kind: str, number: int) -> str:
    """Return a run with the mark of a note."""
    look = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    return f'<w:r>{look}<w:{kind}Reference w:id="{number}"/></w:r>'


def field(code: str, result: str = "") -> str:
    """Return the runs of a field."""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>{shown}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def ruby(base: str, reading: str) -> str:
    """Return a run with a reading above it."""
    return (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(reading)}</w:rt>"
        f"<w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"
    )


def style(style_id: str, properties: str = "", *, look: str = "", based_on: str = "") -> str:
    """Return a style of paragraphs, or of runs if it has only a look."""
    kind = "paragraph" if properties or not look else "character"
    return (
        f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{style_id}"/>'
        f"{f'<w:basedOn w:val={chr(34)}{based_on}{chr(34)}/>' if based_on else ''}"
        f"<w:pPr>{properties}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
    )


def placeholder(content: str) -> str:
    """Return a content control that shows a hint to fill it in."""
    hint = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
    return f"<w:sdt>{hint}<w:sdtContent>{content}</w:sdtContent></w:sdt>"
