"""Segments are merged: what remains is what the kept passages alone would have given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.late_interaction.codes import TokenCodes
from index.models.encoder import unit_rows
from index.store.segments import array_file
from index.store.segments.array_file import Stretches
from index.store.segments.building import NewCard, NewPassage, build_segment
from index.store.segments.encodings import PassageEncoding
from index.store.segments.folder import write_segment
from index.store.segments.merging import FANOUT, due, merged_arrays
from index.store.segments.segment import Segment, to_arrays
from index.store.vectors.rounding import rounded

DIMENSION = 8


# -- which segments are merged ----------------------------------------------------------------


def levels(passages: int) -> int:
    """How many size classes so many passages have."""
    return int(math.log(passages, FANOUT) + 1e-9) + 1


class Simulated:
    """Segments as numbers of passages: how many are needed, and how many there are.

    Attributes:
        segments: The segments, the oldest first.
        copies: How often the passages of each segment were copied, at most.
    """

    def __init__(self) -> None:
        self.segments: list[tuple[int, int]] = []
        self.copies: list[int] = []

    def add(self, passages: int) -> None:
        self.segments.append((passages, passages))
        self.copies.append(0)
        self.merge()

    def merge(self) -> None:
        while self.segments[chosen := due(self.segments)]:
            needed = sum(count for count, _ in self.segments[chosen])
            self.copies[chosen] = [1 + max(self.copies[chosen])]
            self.segments[chosen] = [(needed, needed)]


@settings(deadline=None)
@given(
    st.one_of(
        st.lists(st.integers(1, 200), min_size=1, max_size=200),
        st.lists(st.sampled_from([1, 7, 8, 64, 600]), min_size=1, max_size=200),
        st.integers(1, 600).map(lambda count: [1] * count),
        st.integers(1, 100).map(lambda count: [100_000] + [1] * count),
    )
)
def test_a_passage_is_copied_as_often_as_there_are_size_classes(sizes: list[int]) -> None:
    simulated, total = Simulated(), 0
    for size in sizes:
        simulated.add(size)
        total += size
        assert sum(count for count, _ in simulated.segments) == total
        assert max(simulated.copies) <= levels(total)
        assert len(simulated.segments) < FANOUT * levels(total)


def test_a_large_segment_is_not_copied_for_a_few_passages() -> None:
    sizes = [(100_000, 100_000), *[(1, 1)] * FANOUT]
    assert due(sizes) == slice(1, FANOUT + 1)


def test_nothing_is_merged_before_it_is_worth_it() -> None:
    assert due([]) == due([(5, 5)]) == due([(1, 1)] * (FANOUT - 1)) == slice(0, 0)
    assert due([(1, 1)] * FANOUT) == slice(0, FANOUT)


@pytest.mark.parametrize(("needed", "written"), [(50, False), (49, True), (1, True)])
def test_a_segment_of_which_less_than_half_is_needed_is_written_anew(
    needed: int, written: bool
) -> None:
    sizes = [(600, 600), (needed, 100), (1, 1)]
    assert due(sizes) == (slice(1, 2) if written else slice(0, 0))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(0, 99)), max_size=30))
def test_merging_comes_to_an_end(drawn: list[tuple[int, int]]) -> None:
    simulated = Simulated()
    simulated.segments = [(needed, needed + gone) for needed, gone in drawn]
    simulated.copies = [0] * len(drawn)
    simulated.merge()
    assert all(2 * needed >= size for needed, size in simulated.segments)
    assert sum(needed for needed, _ in simulated.segments) == sum(needed for needed, _ in drawn)


# -- what a merged segment holds --------------------------------------------------------------


def codes(random: np.random.Generator, count: int) -> TokenCodes:
    return TokenCodes.of(unit_rows(random.normal(size=(count, DIMENSION))))


def new_passage(row: int, statement: int, long: bool) -> NewPassage:
    """Make up a passage, always the same for the same row."""
    random = np.random.default_rng(row)
    sentences, tokens = int(random.integers(1, 4)), int(random.integers(1, 9))
    bounds = np.sort(random.integers(0, tokens + 1, (sentences, 2)), axis=1)
    vectors = unit_rows(random.normal(size=(int(random.integers(1, 4)), DIMENSION)))
    return NewPassage(
        row,
        statement,
        PassageEncoding(
            codes(random, tokens),
            random.integers(70_000 if long else 0, 90_000 if long else 900, (tokens, 2)).astype(
                np.uint32
            ),
            float(np.float32(random.normal())),
            bounds.astype(np.uint32),
            random.normal(size=sentences).astype(np.float32),
            rounded(vectors),
        ),
        [
            ["abcdefg"[number] for number in random.integers(0, 7, int(random.integers(0, 6)))]
            for _ in range(sentences)
        ],
        random.integers(0, 2**63, sentences).astype(np.uint64),
    )


# Statements by segment: how many passages each has, whether one is long, and whether it is kept.
STATEMENTS = st.tuples(st.integers(1, 4), st.booleans(), st.booleans())
SEGMENTS = st.lists(st.lists(STATEMENTS, min_size=1, max_size=4), min_size=1, max_size=4)


def write(segment: Segment) -> Segment:
    arrays = {name: Stretches.of(array) for name, array in to_arrays(segment).items()}
    write_segment(segment.path, arrays)
    return Segment.open(segment.path)


def assert_same(found: Segment, expected: Segment) -> None:
    ours, theirs = to_arrays(found), to_arrays(expected)
    assert ours.keys() == theirs.keys()
    for name, array in theirs.items():
        if name != "spans":  # u16 where the passages that were left out were the long ones
            assert ours[name].dtype == array.dtype, name
        assert np.array_equal(ours[name], array), name


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SEGMENTS, st.sampled_from([1, 50, 16_000_000]))
def test_a_merged_segment_is_the_segment_of_the_kept_passages(
    tmp_path: Path, drawn: Sequence[Sequence[tuple[int, bool, bool]]], at_once: int
) -> None:
    row, statement = 3, 1
    segments, kept_passages, kept_cards = [], list[NewPassage](), list[NewCard]()
    for place, statements in enumerate(drawn):
        passages, cards = list[NewPassage](), list[NewCard]()
        for count, long, keep in statements:
            statement += 1
            own = [new_passage(row + n, statement, long and n == 0) for n in range(count)]
            card = NewCard(statement, codes(np.random.default_rng(statement), 1 + statement % 3))
            row += count + 1
            passages += own
            cards.append(card)
            if keep:
                kept_passages += own
                kept_cards.append(card)
        segments.append(write(build_segment(tmp_path / f"{place}", passages, cards)))
    if not kept_passages:
        return
    expected = build_segment(tmp_path / "expected", kept_passages, kept_cards)
    needed = np.array([card.statement for card in kept_cards])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_file, "_STRETCH", at_once)
        write_segment(tmp_path / "merged", merged_arrays(segments, needed))
    merged = Segment.open(tmp_path / "merged")
    assert_same(merged, expected)
    for number, passage in enumerate(kept_passages):
        encoding = merged.encoding(number)
        assert np.array_equal(encoding.spans, passage.encoding.spans)
        assert np.array_equal(encoding.tokens.codes, passage.encoding.tokens.codes)
        assert np.array_equal(encoding.sentence_tokens, passage.encoding.sentence_tokens)
        assert encoding.background == passage.encoding.background


def test_large_arrays_are_never_in_memory_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages = [new_passage(row, 1, False) for row in range(40)]
    card = NewCard(1, codes(np.random.default_rng(0), 2))
    segment = write(build_segment(tmp_path / "segment", passages, [card]))
    monkeypatch.setattr(array_file, "_STRETCH", 30)
    arrays = merged_arrays([segment], np.array([1]))
    for name in ("codes", "scales", "spans", "vectors"):
        stretches = list(arrays[name].stretches)
        assert len(stretches) > 5
        assert all(part.nbytes <= 30 for part in stretches)
        assert np.array_equal(np.concatenate(stretches), to_arrays(segment)[name])


# -- what is no segment -----------------------------------------------------------------------


def small_segment(folder: Path) -> Segment:
    passages = [new_passage(row, 1 + row // 3, False) for row in range(6)]
    cards = [NewCard(n, codes(np.random.default_rng(n), 2)) for n in (1, 2)]
    return build_segment(folder / "small", passages, cards)


@pytest.mark.parametrize(
    "name", ["first_sentences", "first_tokens", "first_vectors", "first_card_tokens"]
)
@pytest.mark.parametrize("place", [0, 1, -1])
@pytest.mark.parametrize("value", [-1, 10**9])
def test_arrays_that_point_elsewhere_are_refused(
    tmp_path: Path, name: str, place: int, value: int
) -> None:
    segment = small_segment(tmp_path)
    starts = getattr(segment, name).copy()
    starts[place] = value
    with pytest.raises(ValueError, match="do not fit"):
        write(replace(segment, **{name: starts}))


@pytest.mark.parametrize(
    "name",
    [
        "rows",
        "statements",
        "background",
        "sentence_tokens",
        "sentence_terms",
        "sentence_keys",
        "spans",
    ],
)
def test_arrays_of_other_lengths_are_refused(tmp_path: Path, name: str) -> None:
    segment = small_segment(tmp_path)
    with pytest.raises(ValueError, match="do not fit"):
        write(replace(segment, **{name: getattr(segment, name)[:-1]}))


def test_a_score_that_is_no_number_is_refused(tmp_path: Path) -> None:
    segment = small_segment(tmp_path)
    with pytest.raises(ValueError, match="do not fit"):
        write(replace(segment, background=segment.background * np.float32(np.nan)))


def test_a_file_of_other_arrays_is_refused(tmp_path: Path) -> None:
    arrays = to_arrays(small_segment(tmp_path))
    del arrays["vectors"]
    write_segment(tmp_path / "other", {name: Stretches.of(array) for name, array in arrays.items()})
    with pytest.raises(ValueError, match="it has no 'vectors'"):
        Segment.open(tmp_path / "other")
