"""The depth of the items of lists, and the paragraphs that continue them."""

from __future__ import annotations

import pytest
from docx_markup import level, lists, numbered, paragraph
from docx_packing import word_file

from corpus.formats.docx.reader import read_docx

THREE = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2.") + level(2, "lowerLetter", "(%3)")
BULLETS = [level(0, "bullet", "•", left=420 * step, hanging=420) for step in (1, 2, 3)]
DEPTHS = {
    "by level": (
        lists(THREE.replace("%1.%2.", "(%2)")),
        [(1, 0), (1, 1), (1, 2), (1, 1)],
        [0, 1, 2, 1],
    ),
    "by indent of other lists": (
        lists(*BULLETS),
        [(1, 0), (2, 0), (3, 0), (2, 0), (1, 0)],
        [0, 1, 2, 1, 0],
    ),
    "a list that begins deep": (lists(*BULLETS), [(3, 0), (2, 0), (1, 0)], [0, 0, 0]),
    "at the same indent": (
        lists(BULLETS[0], level(0, "decimal", "%1.", left=420, hanging=420)),
        [(1, 0), (2, 0)],
        [0, 0],
    ),
    "numbers that may be words are not indented": (
        lists(THREE),
        [(1, 0), (1, 1), (1, 2), (1, 1), (1, 0)],
        [0, 0, 1, 0, 0],
    ),
}


@pytest.mark.parametrize("name", DEPTHS)
def test_depth(name):
    definitions, places, depths = DEPTHS[name]
    body = "".join(numbered("甲。", *place) for place in places)
    blocks = read_docx(word_file(body, numbering=definitions)).text.split("\n\n")
    assert [(len(block) - len(block.lstrip(" "))) // 2 for block in blocks] == depths


FURTHER = {
    "below the words of the item": ('<w:ind w:left="420"/>', "• 甲は乙。\n\n  続き。\n"),
    "further right": ('<w:ind w:left="900"/>', "• 甲は乙。\n\n  続き。\n"),
    "at the margin": ("", "• 甲は乙。\n\n続き。\n"),
    "below the marker": ('<w:ind w:left="200"/>', "• 甲は乙。\n\n続き。\n"),
    "indented in characters": ('<w:ind w:leftChars="200" w:left="1"/>', "• 甲は乙。\n\n  続き。\n"),
    "a heading": ('<w:outlineLvl w:val="0"/><w:ind w:left="420"/>', "• 甲は乙。\n\n続き。\n"),
}


@pytest.mark.parametrize("name", FURTHER)
def test_further_paragraph_of_an_item(name):
    properties, text = FURTHER[name]
    body = numbered("甲は乙。", 1) + paragraph("続き。", properties)
    assert read_docx(word_file(body, numbering=lists(BULLETS[0]))).text == text


def test_a_paragraph_does_not_continue_a_title():
    body = numbered("安全保障", 1) + paragraph("本文。", '<w:ind w:left="420"/>')
    text = read_docx(word_file(body, numbering=lists(BULLETS[0]))).text
    assert text == "• 安全保障\n\n本文。\n"


def test_lines_of_an_item_are_indented_below_its_words():
    body = numbered(
        "<w:r><w:t>甲。</w:t><w:br/><w:t>乙。</w:t><w:br/><w:br/><w:t>丙。</w:t></w:r>", 1
    )
    text = read_docx(word_file(body, numbering=lists(BULLETS[0]))).text
    assert text == "• 甲。\n  乙。\n\n  丙。\n"
