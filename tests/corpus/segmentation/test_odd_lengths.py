"""The time to process a text grows with its length, not with the square of its length."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from processes import run_python
from statements import statement_from

from corpus.characters.folding import fold, key_of
from corpus.formats.detection import describe_text_format
from corpus.language import detect_language
from corpus.segmentation.parsing import parse
from index.lexical.terms import search_terms
from index.models.folding_encoder import KINDS
from index.store.encoder_inputs import passage_input
from qa.mentions.names import unsupported_names
from qa.mentions.numbers import numbers_in

pytestmark = pytest.mark.slow

LIMIT = 60  # seconds; if the time grew with the square, it would be many minutes
TEXTS = {
    "dots": "a" + "." * 200_000 + "a",
    "Japanese stops": "甲" + "。" * 200_000 + "乙",
    "brackets": "(" * 16_000 + ")" * 16_000,
    "different brackets": "「" * 16_000 + ")" * 16_000 + "」" * 16_000,
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
    "pictures that never close": "![" * 200_000,
    "long words": ("a" * 999 + " ") * 500,
    "an encoded file in lines": ("QUJD" * 19 + "\n") * 20_000,
    "lines that resemble an encoded file": ("QUJD" * 19 + " \n" + "QUJD" * 19 + ".\n") * 10_000,
    "short sentences": "甲！" * 100_000,
}
# Sentences from which a key, search terms, numbers and names are extracted.
SENTENCES = {
    "links that never close": "](" + ":" * 50_000,
    "entities in entities": "&" + "amp;" * 20_000,
    "tags in tags": "<" * 10_000 + "a>" * 10_000,
    "blanks": "a" + " " * 50_000 + "b",
    "one word": "I" * 50_000,
    "a number in kanji": "第" + "一" * 50_000 + "条",
    "a number": "1" * 1_500_000,
    "ligatures": "ﷺ" * 10_000,
    "accents": "a" + "\u0301" * 50_000,
    "capitals": "Ab " * 20_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_time_to_parse(text: str) -> None:
    started = time.monotonic()
    passages = parse(text)
    assert time.monotonic() - started < LIMIT
    assert all(passage.sentences[0].start == passage.span.start for passage in passages)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_time_to_detect_the_format(text: str) -> None:
    started = time.monotonic()
    describe_text_format(text)
    assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES)
def test_time_to_extract_words(text: str) -> None:
    started = time.monotonic()
    assert len(search_terms(text)) <= 10 * len(text)
    assert fold(text, kinds=KINDS).key == fold(text, kinds=KINDS).key
    assert numbers_in(text) == numbers_in(key_of(text))
    unsupported_names("Mr. Smith of ACME saw 東京駅.", text, "en", "en")
    assert detect_language(text)
    assert time.monotonic() - started < LIMIT


def test_time_for_many_items_below_one_bullet() -> None:
    text = "- 両市は、次のことについて一致した。\n" + "  - 橋\n" * 10_000
    started = time.monotonic()
    statement = statement_from(text)
    inputs = {passage_input(statement, passage) for passage in statement.passages}
    assert len(inputs) == 2  # the bullet, and the items, which have the same words and context
    assert time.monotonic() - started < LIMIT


ADD = """
import re, sys
from cli.main import main
assert main(["index", "add", "--home", sys.argv[1], sys.argv[2]]) == 0
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""
MAX_MEMORY = 1_000_000  # KB; to add this file once took 1,690,000 KB


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports peak memory")
def test_memory_to_add_a_long_sentence(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("両省は半導体の供給網を強くし、" * 1_300 + "合意した。\n", "utf-8")
    output = run_python("-c", ADD, tmp_path / "home", file)
    assert int(output.split()[-1]) < MAX_MEMORY
