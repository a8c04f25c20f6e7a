"""Passages that are too long for the model are cut at sentence ends only."""

from itertools import pairwise

import pytest

from corpus.records import Passage, Span, passage_id
from corpus.segmentation.parsing import parse
from corpus.segmentation.sentences import split_sentences
from corpus.segmentation.splitting import split_long
from corpus.segmentation.window import PASSAGE_TOKENS, estimated_tokens


def passage_of(text, span=None):
    span = span or Span(0, len(text))
    id_ = passage_id(span.of(text))
    return Passage(id_, "bullet", span, split_sentences(text, span), "-", 2, (3,), "p", "l")


def sentences(count, join=""):
    return join.join(
        f"両省は、第{n}の分野における協力を続けることを確認した。" for n in range(count)
    )


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("共同声明", 4), ("abc", 1), ("abcd", 2), ("１ａ", 2), ("両abc省", 3)],
)
def test_estimated_tokens(text, tokens):
    assert estimated_tokens(text) == tokens


def test_a_passage_that_fits_is_not_changed():
    text = sentences(3)
    passage = passage_of(text)
    assert list(split_long(text, passage)) == [passage]


def test_the_limit_itself_fits():
    text = "甲" * (PASSAGE_TOKENS - 3) + "。乙。"
    assert len(list(split_long(text, passage_of(text)))) == 1
    assert len(list(split_long("甲" + text, passage_of("甲" + text)))) == 2


@pytest.mark.parametrize("join", ["", "\n", "\r\n　　", "　"])
def test_parts_are_whole_sentences_that_fit(join):
    text = f"- {sentences(60, join)}\n"
    passage = passage_of(text, Span(2, len(text) - 1))
    parts = list(split_long(text, passage))
    assert len(parts) > 2
    assert [s for part in parts for s in part.sentences] == list(passage.sentences)
    for part in parts:
        assert part.span == Span(part.sentences[0].start, part.sentences[-1].end)
        assert estimated_tokens(part.span.of(text)) <= PASSAGE_TOKENS
    for part, following in pairwise(parts):
        together = Span(part.span.start, following.sentences[0].end)
        assert estimated_tokens(together.of(text)) > 0.9 * PASSAGE_TOKENS  # no cut without need


def test_parts_keep_their_position_and_have_their_own_ids():
    text = sentences(60)
    passage = passage_of(text)
    parts = list(split_long(text, passage))
    assert {(p.kind, p.marker, p.section, p.number, p.parent, p.lead_in) for p in parts} == {
        ("bullet", "-", 2, (3,), "p", "l")
    }
    assert [part.id for part in parts] == [passage_id(part.span.of(text)) for part in parts]
    assert len({part.id for part in parts}) == len(parts)


def test_a_sentence_is_never_cut_however_long():
    long = "甲" * 3 * PASSAGE_TOKENS + "。"
    text = f"短い。{long}また短い。"
    assert [part.span.of(text) for part in split_long(text, passage_of(text))] == [
        "短い。",
        long,
        "また短い。",
    ]
    assert len(list(split_long(long, passage_of(long)))) == 1


def test_an_edit_in_the_last_sentence_changes_only_the_last_part():
    text = sentences(60)
    before, after = (list(split_long(t, passage_of(t))) for t in (text, text[:-1] + "のだ。"))
    assert [p.id for p in before[:-1]] == [p.id for p in after[:-1]]
    assert before[-1].id != after[-1].id


def test_a_long_paragraph_is_cut_and_complete():
    text = f"覚書\n\n{sentences(60)}\n\n{sentences(2)}"
    heading, *parts, last = parse(text)
    assert heading.span.of(text) == "覚書"
    assert "".join(part.span.of(text) for part in parts) == sentences(60)
    assert {part.number for part in parts} == {(1,)}
    assert last.number == (2,)
    assert last.span.of(text) == sentences(2)
