"""Names of months and countries in many languages, from the Unicode CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from corpus.tables import read_table

LANGUAGES = tuple("en ja fr de es it pt nl vi id ko zh ru".split())


@cache
def _table() -> dict[str, Any]:
    """Return `cldr.json`, which `scripts/cldr_table.py` writes."""
    return read_table(__package__, "cldr.json")


def month_names() -> Mapping[str, int]:
    """Return the numbers of the months by their names in all languages, in small letters."""
    months: dict[str, int] = _table()["months"]
    return months


def territories(language: str) -> Mapping[str, str]:
    """Return the names of countries and regions in one of `LANGUAGES`, by code (ISO 3166)."""
    names: dict[str, str] = _table()[language]
    return names
