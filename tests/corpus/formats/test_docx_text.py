"""The words of paragraphs and tables of a Word file, as Word shows them."""

from __future__ import annotations

import pytest
from docx_markup import field, paragraph, placeholder, row, ruby, run, style, table, text_box
from docx_packing import word_file

from corpus.formats.docx.reader import read_docx

RAISED = '<w:vertAlign w:val="superscript"/>'
WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
BREAK = "<w:r><w:br/></w:r>"
REMOVED = '<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>'


def math(content: str) -> str:
    return f"<m:oMath>{content}</m:oMath>"


def math_text(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


TEXTS = {
    "spaces at the ends go, ideographic ones stay": (
        paragraph("\u3000両省は、 a  b\u00a0") + paragraph(" \t次。 "),
        "\u3000両省は、 a  b\n\n次。\n",
    ),
    "text without xml:space is trimmed": (
        "<w:p><w:r><w:t> a </w:t></w:r><w:r><w:t>b\nc</w:t></w:r></w:p>",
        "ab c\n",
    ),
    "characters are not normalised": (paragraph("⼀ＡＢＣ①㈱"), "⼀ＡＢＣ①㈱\n"),
    "empty paragraphs": (paragraph("") + paragraph("甲") + paragraph("\u3000 "), "甲\n"),
    "line ends": (paragraph(run("甲") + BREAK + run("乙")), "甲\n乙\n"),
    "a blank line of line ends parts blocks": (
        paragraph(run("甲") + BREAK + BREAK + run("乙")),
        "甲\n\n乙\n",
    ),
    "line ends at the edges": (paragraph(BREAK + run("甲") + BREAK), "甲\n"),
    "page and column breaks": (
        paragraph(run("甲") + '<w:r><w:br w:type="page"/></w:r>' + run("乙")),
        "甲\n乙\n",
    ),
    "tabs": (paragraph(run("甲") + "<w:r><w:tab/></w:r>" + run("乙")), "甲\t乙\n"),
    "superscript digits": (paragraph(run("10") + run("9", RAISED) + run("人")), "10⁹人\n"),
    "superscript with a sign": (paragraph(run("10") + run("-９", RAISED)), "10⁻⁹\n"),
    "superscript letters": (paragraph(run("21") + run("st", RAISED)), "21st\n"),
    "superscript of a style": (
        paragraph(run("10") + run("9", '<w:rStyle w:val="up"/>')),
        "10⁹\n",
    ),
    "subscript": (paragraph(run("CO") + run("2", '<w:vertAlign w:val="subscript"/>')), "CO2\n"),
    "raised and small": (
        paragraph(run("10") + run("9", '<w:position w:val="8"/><w:sz w:val="14"/>')),
        "10⁹\n",
    ),
    "raised, but as large as the rest": (
        paragraph(run("20", '<w:position w:val="8"/>') + run("23", '<w:position w:val="8"/>')),
        "2023\n",
    ),
    "formulas": (
        paragraph(
            math(
                f"<m:sSup><m:e>{math_text('10')}</m:e><m:sup>{math_text('9')}</m:sup></m:sSup>"
                f"<m:f><m:num>{math_text('a')}</m:num><m:den>{math_text('b')}</m:den></m:f>"
                f"<m:d><m:e>{math_text('x')}</m:e></m:d>"
                f"<m:rad><m:deg>{math_text('3')}</m:deg><m:e>{math_text('2')}</m:e></m:rad>"
                '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
                f"<m:e>{math_text('n')}</m:e></m:nary>"
            )
        ),
        "10⁹a/b(x)³√(2)∑n\n",
    ),
    "symbols": (
        paragraph(
            '<w:r><w:sym w:font="Symbol" w:char="F0B7"/><w:sym w:font="Wingdings" w:char="F0FC"/>'
            '<w:sym w:font="Arial" w:char="0041"/><w:sym w:font="Arial" w:char="?"/></w:r>'
        ),
        "•✓A\n",
    ),
    "text in a symbol font": (paragraph(run("l 甲n", WINGDINGS)), "● 甲■\n"),
    "a letter of a symbol font without equivalent": (paragraph(run("!", WINGDINGS)), "\uf021\n"),
    "private use in another font": (paragraph("\uf0b7甲\uf0ff"), "•甲\uf0ff\n"),
    "hyphens": (
        paragraph(run("co") + "<w:r><w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/></w:r>"),
        "coop‑\n",
    ),
    "capitals stay as they are typed": (paragraph(run("Plan", "<w:caps/>")), "Plan\n"),
    "ruby": (paragraph(run("日") + ruby("本", "ほん")), "日本\n"),
    "simple field": (paragraph(f'<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>'), "3\n"),
    "field": (paragraph(run("第") + field("REF x", "3") + run("条")), "第3条\n"),
    "field within the code of a field": (
        paragraph(
            field("IF </w:instrText></w:r>" + field("PAGE", "1") + "<w:r><w:instrText>", "甲")
        ),
        "甲\n",
    ),
    "field over paragraphs": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("code"))
        + paragraph('<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("甲"))
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("乙")),
        "甲\n\n乙\n",
    ),
    "field without an end hides nothing": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("甲")) + paragraph("乙"),
        "甲\n\n乙\n",
    ),
    "ruby of old files": (paragraph(field(r"EQ \* jc2 \o\ad(\s\up 9(とう),東)")), "東\n"),
    "circled character of old files": (
        paragraph(field(r"eq \o\ac(○,３)") + field(r"EQ \o\ac(○,秘)")),
        "③秘\n",
    ),
    "link, smart tag and content control": (
        paragraph(
            f'<w:hyperlink r:id="x">{run("甲")}</w:hyperlink><w:smartTag>{run("乙")}</w:smartTag>'
            f"<w:sdt><w:sdtContent>{run('丙')}</w:sdtContent></w:sdt>"
        ),
        "甲乙丙\n",
    ),
    "placeholders": (
        placeholder(paragraph("記入")) + paragraph(run("甲") + placeholder(run("記"))),
        "甲\n",
    ),
    "deleted end of a paragraph": (paragraph("甲", REMOVED) + paragraph("乙"), "甲乙\n"),
    "hidden end of a paragraph": (
        paragraph("甲", "<w:rPr><w:vanish/></w:rPr>") + paragraph("乙"),
        "甲乙\n",
    ),
    "a large first letter": (
        paragraph("T", '<w:framePr w:dropCap="drop"/>') + paragraph("he text"),
        "The text\n",
    ),
    "deleted end before a table": (
        paragraph("甲", REMOVED) + table(row("乙")) + paragraph("丙"),
        "甲\n\n乙\n\n丙\n",
    ),
    "hidden by a style": (
        paragraph(run("甲") + run("乙", '<w:rStyle w:val="hide"/>')),
        "甲\n",
    ),
    "shown again": (
        paragraph(run("甲", '<w:rStyle w:val="hide"/><w:vanish w:val="0"/>')),
        "甲\n",
    ),
    "two styles that hide": (
        paragraph(run("甲", '<w:rStyle w:val="hide"/>') + run("乙"), '<w:pStyle w:val="hidden"/>')
        + paragraph("丙"),
        "甲丙\n",
    ),
    "text boxes come after their paragraph": (
        paragraph(
            run("甲") + text_box(paragraph(run("箱") + text_box(paragraph("内")))) + run("乙")
        )
        + paragraph("丙"),
        "甲乙\n\n箱\n\n内\n\n丙\n",
    ),
    "table in a text box": (paragraph(text_box(table(row("甲", "乙")))), "甲\t乙\n"),
    "a row with two paragraphs in a cell": (
        table(row("甲", paragraph("乙") + paragraph("丙")), row("丁", "戊")),
        "甲\n\n乙\n\n丙\n\n丁\t戊\n",
    ),
    "a cell that is part of the one above": (
        table(
            "<w:tr>"
            + "".join(
                f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(text)}</w:tc>"
                for text, merge in (
                    ("甲", '<w:vMerge w:val="restart"/>'),
                    ("消", "<w:vMerge/>"),
                    ("消", '<w:hMerge w:val="continue"/>'),
                    ("乙", ""),
                )
            )
            + "</w:tr>"
        ),
        "甲\t乙\n",
    ),
    "a frame of one cell": (
        table(row(paragraph(run("甲") + BREAK + run("乙")))),
        "甲\n乙\n",
    ),
    "empty cells": (table(row("", "甲", "", "乙", ""), row("", "")), "甲\t\t乙\n"),
    "deleted row and cell": (
        table(
            "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" + paragraph("消") + "</w:tc></w:tr>",
            "<w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>"
            + paragraph("消")
            + "</w:tc><w:tc>"
            + paragraph("甲")
            + "</w:tc></w:tr>",
        ),
        "甲\n",
    ),
    "alternatives with the same words": (
        paragraph(
            f"<mc:AlternateContent><mc:Choice>{run('甲')}</mc:Choice>"
            f"<mc:Fallback>{run('甲')}</mc:Fallback></mc:AlternateContent>"
        ),
        "甲\n",
    ),
    "alternatives of which only the fallback has words": (
        paragraph(
            "<mc:AlternateContent><mc:Choice><w:r><w:drawing/></w:r></mc:Choice>"
            f"<mc:Fallback>{run('甲')}</mc:Fallback></mc:AlternateContent>"
        ),
        "甲\n",
    ),
    "unknown elements are looked into": (
        "<w:future>" + paragraph(f"<w:new>{run('甲')}</w:new>") + "</w:future>",
        "甲\n",
    ),
}
STYLES = (
    style("up", look=RAISED)
    + style("hide", look="<w:vanish/>")
    + style("hidden", "<w:keepNext/>", look="<w:vanish/>")
)


@pytest.mark.parametrize("name", TEXTS)
def test_text(name):
    body, text = TEXTS[name]
    assert read_docx(word_file(body, styles=STYLES)).text == text
