"""Postings say where each term stands. Those of several segments are put together."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical.postings import Postings, merge_postings, term_key

SENTENCE = st.lists(st.sampled_from("abcdefgh"), max_size=6)
SENTENCES = st.lists(SENTENCE, max_size=8)


def contents(postings: Postings) -> dict[int, list[tuple[int, int]]]:
    """Return the sentences and the counts of each term, by its key."""
    found = {}
    for key in postings.terms.tolist():
        own = postings.of_term(key)
        rows = zip(postings.sentences[own].tolist(), postings.counts[own].tolist(), strict=True)
        found[key] = list(rows)
    return found


def assert_same(found: Postings, expected: Postings) -> None:
    for name in Postings.__slots__:
        ours, theirs = getattr(found, name), getattr(expected, name)
        assert ours.dtype == theirs.dtype, name
        assert ours.tolist() == theirs.tolist(), name


@given(SENTENCES)
def test_every_term_of_every_sentence_is_there(sentences: list[list[str]]) -> None:
    expected: dict[int, list[tuple[int, int]]] = {}
    for number, terms in enumerate(sentences):
        for term, count in Counter(terms).items():
            expected.setdefault(term_key(term), []).append((number, count))
    postings = Postings.of(sentences)
    assert contents(postings) == expected
    assert (np.diff(postings.terms.astype(object)) > 0).all()
    kinds = [getattr(postings, name).dtype for name in Postings.__slots__]
    assert kinds == [np.uint64, np.int64, np.uint32, np.uint8]


@given(SENTENCES, st.sampled_from("abcdefghxyz"))
def test_a_term_that_stands_nowhere_has_no_postings(sentences: list[list[str]], term: str) -> None:
    own = Postings.of(sentences).of_term(term_key(term))
    assert own.stop - own.start == sum(term in sentence for sentence in sentences)


def test_the_largest_and_the_smallest_key_may_be_asked_for() -> None:
    postings = Postings.of([["a", "b"]])
    for key in (0, 2**64 - 1):
        assert postings.of_term(key) == slice(0, 0)


def test_a_term_that_stands_very_often_is_counted_up_to_255() -> None:
    postings = Postings.of([["a"] * 300, ["a"] * 255])
    assert contents(postings) == {term_key("a"): [(0, 255), (1, 255)]}


def test_terms_with_broken_characters_have_keys() -> None:
    assert len({term_key(term) for term in ("", "\ud800", "\udfff", "a")}) == 4


@settings(max_examples=300)
@given(st.lists(st.lists(st.tuples(SENTENCE, st.booleans()), max_size=6), min_size=1, max_size=4))
def test_merged_postings_are_those_of_the_kept_sentences(
    segments: list[list[tuple[list[str], bool]]],
) -> None:
    parts, kept = [], list[list[str]]()
    for segment in segments:
        numbers = np.full(len(segment), -1, np.int64)
        for number, (terms, keep) in enumerate(segment):
            if keep:
                numbers[number] = len(kept)
                kept.append(terms)
        parts.append((Postings.of([terms for terms, _ in segment]), numbers))
    assert_same(merge_postings(parts), Postings.of(kept))
