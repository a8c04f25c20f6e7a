"""The time to read a text grows with its length, not with the square of its length."""

from __future__ import annotations

import time

import pytest

from corpus.formats import text_format
from corpus.parsing import parse

TEXTS = {
    "dots": "a" + "." * 200_000 + "a",
    "Japanese stops": "甲" + "。" * 200_000 + "乙",
    "brackets": "(" * 16_000 + ")" * 16_000,
    "unlike brackets": "「" * 16_000 + ")" * 16_000 + "」" * 16_000,
    "brackets that never close": "「" * 32_000 + "甲",
    "lines of one paragraph": "word word word\n" * 50_000,
    "lines with an open bracket": "(word word\n" * 10_000,
    "lines with an open emphasis": "**word word\n" * 10_001,
    "numbers": "1. " * 50_000,
    "bullets": "- item.\n" * 20_000,
    "blanks": " " * 200_000 + "a",
    "blank lines": "\n" * 200_000 + "a",
    "stars": "*" * 100_000 + "a",
    "abbreviations": "U.S. " * 40_000,
    "one line": "word " * 100_000,
    "quotations": "“a.” " * 30_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_reading_takes_no_square_of_the_length(text: str) -> None:
    started = time.monotonic()
    passages = parse(text)
    assert time.monotonic() - started < 60  # seconds; a square would take many minutes
    assert all(one.sentences[0].start == one.span.start for one in passages)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_telling_the_format_takes_no_square_of_the_length(text: str) -> None:
    started = time.monotonic()
    text_format(text)
    assert time.monotonic() - started < 60
