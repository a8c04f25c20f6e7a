"""Each word of a Word file has its place, also those that are not in the text."""

from __future__ import annotations

import pytest
from docx_markup import (
    note,
    paragraph,
    placeholder,
    reference,
    row,
    ruby,
    run,
    table,
    text_box,
)
from docx_packing import word_file
from project import DATA

from corpus.formats.docx.paths import text_at
from corpus.formats.docx.reader import read_docx

FILES = sorted((DATA / "documents" / "docx").glob("*.docx"))
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_stretches_of_samples_are_what_stands_at_their_places(path):
    data = path.read_bytes()
    reading = read_docx(data)
    stretches = reading.details.map.stretches
    assert stretches
    positions: dict[str, int] = {}
    for stretch in stretches:
        words = reading.text[stretch.start : stretch.end].translate(DIGITS)
        there = text_at(data, stretch.where)
        place = there.find(words, positions.get(stretch.where, 0))
        assert place >= 0, (stretch.where, words)
        positions[stretch.where] = place + len(words)


def test_what_is_not_in_the_text_is_listed_with_its_reason_and_place():
    removed = '<w:id w:val="1"/>'
    body = (
        paragraph(run("甲") + f"<w:del>{run('一')}{run('二')}</w:del>" + run("乙", "<w:vanish/>"))
        + paragraph(ruby("本", "ほん") + ruby("本", "もと") + placeholder(run("記")))
        + paragraph(
            f"<w:moveFrom>{run('丙')}</w:moveFrom><w:del>{reference('footnote', 1)}</w:del>"
        )
        + table(f"<w:tr><w:trPr><w:del/>{removed}</w:trPr><w:tc>{paragraph('丁')}</w:tc></w:tr>")
        + paragraph(f"<w:del>{text_box(paragraph('箱'), table(row('表')))}</w:del>")
        + table(row("戊"))
        + paragraph(text_box(paragraph("己")))
        + '<w:sectPr><w:headerReference r:id="header1"/><w:headerReference r:id="header2"/>'
        + '<w:footerReference r:id="footer1"/></w:sectPr>'
    )
    reading = read_docx(
        word_file(
            body,
            footnotes=note("footnote", 1, paragraph("注")),
            comments=f"<w:comment>{paragraph('要')}{paragraph('確認')}</w:comment>",
            header1=paragraph("取扱注意"),
            header2=paragraph(""),
            footer1=paragraph("1"),
        )
    )
    assert reading.text == "甲\n\n本本\n\n戊\n\n己\n"
    assert [(cut.reason, cut.text, cut.where) for cut in reading.details.cuts] == [
        ("deleted", "一二", "paragraph 1"),
        ("hidden", "乙", "paragraph 1"),
        ("ruby", "ほん", "paragraph 2"),
        ("ruby", "もと", "paragraph 2"),
        ("form", "記", "paragraph 2"),
        ("deleted", "丙 注", "paragraph 3"),
        ("deleted", "丁", "table 1, row 1"),
        ("deleted", "箱\n表", "paragraph 5"),
        ("running header", "取扱注意", "header 1"),
        ("running header", "1", "footer 1"),
        ("comment", "要\n確認", "comment 1"),
    ]
    assert [s.where for s in reading.details.map.stretches] == [
        *("paragraph 1", "paragraph 2", "table 2, row 1", "text box 2"),
    ]


def test_numbers_of_tables_and_boxes_go_on_after_what_is_left_out():
    body = placeholder(
        paragraph("甲") + table(row("乙")) + paragraph(text_box(paragraph("丙")))
    ) + (table(row("丁")) + paragraph(run("戊") + text_box(paragraph("己"))))
    data = word_file(body)
    reading = read_docx(data)
    places = {reading.text[s.start : s.end]: s.where for s in reading.details.map.stretches}
    assert places == {"丁": "table 2, row 1", "戊": "paragraph 3", "己": "text box 2"}
    assert {words: text_at(data, where) for words, where in places.items()} == {
        words: words for words in places
    }


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("paragraph 1", "甲"),
        ("paragraph 2", "乙"),
        ("table 1, row 1", "一"),
        ("table 2, row 1", "二"),
        ("text box 1", "箱"),
        ("footnote 1", "注"),
        ("endnote 1", "末"),
        ("comment 1", "評"),
        ("header 1", "頭"),
        ("footer 1", "脚"),
    ],
)
def test_text_at_a_path(path, words):
    body = (
        paragraph(run("甲") + text_box(paragraph("箱")) + reference("footnote", 1))
        + table(row("一"), row(table(row("二"))))
        + paragraph(run("乙") + reference("endnote", 1))
        + '<w:sectPr><w:headerReference r:id="header1"/>'
        + '<w:footerReference r:id="footer1"/></w:sectPr>'
    )
    data = word_file(
        body,
        footnotes=note("footnote", 1, paragraph("注")),
        endnotes=note("endnote", 1, paragraph("末")),
        comments=f"<w:comment>{paragraph('評')}</w:comment>",
        header1=paragraph("頭"),
        footer1=paragraph("脚"),
    )
    assert text_at(data, path) == words


@pytest.mark.parametrize(
    "path", ["paragraph 2", "table 1, row 1", "paragraph 0", "footnote 1", "x"]
)
def test_no_text_at_a_path_that_does_not_exist(path):
    with pytest.raises(KeyError):
        text_at(word_file(paragraph("甲")), path)
