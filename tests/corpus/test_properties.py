"""Properties of parsing that hold for every text."""

from itertools import pairwise

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from corpus.formats.text import detect_encoding
from corpus.records import Passage, Span, passage_id
from corpus.segmentation.lines import read_lines
from corpus.segmentation.parsing import parse
from corpus.segmentation.sentences import split_sentences
from corpus.segmentation.splitting import split_long

check = settings(deadline=None)

INVISIBLE = "\ufeff\u200b\x00"
ENDS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\u3000\n", "\f\n", ""]
MARKERS = ["- ", " - (1) ", "・", "\u3000・", "•\t", "* ", "１．", "（１）", "1. ", "(a) ", "① "]
WORDS = "両省は、|協力を確認した|。|！|．|agreed|. |U.S.|No. 3|3.5|１．|2|①|-|・|:".split("|")
BLANKS = [" ", "\u3000", "\u200b"]
BRACKETS = list("「」（）()“”")
wordings = st.lists(st.sampled_from(WORDS + BLANKS + BRACKETS), max_size=8).map("".join)
indents = st.sampled_from(["", "", " ", "\u3000", "\t", "\ufeff"])
lines = st.builds(
    "{}{}{}{}".format, indents, st.sampled_from(["", "", *MARKERS]), wordings, st.sampled_from(ENDS)
)
statements = st.lists(lines, max_size=12).map("".join)
odd_characters = st.sampled_from(
    "-・*1１（(a)）．.。!「」 \u3000\t\r\n\f\v\x85\u2028\u200b\ufeff\x00両A"
)
texts = st.text() | st.text(odd_characters) | statements
plain_sentences = st.text("甲乙丙丁戊己庚辛、", min_size=1, max_size=12).map("{}。".format)


def visible(text):
    return "".join(char for char in text if not char.isspace() and char not in INVISIBLE)


def left_out(text):
    """Return the characters that are in no line: page furniture, rules, comments and the like."""
    kept = {offset for line in read_lines(text) for offset in range(line.start, line.end)}
    return "".join(char for offset, char in enumerate(text) if offset not in kept)


def between(text, start, end):
    """Return the visible characters of `text[start:end]` that are in a line."""
    ranges = [(max(line.start, start), min(line.end, end)) for line in read_lines(text)]
    return visible("".join(text[begin:stop] for begin, stop in ranges if begin < stop))


@check
@given(texts)
@example("- \u200b")
@example("2")
@example("甲。\n- 2 -\n乙。")
def test_every_visible_character_but_markers_is_in_one_passage(text):
    position = 0
    for passage in parse(text):
        assert position <= passage.span.start < passage.span.end <= len(text)
        assert between(text, position, passage.span.start) in ("", visible(passage.marker))
        position = passage.span.end
    assert between(text, position, len(text)) == ""


@check
@given(st.lists(wordings, max_size=12), st.sampled_from(["\n", "\n\n"]))
def test_different_lines_of_words_are_never_left_out(endings, join):
    """Only numbers, rules and repeated lines can be page furniture."""
    first_letters = "子丑寅卯辰巳午未申酉戌亥"
    lines = [f"{first}甲{rest}" for first, rest in zip(first_letters, endings, strict=False)]
    assert visible(left_out(join.join(lines))) == ""


@check
@given(texts)
@example("- \u200b甲。")
def test_sentences_fill_their_passage_in_order(text):
    for passage in parse(text):
        position = passage.span.start
        assert passage.sentences[0].start == position
        for sentence in passage.sentences:
            assert passage.span.holds(sentence)
            assert between(text, position, sentence.start) == ""
            assert sentence.start >= position
            assert visible(sentence.of(text)[0] + sentence.of(text)[-1])
            position = sentence.end
        assert position == passage.span.end


@check
@given(texts, st.data(), st.booleans())
def test_sentences_hold_every_visible_character_of_any_span(text, data, at_line_ends):
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    ends = {offset for offset, char in enumerate(text) if char in "\r\n"}
    sentences = split_sentences(text, span, ends if at_line_ends else ())
    assert list(sentences) == sorted(sentences)
    assert all(span.holds(sentence) for sentence in sentences)
    assert visible("".join(s.of(text) for s in sentences)) == visible(span.of(text))


@check
@given(texts)
def test_ids_are_unique(text):
    ids = [passage.id for passage in parse(text)]
    assert len(set(ids)) == len(ids)


@check
@given(statements)
@example("- 甲。\n - (1) 乙。\n- 甲。\n - (1) 丙。\n")
def test_the_number_of_an_item_begins_with_the_number_of_its_bullet(text):
    positions = {}
    for passage in parse(text):
        if passage.parent:
            assert positions[passage.parent] == (passage.section, passage.number[:-1])
        assert passage.lead_in is None or passage.lead_in in positions
        assert bool(passage.parent) == (passage.kind == "item")
        positions[passage.id] = (passage.section, passage.number)


def statement_of(wordings):
    """Return a statement with these paragraphs and bullets."""
    first, second, *rest = wordings
    bullets = "".join(f"・{bullet}\n\u3000（１）項目{bullet}\n" for bullet in rest)
    return f"共同声明\n\n{first}\n\n- {second}\n\n次で一致した。\n\n{bullets}"


@check
@given(st.lists(plain_sentences, min_size=4, max_size=8, unique=True), st.data())
def test_an_edit_changes_no_other_ids(wordings, data):
    index = data.draw(st.integers(0, len(wordings) - 1))
    edited = data.draw(plain_sentences)
    assume(edited not in wordings)
    before = statement_of(wordings)
    after = statement_of([*wordings[:index], edited, *wordings[index + 1 :]])
    changed = {wordings[index], f"項目{wordings[index]}"}
    kept = [p.id for p in parse(before) if p.span.of(before) not in changed]
    changed = {edited, f"項目{edited}"}
    assert kept == [p.id for p in parse(after) if p.span.of(after) not in changed]
    assert len(kept) >= len(wordings)


@check
@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=30),
    st.sampled_from(["", "\n", "\r\n\u3000", " "]),
)
def test_parts_of_a_long_passage_are_complete_and_in_order(lengths, join):
    text = join.join("甲" * length + "。" for length in lengths)
    span = Span(0, len(text))
    passage = Passage(passage_id(text), "paragraph", span, split_sentences(text, span))
    parts = list(split_long(text, passage))
    assert [s for part in parts for s in part.sentences] == list(passage.sentences)
    assert all(part.span.end <= later.span.start for part, later in pairwise(parts))
    assert visible("".join(part.span.of(text) for part in parts)) == visible(text)


@check
@given(st.text(st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs"]), min_size=1))
def test_unicode_files_are_decoded_to_the_same_text(text):
    for encoding, mark in [("utf-8", ""), ("utf-8", "\ufeff"), ("utf-16-le", "\ufeff")]:
        data = (mark + text).encode(encoding)
        assert data.decode(detect_encoding(data)) == mark + text
