"""Spans, sources, passages and statements."""

import dataclasses
import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Passage, Provenance, Source, Span, Statement, merge_spans, passage_id

spans = st.builds(
    lambda start, size: Span(start, start + size), st.integers(0, 40), st.integers(1, 9)
)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2), (-2, -1)])
def test_an_impossible_span_cannot_be_made(start, end):
    with pytest.raises(ValueError, match=f"impossible span {start}:{end}"):
        Span(start, end)


def test_a_span_is_a_slice():
    assert Span(1, 3).of("出典である") == "典で"


@pytest.mark.parametrize(
    ("inner", "held"),
    [(Span(2, 5), True), (Span(3, 4), True), (Span(1, 3), False), (Span(4, 6), False)],
)
def test_a_span_holds_another(inner, held):
    assert Span(2, 5).holds(inner) is held


@given(st.lists(spans, max_size=12))
def test_merged_spans_cover_the_same_offsets_and_do_not_touch(parts):
    merged = merge_spans(parts)
    covered = {offset for span in parts for offset in range(span.start, span.end)}
    assert {offset for span in merged for offset in range(span.start, span.end)} == covered
    assert all(span.end < following.start for span, following in pairwise(merged))
    assert merge_spans(reversed(merged)) == merged


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Span(0, 1).end = 2


def test_a_source_keeps_its_bytes_and_decodes_them_once():
    data = "\ufeff共同声明\r\n".encode()
    source = Source("s", data)
    assert source.text == "\ufeff共同声明\r\n"
    assert source.text is source.text
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert Statement(source, Provenance(), ()).id == "s"


@pytest.mark.parametrize(
    ("span", "whole"),
    [
        (Span(2, 5), True),
        (Span(2, 9), True),
        (Span(6, 9), True),
        (Span(2, 6), False),
        (Span(3, 5), False),
        (Span(2, 12), False),
        (Span(10, 12), False),
    ],
)
def test_a_passage_holds_whole_sentences(span, whole):
    passage = Passage("p", "paragraph", Span(2, 9), (Span(2, 5), Span(6, 9)))
    assert passage.holds_whole_sentences(span) is whole


def test_the_context_of_a_passage(statement):
    text = statement.source.text
    heading, *_ = statement.passages
    item = next(passage for passage in statement.passages if passage.kind == "item")
    bullet = statement.passage(item.parent)
    lead_in = statement.passage(item.lead_in)
    assert statement.context_spans(heading) == ()
    assert statement.context_spans(item) == (heading.span, lead_in.sentences[-1], bullet.span)
    assert statement.context_spans(bullet) == (heading.span, lead_in.sentences[-1])
    assert statement.parent_span(item).of(text) == bullet.span.of(text)
    assert statement.parent_span(bullet) is None


def test_passage_ids_depend_on_the_wording_alone():
    assert passage_id("両省は一致した。") == passage_id("両省は一致した。")
    assert passage_id("両省は一致した。") != passage_id("両省は一致した")
    assert len(passage_id("")) == len(passage_id("\ud800")) == 12


@pytest.mark.parametrize("encoding", ["utf-8", "utf_16_le", "cp932", "euc_jp"])
@given(st.data())
def test_the_bytes_of_a_span_are_decoded_to_its_text(encoding, data):
    text = "両省は、2023年9月に会合を開いた。\r\nThey met.\r\n"
    source = Source("town", text.encode(encoding), encoding)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    where = source.byte_span(span)
    assert source.data[where.start : where.end].decode(encoding) == span.of(text)
