"""A server that needs no model. Test files have other `statements` or `options`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from assistants import MatchingAssistant, served
from statements import statement_from

from corpus.records import Statement


@pytest.fixture
def statements() -> list[Statement]:
    """The statements of `assistant`."""
    return [statement_from("We will limit missile tests.\n\nWe agreed on trade.\n", "a")]


@pytest.fixture
def assistant(statements: list[Statement], tmp_path: Path) -> MatchingAssistant:
    return MatchingAssistant(*statements, home=tmp_path)


@pytest.fixture
def address(assistant: MatchingAssistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}
