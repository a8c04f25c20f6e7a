"""Which two statements a question compares, of one series or not, and which questions do not."""

from __future__ import annotations

from datetime import date

import pytest
from card_matches import alike, profile_of
from statements import dated

from index.search.cards import CardMatches
from qa.scope.intervals import find_intervals
from qa.scope.library import Library
from qa.scope.resolution import Meant, resolve

STATEMENTS = [
    dated("india-2021", "U.S.-India Joint Leaders’ Statement", "2021-09-24"),
    dated("india-june", "Joint Statement from the United States and India", "2023-06-22"),
    dated("india-september", "Joint Statement from India and the United States", "2023-09-08"),
    dated("india-2025", "United States-India Joint Leaders’ Statement", "2025-02-13"),
    dated("mexico-july", "U.S.-Mexico Joint Statement", "2022-07-12"),
    dated("mexico-september", "U.S.-Mexico High-Level Economic Dialogue", "2022-09-12"),
    dated("carbis-bay", "Carbis Bay G7 Summit Communiqué", "2021-06-13"),
    dated("costs", "Statement by the G7 Announcing Further Economic Costs", "2022-03-11"),
    dated("eu-summit", "U.S.-EU Summit Joint Statement", "2023-10-20"),
    dated("indonesia", "Joint Statement of the United States and Indonesia", "2024-11-12"),
    dated("chile", "U.S.-Chile Joint Statement", "2024-03-11"),
]
LIBRARY = Library([profile_of(statement) for statement in STATEMENTS])
ALIKE = alike(LIBRARY)
# What the cards tell of names that no rule reads.
NAMES = {"Prabowo": "indonesia", "プラボウォ": "indonesia", "Cornwall": "carbis-bay"}


def cards(text: str) -> CardMatches:
    named = {statement for name, statement in NAMES.items() if name in text}
    return alike(LIBRARY, **dict.fromkeys(named, 20.0))


def meant(question: str, allowed: list[str] | None = None) -> Meant:
    return resolve(question, LIBRARY, cards(question), allowed, cards)


COMPARED = [
    (
        "2022年7月の米墨首脳声明と9月の米墨声明を比べて、半導体は？",
        "mexico-september",
        ["mexico-july"],
    ),
    (
        "Compare the 2023 and 2025 U.S.-India statements on drones.",
        "india-2025",
        ["india-september", "india-june"],
    ),
    (
        "What was added on Russia from the G7 in June 2021 to the G7 statement of March 2022?",
        "costs",
        ["carbis-bay"],
    ),
    (
        "From Cornwall to the Further Economic Costs statement nine months later: differences?",
        "costs",
        ["carbis-bay"],
    ),
    (
        "On Gaza, compared with the U.S.-EU statement of October 2023, what did Prabowo agree?",
        "indonesia",
        ["eu-summit"],
    ),
    (
        "Gaza : entre la déclaration UE–États-Unis d'octobre 2023 et la visite de Prabowo un an "
        "plus tard, qu'est-ce qui a été ajouté ?",
        "indonesia",
        ["eu-summit"],
    ),
    ("2023年10月の米EU声明から、プラボウォの声明はどう変わった？", "indonesia", ["eu-summit"]),
    (
        "Was ist neu in der Erklärung mit Indonesien vom November 2024 im Vergleich zur "
        "Erklärung der USA und der EU vom Oktober 2023?",
        "indonesia",
        ["eu-summit"],
    ),
]


@pytest.mark.parametrize(("question", "later", "earlier"), COMPARED)
def test_two_statements_that_are_named_are_compared(
    question: str, later: str, earlier: list[str]
) -> None:
    found = meant(question)
    assert (found.why, found.statements, list(found.earlier)) == ("change", (later,), earlier)
    assert found.scope is not None
    assert list(found.scope.priors) == [later]
    assert set(found.scope.named) == {later, *earlier}


@pytest.mark.parametrize(
    "question",
    [
        "What new steps did the June 2023 U.S.-India statement take for the summit in 2024?",
        "How did the trade deficit change, according to the June 2023 U.S.-India statement?",
        "2023年6月の米印声明は、排出量が2005年に比べてどう変わったと述べていますか",
        "What new targets by October 2030 did the June 2023 U.S.-India statement set?",
        "2023年6月の米印声明で、2030年までに新しく何を建てますか",
        "How was India upgraded in the June 2023 U.S.-India statement?",
        "What did the June 2023 U.S.-India statement say of the Quad meeting of March 2021?",
        "What do the U.S.-EU statement of October 2023 and Prabowo say on Gaza?",
        "¿Qué dice la declaración de junio de 2023 de EE.UU. e India frente a la amenaza nuclear?",
        "Haltung gegenüber China in der Erklärung der USA und Indiens vom Juni 2023",
    ],
)
def test_what_is_only_spoken_of_is_not_compared(question: str) -> None:
    assert meant(question).why != "change"


def test_the_year_before_is_that_of_a_statement_of_the_same_parties() -> None:
    found = meant("2023年6月の米印声明で、前年の声明になかった内容は？")
    compared = {*found.statements, *found.earlier}
    assert len(compared) > 1
    assert all(name.startswith("india") for name in compared)


@pytest.mark.parametrize(
    "question",
    [
        "最新の米印声明は、前の米印声明と比べて何が新しいですか",
        "What is new in the 2025 U.S.-India statement, versus the U.S.-India statement before?",
    ],
)
def test_the_statement_before_is_that_of_the_series(question: str) -> None:
    found = meant(question)
    assert (found.statements, found.earlier) == (("india-2025",), ("india-september",))


@pytest.mark.parametrize("question", [" ,x" * 600 + " what changed", "Compared to " + "a, " * 600])
def test_a_long_question_is_not_read_in_parts(question: str) -> None:
    def cards_of(part: str) -> CardMatches:
        raise AssertionError(part)

    assert resolve(question, LIBRARY, ALIKE, None, cards_of).mentions.changes


@pytest.mark.parametrize(
    "text",
    [
        "two-year priorities",
        "令和5年前半",
        "二〇二四年前半",
        "4月10日前後",
        "forty-one years later",
    ],
)
def test_these_are_no_distances(text: str) -> None:
    assert find_intervals(text) == []


def test_a_filter_holds_for_what_is_compared() -> None:
    question = "Compared with the U.S.-EU statement of October 2023, what did Prabowo agree?"
    allowed = ["indonesia", "chile"]
    found = meant(question, allowed)
    assert {*found.statements, *found.earlier} <= set(allowed)


@pytest.mark.parametrize(
    ("text", "one", "other", "agrees"),
    [
        ("nine months later", "2021-06-13", "2022-03-11", True),
        ("nine months later", "2021-06-13", "2022-06-13", False),
        ("three months before", "2021-06-10", "2021-03-17", True),
        ("a day later", "2025-11-13", "2025-11-14", True),
        ("am Tag danach", "2022-03-24", "2022-03-25", True),
        ("am Tag danach", "2022-03-24", "2022-03-27", False),
        ("un an plus tard", "2023-10-20", "2024-11-12", True),
        ("翌年", "2021-10-29", "2022-12-01", True),
        ("翌年", "2021-10-29", "2021-12-01", False),
        ("2か月後", "2022-07-12", "2022-09-12", True),
        ("1년 뒤", "2023-10-20", "2024-11-12", True),
        ("两周后", "2022-03-10", "2022-03-24", True),
        ("within two years", "2022-03-10", "2024-03-10", False),
        ("a decade later", "2014-03-10", "2024-03-10", False),
    ],
)
def test_how_far_statements_lie_apart(text: str, one: str, other: str, agrees: bool) -> None:
    days = date.fromisoformat(one), date.fromisoformat(other)
    assert any(interval.agrees(*days) for interval in find_intervals(text)) == agrees
