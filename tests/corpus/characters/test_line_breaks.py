"""Line breaks are folded for reading. Nothing else changes, and the words stay the same."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.characters.folding import key_of
from corpus.characters.line_breaks import fold_line_breaks

WORDS = "trade|両省は|、|。|オープン|RAN|5G|(METI)|양국은|ไทย|long-|—|－|and/|・|é|“|」".split("|")
BREAKS = ["\n", "\r\n", "\r", " \n", "\n  ", " \t\r\n\u3000", "\n\n", "\r\n \r\n", "\f\n", "\n\f"]
pieces = st.sampled_from([*WORDS, *BREAKS, " ", "\u3000"])
texts = st.lists(pieces, max_size=14).map("".join) | st.text()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a hydrogen\ncentre", "a hydrogen centre"),
        ("a hydrogen  \r\n   centre", "a hydrogen centre"),
        ("両省は、半導\n体の", "両省は、半導体の"),
        ("両省は、\n\u3000半導体の", "両省は、半導体の"),
        ("供应链\n安全", "供应链安全"),
        ("オープン\nRANの", "オープンRANの"),
        ("양국은\n배터리", "양국은 배터리"),
        ("การค้า\nเสรี", "การค้าเสรี"),
        ("a long-\nterm plan", "a long-\nterm plan"),
        ("a plan -\nand more", "a plan - and more"),
        ("goals—\nand", "goals—\nand"),
        ("and/\nor", "and/\nor"),
        ("co\u00ad\noperation", "co\u00ad\noperation"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\n \ntwo", "one\n \ntwo"),
        ("one\n\x0ctwo", "one\n\x0ctwo"),
        ("cafe\n\u0301", "cafe\n\u0301"),
        ("\none\n", "\none\n"),
        ("１\n２", "１ ２"),
    ],
)
def test_cases(text: str, folded: str) -> None:
    assert fold_line_breaks(text) == folded


@given(texts)
@example("か\n\u3099")
@example("a-\n-\nb")
def test_only_runs_with_a_line_break_change(text: str) -> None:
    """Each of them stays, becomes one space, or nothing."""
    words_and_runs = re.split(r"(\s*[\r\n]\s*)", text)
    pattern = "".join(
        f"(?:{re.escape(part)}| |)" if number % 2 else re.escape(part)
        for number, part in enumerate(words_and_runs)
    )
    assert re.fullmatch(pattern, fold_line_breaks(text))


@given(texts)
def test_folding_again_changes_nothing(text: str) -> None:
    folded = fold_line_breaks(text)
    assert fold_line_breaks(folded) == folded


@given(st.lists(pieces, max_size=14).map("".join))
def test_what_is_shown_is_the_same_words_for_a_check(text: str) -> None:
    assert key_of(fold_line_breaks(text)) == key_of(text)


@given(texts, st.data())
def test_parts_that_are_cut_at_words_make_the_whole(text: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"(?<=\S)(?=\w)|(?<=\w)(?=\S)", text)]
    cuts = sorted(data.draw(st.sets(st.sampled_from(places))) if places else set())
    bounds = [0, *cuts, len(text)]
    parts = [fold_line_breaks(text, start, end) for start, end in pairwise(bounds)]
    assert "".join(parts) == fold_line_breaks(text)
