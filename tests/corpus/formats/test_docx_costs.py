"""Large and hostile Word files take time and text in proportion to their size.

Each of these files took minutes or gigabytes if something were read again for each of its parts.
"""

from __future__ import annotations

import time

import pytest
from docx_markup import level, lists, note, numbered, paragraph, reference, row, run, style, table
from docx_packing import word_file

from corpus.formats.docx.reader import read_docx

MANY = 8000
SECONDS = 15  # a machine that is busy with other tests takes a few
DELETED = "<w:del><w:r><w:delText>甲</w:delText></w:r></w:del>"
BLANKS = run(" " * 1_000_000)
REMOVED_END = "<w:rPr><w:del/></w:rPr>"


def styles_in_a_chain() -> str:
    return "".join(style(f"S{n}", '<w:ind w:left="1"/>', based_on=f"S{n - 1}") for n in range(MANY))


def deeper_and_deeper() -> tuple[str, str]:
    definitions = [level(0, "bullet", "•", left=200 * n, hanging=0) for n in range(1, 1000)]
    body = "".join(numbered("甲", n) for n in range(1, 1000))
    return body, lists(*definitions)


COSTS = {
    "paragraphs": {"body": paragraph("甲") * MANY},
    "runs": {"body": paragraph(run("甲") * MANY)},
    "line ends": {"body": paragraph("<w:r>" + "<w:br/><w:t>甲</w:t>" * MANY + "</w:r>")},
    "deleted runs": {"body": paragraph(DELETED * MANY + run("甲"))},
    "deleted ends of paragraphs": {"body": paragraph("甲", REMOVED_END) * MANY},
    "references to one deleted note": {
        "body": paragraph("<w:del>" + reference("footnote", 1) * MANY + "</w:del>" + run("甲")),
        "footnotes": note("footnote", 1, paragraph("乙" * MANY)),
    },
    "references to one note": {
        "body": paragraph("甲" + "") + paragraph(reference("footnote", 1) * MANY),
        "footnotes": note("footnote", 1, paragraph("乙" * MANY)),
    },
    "styles in a chain": {
        "body": "".join(paragraph("甲", f'<w:pStyle w:val="S{n}"/>') for n in range(MANY)),
        "styles": styles_in_a_chain(),
    },
    "lists that go deeper and deeper": dict(
        zip(("body", "numbering"), deeper_and_deeper(), strict=True)
    ),
    "a long text before each number": {
        "body": numbered("甲", 1) * MANY,
        "numbering": lists(level(0, "decimal", "%1" * MANY)),
    },
    "blanks": {"body": paragraph(BLANKS + run("甲")) + paragraph(f"<w:del>{BLANKS}</w:del>")},
    "cells": {"body": table(row(*["甲"] * MANY))},
    "fields that do not end": {
        "body": paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * MANY + run("甲"))
    },
}


@pytest.mark.parametrize("name", COSTS)
def test_cost(name):
    parts = dict(COSTS[name])
    data = word_file(parts.pop("body"), **parts)
    start = time.monotonic()
    text = read_docx(data).text
    assert time.monotonic() - start < SECONDS
    assert "甲" in text
    assert len(text) < 120 * MANY


def test_the_depth_of_lists_has_a_limit():
    body, numbering = deeper_and_deeper()
    blocks = read_docx(word_file(body, numbering=numbering)).text.split("\n\n")
    assert max(len(block) - len(block.lstrip(" ")) for block in blocks) == 24
