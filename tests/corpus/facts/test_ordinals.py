"""Ordinal numbers of meetings in a text."""

from __future__ import annotations

import time

import pytest

from corpus.facts.ordinals import find_ordinals, number_in_title

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
    "the fourth U.S.-EU TTC meeting": [4],
    "the twenty-first session": [21],
    "for the first time at the summit": [],
    "the first steps toward a dialogue": [],
    "the first topic": [],
    "a third-party dialogue": [],
    "1.5 meetings": [],
}
TITLES: dict[str, int | None] = {
    "Third High-Level Economic and Security Dialogue": 3,
    "The Third U.S.-Japan High-Level Economic and Security Dialogue, Joint Statement": 3,
    "3rd Japan-EU High Level Economic and Security Dialogue Joint Statement": 3,
    "Joint Statement of the Third U.S.-Japan High-Level Economic and Security Dialogue": 3,
    "Dritter Hochrangiger Deutsch-Japanischer Wirtschafts- und Sicherheitsdialog": 3,
    "Troisième dialogue économique et de sécurité de haut niveau": 3,
    "Tercer Diálogo Económico de Alto Nivel": 3,
    "Третий российско-японский стратегический диалог": 3,
    "第3回ハイレベル経済安全保障対話": 3,
    "제3차 한미일 경제안보대화": 3,
    "First Steps toward a Dialogue": 0,
    "First Quarter Progress Report and Dialogue Plan": 0,
    "Second World War and Its Lessons": 0,
    "First Stop": 0,
    "First Anniversary of the Third Summit": 0,
    "Third and Fourth Ministerial Meetings": 0,
    "A Framework for a Twenty-First Century Partnership": None,
    "Third-Party Dialogue": None,
    "Joint Statement": None,
}


@pytest.mark.parametrize(("text", "numbers"), CASES.items())
def test_ordinals_are_found(text: str, numbers: list[int]) -> None:
    assert [mention.number for mention in find_ordinals(text)] == numbers


@pytest.mark.parametrize(("title", "number"), TITLES.items())
def test_the_word_for_the_meeting_may_be_far_from_the_ordinal_of_a_title(
    title: str, number: int | None
) -> None:
    assert number_in_title(title) == number


@pytest.mark.parametrize("text", ["U." * 5000, "third " * 2000, "third U.S.A. " * 1000])
def test_the_time_does_not_grow_with_the_square_of_the_length(text: str) -> None:
    start = time.perf_counter()
    number_in_title(text)
    assert time.perf_counter() - start < 2
