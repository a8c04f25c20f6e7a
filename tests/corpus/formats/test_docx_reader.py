"""Word files are read as Word shows them: samples, notes, facts and warnings."""

from __future__ import annotations

import pytest
from docx_markup import field, level, lists, note, numbered, paragraph, reference, run, table
from docx_packing import word_file
from project import DATA

from corpus.formats.docx.reader import READER, read_docx
from corpus.library import bundled_paths
from corpus.segmentation.parsing import parse

FILES = sorted((DATA / "documents" / "docx").glob("*.docx"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sample(path):
    reading = read_docx(path.read_bytes())
    assert reading.text == path.with_suffix(".txt").read_text("utf-8")


def test_the_name_of_the_reader():
    assert READER == "docx 1"


def test_the_bundled_statement_has_the_same_sentences_and_structure_as_its_text():
    (path,) = (path for path in bundled_paths() if path.stem == "jucip-2023-05-26.ja")
    original = path.read_text("utf-8")
    text = read_docx((DATA / "documents" / "docx" / "jucip.docx").read_bytes()).text

    def structure(statement):
        return [
            (p.kind, p.section, p.number, [sentence.of(statement) for sentence in p.sentences])
            for p in parse(statement)
        ]

    assert structure(text) == structure(original)
    assert len(structure(text)) == 18


NESTING = {
    "japanese-lists": [
        ("第１条", "bullet", (1,)),
        ("第２条", "bullet", (1,)),
        ("（１）", "bullet", (1,)),
        ("ア", "item", (1, 1)),
        ("イ", "item", (1, 2)),
        ("①", "item", (1, 2, 1)),
        ("②", "item", (1, 2, 2)),
        ("ウ", "item", (1, 3)),
        ("（２）", "bullet", (2,)),
        ("イ．", "bullet", (1,)),
        ("ロ．", "bullet", (2,)),
    ],
    "english-outline": [
        ("(a)", "bullet", (1,)),
        ("(i)", "item", (1, 1)),
        ("(ii)", "item", (1, 2)),
        ("(b)", "bullet", (2,)),
        ("(a)", "bullet", (1,)),
        ("1)", "bullet", (1,)),
        ("2)", "bullet", (2,)),
        ("1)", "bullet", (1,)),
        ("2)", "bullet", (2,)),
        ("7)", "bullet", (1,)),
        ("8)", "bullet", (2,)),
    ],
    "pandoc": [
        ("1.", "bullet", (1,)),
        ("(a)", "item", (1, 1)),
        ("(b)", "item", (1, 2)),
        ("2.", "bullet", (2,)),
        ("•", "bullet", (1,)),
        ("•", "bullet", (2,)),
        ("¹", "note", ()),
    ],
}


@pytest.mark.parametrize("name", NESTING)
def test_passages_are_nested_as_in_the_file(name):
    text = read_docx((DATA / "documents" / "docx" / f"{name}.docx").read_bytes()).text
    marked = [(p.marker, p.kind, p.number) for p in parse(text) if p.marker]
    assert marked == NESTING[name]


def test_notes_stand_at_the_end_in_the_order_of_their_references():
    body = paragraph(
        run("甲") + reference("footnote", 5) + run("。") + reference("footnote", 2)
    ) + (paragraph(run("乙") + reference("footnote", 5) + reference("footnote", 99)))
    notes = note("footnote", 2, paragraph(" 二番。")) + note(
        "footnote", 5, paragraph("一番。"), numbered("項目", 1)
    )
    reading = read_docx(
        word_file(body, footnotes=notes, numbering=lists(level(0, "decimal", "%1.")))
    )
    assert reading.text == "甲¹。²\n\n乙¹\n\n¹ 一番。\n\n  1. 項目\n\n² 二番。\n"
    assert [s.where for s in reading.details.map.stretches][-2:] == ["footnote 1", "footnote 2"]
    assert reading.details.warnings == ()


@pytest.mark.parametrize(
    ("settings", "text", "warns"),
    [
        ('<w:numStart w:val="7"/>', "甲⁷\n\n⁷ 注。\n", False),
        ('<w:numFmt w:val="lowerRoman"/>', "甲¹\n\n¹ 注。\n", True),
        ('<w:numRestart w:val="eachPage"/>', "甲¹\n\n¹ 注。\n", True),
        ('<w:numFmt w:val="decimal"/>', "甲¹\n\n¹ 注。\n", False),
    ],
)
def test_numbers_of_notes(settings, text, warns):
    body = paragraph(run("甲") + reference("footnote", 1))
    reading = read_docx(
        word_file(
            body,
            footnotes=note("footnote", 1, paragraph("注。")),
            settings=f"<w:footnotePr>{settings}</w:footnotePr>",
        )
    )
    assert reading.text == text
    assert bool(reading.details.warnings) == warns


def test_a_note_with_a_mark_of_its_own():
    mark = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>※</w:t></w:r>'
    body = paragraph(run("甲") + mark) + paragraph(run("乙") + reference("footnote", 2))
    notes = note("footnote", 1, paragraph("※ 印の注。")) + note("footnote", 2, paragraph("注。"))
    text = read_docx(word_file(body, footnotes=notes)).text
    assert text == "甲※\n\n乙¹\n\n※ 印の注。\n\n¹ 注。\n"


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("共同声明", {"title": "共同声明"}),
        ("第2回 共同\n声明", {"title": "第2回 共同 声明"}),
        ("Microsoft Word - 声明.doc", {}),
        ("声明", {}),
        ("", {}),
    ],
)
def test_a_title_is_taken_only_if_it_stands_at_the_beginning(title, facts):
    data = word_file(paragraph("第２回") + paragraph("共同声明"), title=title)
    assert read_docx(data).details.facts == facts


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (paragraph(f"<w:ins>{run('甲')}</w:ins>"), "tracked changes"),
        (paragraph("甲", "<w:rPr><w:ins/></w:rPr>"), "tracked changes"),
        (
            table("<w:tr><w:trPr><w:ins/></w:trPr><w:tc>" + paragraph("甲") + "</w:tc></w:tr>"),
            "tracked",
        ),
        (paragraph("甲") + '<w:altChunk r:id="x"/>', "other files"),
        (paragraph(f"<w:r><w:object><o:OLEObject/></w:object></w:r>{run('甲')}"), "other files"),
        (paragraph('<a:graphicData uri="http://x/2006/chart"/>' + run("甲")), "charts"),
        (paragraph(run("甲") + field(r"EQ \f(1,2)")), "EQ fields"),
        (numbered("甲", 1), "another form: cardinalText"),
    ],
)
def test_warnings(body, words):
    data = word_file(body, numbering=lists(level(0, "cardinalText", "%1.")))
    (warning,) = read_docx(data).details.warnings
    assert words in warning


def test_a_plain_file_has_no_warnings_cuts_or_facts():
    details = read_docx(word_file(paragraph("甲"))).details
    assert (details.warnings, details.cuts, details.facts, details.pages) == ((), (), {}, 0)
