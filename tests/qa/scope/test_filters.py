"""Filters by hand: ids, dates and parties, and errors of one line for bad ones."""

from __future__ import annotations

from typing import Any

import pytest
from statements import statement_from

from corpus.errors import ShuttenError
from qa.scope.filters import Within, allowed

STATEMENTS = {
    statement.id: statement
    for statement in (
        statement_from("文。", "india-2023", date="2023-06-22", parties=("US", "IN")),
        statement_from("文。", "india-2025", date="2025-02-13", parties=("US", "IN")),
        statement_from("文。", "aukus-2023", date="2023-03-13", parties=("AUKUS",)),
        statement_from("文。", "undated"),
    )
}


def names(**given: Any) -> list[str]:
    return allowed(Within.of(given), {name: each.provenance for name, each in STATEMENTS.items()})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"statements": ["india-2025"]}, ["india-2025"]),
        ({"since": "2024"}, ["india-2025"]),
        ({"until": "2023"}, ["india-2023", "aukus-2023"]),
        ({"since": "2023-03", "until": "2023-03-13"}, ["aukus-2023"]),
        ({"since": "令和7年"}, ["india-2025"]),
        ({"parties": ["インド"]}, ["india-2023", "india-2025"]),
        ({"parties": ["Australia"]}, ["aukus-2023"]),
        ({"parties": ["US", "in"], "since": "June 2023"}, ["india-2023", "india-2025"]),
        ({}, list(STATEMENTS)),
    ],
)
def test_filters(given: dict[str, Any], expected: list[str]) -> None:
    assert names(**given) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"statements": ["india-2024"]}, "no statement 'india-2024'; did you mean 'india-202"),
        ({"statements": ["x"]}, "no statement 'x'; there are: india-2023, "),
        ({"since": "2023-13"}, "from '2023-13' is no date; write 2023, 2023-05 or"),
        ({"until": "soon"}, "to 'soon' is no date"),
        ({"since": "2025", "until": "2023"}, "from 2025 is after to 2023"),
        ({"parties": ["Atlantis"]}, "no statement has the party 'Atlantis'; there are: AU, AUKUS"),
        ({"since": "2030"}, "no statement fits the filter; there are 4 statements, dated 2023-03"),
        ({"statements": "india-2025"}, "statements must be a list of texts"),
        ({"since": 2023}, "since must be a text"),
        ({"form": "2023"}, "within has no 'form'; there are: statements, since, until, parties, b"),
        ({"by_name": 1}, "by_name must be true or false, not int"),
    ],
)
def test_a_bad_filter_is_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ShuttenError) as error:
        names(**given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_other_forms_of_a_filter() -> None:
    assert Within.of(None).is_empty
    assert Within.of("india-2023") == Within(("india-2023",))
    with pytest.raises(ShuttenError, match="within must be a filter"):
        Within.of(3)
