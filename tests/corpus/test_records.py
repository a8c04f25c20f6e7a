"""The values every other package relies on."""

import dataclasses
import hashlib

import pytest

from corpus.records import Provenance, Source, Span, Statement, passage_id


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2), (-2, -1)])
def test_an_impossible_span_cannot_be_made(start, end):
    with pytest.raises(ValueError, match=f"impossible span {start}:{end}"):
        Span(start, end)


def test_a_span_is_a_slice():
    assert Span(1, 3).of("出典である") == "典で"


@pytest.mark.parametrize(
    ("other", "held"),
    [(Span(2, 5), True), (Span(3, 4), True), (Span(1, 3), False), (Span(4, 6), False)],
)
def test_holds(other, held):
    assert Span(2, 5).holds(other) is held


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


def test_passage_ids_depend_on_the_wording_alone():
    assert passage_id("両省は一致した。") == passage_id("両省は一致した。")
    assert passage_id("両省は一致した。") != passage_id("両省は一致した")
    assert len(passage_id("")) == len(passage_id("\ud800")) == 12
