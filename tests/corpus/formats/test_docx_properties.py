"""Properties of the reader of Word files that hold for every file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from docx_markup import level, lists, numbered, paragraph, row, run, table, text_box
from docx_packing import word_file, word_parts, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Details
from corpus.formats.docx.paths import text_at
from corpus.formats.docx.reader import read_docx
from corpus.formats.reading import UnreadableError

check = settings(deadline=None)

NUMBERING = lists(
    level(0, "decimal", "(%1)", left=420, hanging=420)
    + level(1, "bullet", "•", left=840, hanging=420),
    level(0, "aiueoFullWidth", "%1", left=630, hanging=210),
)
words = st.text("甲乙丙ａA1 \u3000。「」()-・\t", min_size=1, max_size=12).map(run)
cut = words.map(lambda text: f"<w:del>{text}</w:del>") | words.map(
    lambda text: text.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
)
breaks = st.just("<w:r><w:br/></w:r>")
runs = st.lists(words | words | cut | breaks, max_size=4).map("".join)
places = st.integers(0, 3), st.integers(0, 2)
listed = st.builds(numbered, runs.map(lambda text: text or run("")), *places)
indented = st.integers(0, 9).map(lambda step: f'<w:ind w:left="{step * 210}"/>')
joined = st.just("<w:rPr><w:del/></w:rPr>")
paragraphs = st.builds(paragraph, runs, st.just("") | indented | joined) | listed
boxes = st.builds(lambda text, *inner: paragraph(text + text_box(*inner)), runs, paragraphs)
cells = st.lists(paragraphs, min_size=1, max_size=2).map("".join)
rows = st.lists(cells, min_size=1, max_size=3).map(lambda texts: row(*texts))
tables = st.lists(rows, min_size=1, max_size=3).map(lambda texts: table(*texts))
nested = tables.map(lambda inner: table(row(inner + paragraph(""))))
bodies = st.lists(paragraphs | boxes | tables | nested, max_size=6).map("".join)


def visible(*texts: str) -> Counter[str]:
    return Counter("".join("".join(texts).split()))


def complaint(data: bytes) -> str:
    """Return why a file is refused; nothing if it is read."""
    try:
        read_docx(data)
    except UnreadableError as error:
        return str(error)
    return ""


@check
@given(bodies)
def test_each_stretch_is_what_stands_at_its_place_and_nothing_is_lost(body):
    data = word_file(body, numbering=NUMBERING)
    reading = read_docx(data)
    stretches = reading.details.map.stretches
    for before, after in pairwise(stretches):
        assert before.end <= after.start
    found: dict[str, str] = defaultdict(str)
    for stretch in stretches:
        assert 0 <= stretch.start < stretch.end <= len(reading.text)
        found[stretch.where] += reading.text[stretch.start : stretch.end]
    for where, text in found.items():
        hidden = [c.text for c in reading.details.cuts if (c.reason, c.where) == ("hidden", where)]
        assert visible(text, *hidden) == visible(text_at(data, where))
    # A text box stands in the file twice, the second time for older programs.
    written = re.findall(r"<w:t[ >][^<]*", re.sub("<mc:Fallback>.*?</mc:Fallback>", "", body))
    kept = [*found.values(), *(piece.text for piece in reading.details.cuts)]
    assert visible(*kept) == visible(*(text.partition(">")[2] for text in written))


@check
@given(bodies)
def test_blocks_are_parted_by_one_blank_line_and_begin_with_words(body):
    text = read_docx(word_file(body, numbering=NUMBERING)).text
    assert text == "" or text.endswith("\n")
    for block in text.removesuffix("\n").split("\n\n") if text else ():
        assert block.strip()
        for line in block.split("\n"):
            assert line.strip(" \t")
            assert line == line.rstrip(" \t")


@check
@given(bodies)
def test_the_details_can_be_stored(body):
    details = read_docx(word_file(body, numbering=NUMBERING)).details
    assert Details.from_bytes(details.to_bytes()) == details


@check
@given(bodies, st.data())
def test_a_damaged_file_is_read_or_refused(body, data):
    sound = bytearray(word_file(body, numbering=NUMBERING))
    for _ in range(data.draw(st.integers(1, 4))):
        sound[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
    assert "\n" not in complaint(bytes(sound))


@check
@given(bodies, st.data())
def test_a_part_with_other_markup_is_read_or_refused(body, data):
    """The elements and values that a program wrote wrongly do no harm."""
    parts = word_parts(body, numbering=NUMBERING)
    name = data.draw(st.sampled_from(["word/document.xml", "word/numbering.xml"]))
    known = ["w:val", "w:p", "w:r", "w:t", "w:tc", "w:tr", "w:tbl", "w:numId", "w:ilvl", "w:lvl"]
    old, new = data.draw(st.sampled_from(known)), data.draw(st.sampled_from([*known, "w:x"]))
    content = parts[name].replace(f"{old} ", f"{new} ").replace(f"{old}>", f"{new}>")
    number = data.draw(st.sampled_from(["-1", "99999999999", "x", "", "1.5"]))
    place = data.draw(st.integers(0, 9))
    pieces = content.split('w:val="1"', place)
    content = f'w:val="{number}"'.join(pieces)
    assert "\n" not in complaint(zipped({**parts, name: content}))
