"""Automatic numbers are those that Word shows, and become markers."""

from __future__ import annotations

import pytest
from docx_markup import level, lists, numbered, override, paragraph, row, style, table
from docx_packing import word_file

from corpus.formats.docx.reader import read_docx

THREE = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2.") + level(2, "lowerLetter", "(%3)")
SYMBOL = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'


def printed(definitions: str, *places: tuple[int, int], **parts: str) -> list[str]:
    """Return the numbers of paragraphs in lists, each given by the id and the level."""
    body = "".join(numbered("甲。", *place) for place in places)
    text = read_docx(word_file(body, numbering=definitions, **parts)).text
    return [block.strip().removesuffix("甲。").strip() for block in text.split("\n\n")]


COUNTS = {
    "levels restart after a higher one": (
        lists(THREE),
        [(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2), (1, 2)],
        "1. 1.1. 1.2. (a) 2. 2.1. (a) (b)",
    ),
    "a skipped higher level counts as begun": (
        lists(THREE),
        [(1, 1), (1, 1), (1, 0), (1, 2), (1, 1)],
        "1.1. 1.2. 2. (a) 2.2.",
    ),
    "start": (
        lists(level(0, "decimal", "%1.", start=4)),
        [(1, 0), (1, 0)],
        "4. 5.",
    ),
    "lists of one definition continue each other": (
        lists(THREE, overrides={2: (1, "")}),
        [(1, 0), (2, 0), (1, 0)],
        "1. 2. 3.",
    ),
    "lists of two definitions do not": (lists(THREE, THREE), [(1, 0), (2, 0), (1, 0)], "1. 1. 2."),
    "a list that begins anew, once": (
        lists(THREE, overrides={2: (1, override(0, 8))}),
        [(1, 0), (1, 0), (2, 0), (1, 0), (2, 0)],
        "1. 2. 8. 9. 10.",
    ),
    "the new start holds after a restart too": (
        lists(THREE, overrides={2: (1, override(1, 5))}),
        [(2, 0), (2, 1), (2, 1), (2, 0), (2, 1)],
        "1. 1.5. 1.6. 2. 2.5.",
    ),
    "a changed level": (
        lists(
            THREE,
            overrides={
                2: (1, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)")}</w:lvlOverride>')
            },
        ),
        [(1, 0), (2, 0)],
        "1. II)",
    ),
    "a level that never restarts": (
        lists(
            level(0, "decimal", "%1.")
            + level(1, "lowerLetter", "(%2)", more='<w:lvlRestart w:val="0"/>')
        ),
        [(1, 0), (1, 1), (1, 0), (1, 1)],
        "1. (a) 2. (b)",
    ),
    "a level that restarts after the first only": (
        lists(
            level(0, "decimal", "%1.")
            + level(1, "decimal", "%1.%2.")
            + level(2, "lowerLetter", "(%3)", more='<w:lvlRestart w:val="1"/>')
        ),
        [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 2)],
        "1. 1.1. (a) 1.2. (b) 2. (a)",
    ),
    "legal numbers": (
        lists(
            level(0, "upperRoman", "%1.")
            + level(1, "lowerLetter", "%1.%2", more="<w:isLgl/>")
            + level(2, "lowerLetter", "%1.%3", more='<w:isLgl w:val="0"/>')
        ),
        [(1, 0), (1, 1), (1, 2)],
        "I. 1.1 I.a",
    ),
    "a bullet level within a number is not printed": (
        lists(
            level(0, "decimal", "%1.") + level(1, "bullet", "-") + level(2, "decimal", "%1.%2%3.")
        ),
        [(1, 0), (1, 1), (1, 2)],
        "1. - 1.1.",
    ),
    "format none": (
        lists(level(0, "none", "") + level(1, "none", "注%2")),
        [(1, 0), (1, 1)],
        " 注",
    ),
    "bullets": (
        lists(
            level(0, "bullet", "\uf0b7", look=SYMBOL)
            + level(1, "bullet", "o")
            + level(2, "bullet", "\uf0e1")
            + level(3, "bullet", "x", more='<w:lvlPicBulletId w:val="0"/>')
            + level(4, "bullet", "・")
        ),
        [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4)],
        "• ◦ • • ・",
    ),
    "a level without a start begins with 0": (
        lists('<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'),
        [(1, 0), (1, 0)],
        "0. 1.",
    ),
    "a custom format": (
        lists(
            '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14">'
            '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
            '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
            '<w:lvlText w:val="%1)"/></w:lvl>'
        ),
        [(1, 0), (1, 0)],
        "009) 010)",
    ),
    "a list that takes its levels from a style of lists": (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2"><w:styleLink w:val="L"/>{THREE}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>',
        [(1, 0), (2, 0)],
        "1. 2.",
    ),
    "unknown lists and levels": (lists(THREE), [(9, 0), (0, 0), (1, 0), (1, 20)], "  1. "),
}


@pytest.mark.parametrize("name", COUNTS)
def test_counting(name):
    definitions, places, numbers = COUNTS[name]
    assert printed(definitions, *places) == numbers.split(" ")


def test_empty_numbered_paragraphs_count_and_deleted_ones_do_not():
    deleted = numbered("", 1, 0, "<w:rPr><w:del/></w:rPr>")
    body = numbered("甲", 1) + numbered("", 1) + deleted + table(row(numbered("乙", 1)))
    text = read_docx(word_file(body, numbering=lists(THREE))).text
    assert text == "1. 甲\n\n3. 乙\n"


STYLED = {
    "numbered by its style": ('<w:pStyle w:val="A"/>', "1. 甲\n"),
    "numbered by the style that its style is based on": ('<w:pStyle w:val="B"/>', "1. 甲\n"),
    "level of a style": ('<w:pStyle w:val="C"/>', "1.1. 甲\n"),
    "the list knows the level of the style": ('<w:pStyle w:val="D"/>', "(a) 甲\n"),
    "taken out of the list": (
        '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>',
        "甲\n",
    ),
    "another level than the style": (
        '<w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="1"/></w:numPr>',
        "1.1. 甲\n",
    ),
    "a style that is based on itself": ('<w:pStyle w:val="E"/>', "1. 甲\n"),
    "an unknown style": ('<w:pStyle w:val="F"/>', "甲\n"),
}


@pytest.mark.parametrize("name", STYLED)
def test_numbers_of_styles(name):
    properties, text = STYLED[name]
    in_list = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        style("A", in_list)
        + style("B", "<w:keepNext/>", based_on="A")
        + style("C", '<w:numPr><w:ilvl w:val="1"/></w:numPr>', based_on="A")
        + style("D", in_list)
        + style("E", in_list, based_on="E")
    )
    levels = THREE.replace(
        '<w:lvlText w:val="(%3)"/>', '<w:pStyle w:val="D"/><w:lvlText w:val="(%3)"/>'
    )
    data = word_file(paragraph("甲", properties), numbering=lists(levels), styles=styles)
    assert read_docx(data).text == text


@pytest.mark.parametrize(
    ("text", "suffix", "marker"),
    [
        ("(%1)", "tab", "(1) "),
        ("(%1)", "space", "(1) "),
        ("(%1)", "nothing", "(1) "),
        ("（%1）", "nothing", "（1）"),
        ("（%1）", "tab", "（1） "),
        ("第%1条", "tab", "第1条\u3000"),
        ("第%1条", "nothing", "第1条"),
    ],
)
def test_space_after_a_number(text, suffix, marker):
    definition = level(0, "decimal", text, more=f'<w:suff w:val="{suffix}"/>')
    assert read_docx(word_file(numbered("甲", 1), numbering=lists(definition))).text == (
        f"{marker}甲\n"
    )
