"""The names of months and countries that are kept with the project are those of the library."""

from __future__ import annotations

import json
import sys
from importlib.resources import files

import pytest
from project import ROOT

from corpus.facts.cldr import LANGUAGES, month_names, territories


def test_the_table_is_what_the_script_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    import cldr_table

    assert tuple(cldr_table.LANGUAGES) == LANGUAGES
    stored = json.loads(files("corpus.facts").joinpath("cldr.json").read_text("utf-8"))
    assert stored == cldr_table.cldr_table()


@pytest.mark.parametrize(("name", "number"), [("may", 5), ("märz", 3), ("août", 8), ("мая", 5)])
def test_months_have_numbers(name: str, number: int) -> None:
    assert month_names()[name] == number


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "インド"), ("de", "Indien"), ("ru", "Индия")]
)
def test_countries_have_names(language: str, name: str) -> None:
    assert territories(language)["IN"] == name
