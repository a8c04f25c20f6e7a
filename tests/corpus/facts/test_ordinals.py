"""Ordinal numbers of meetings in a text."""

from __future__ import annotations

import pytest

from corpus.facts.ordinals import find_ordinals

CASES = {
    "第2回 日米商務・産業パートナーシップ": [2],
    "The fourth Ministerial meeting of the Trade and Technology Council": [4],
    "Third Anniversary of AUKUS": [3],
    "AUKUS三周年の声明": [3],
    "70<sup>th</sup> anniversary": [70],
    "9<sup>e</sup> sommet des Amériques": [9],
    "제4차 TTC 회의": [4],
    "la deuxième réunion du TTC": [2],
    "die zweite Tagung": [2],
    "第六次会议": [6],
    "Inaugural Joint Statement": [1],
    "to Mark One Year of AUKUS": [1],
    "the first paragraph": [],
    "the 21st century": [],
}


@pytest.mark.parametrize(("text", "numbers"), CASES.items())
def test_ordinals_are_found(text: str, numbers: list[int]) -> None:
    assert [mention.number for mention in find_ordinals(text)] == numbers
