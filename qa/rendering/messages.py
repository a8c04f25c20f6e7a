"""The texts that users read, in English and in Japanese: the table `messages.json`.

The table has sections. A section maps each key to its text in both languages. A key stands in one
section only, so the key alone names the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from corpus.tables import read_table

LANGUAGES = ("en", "ja")


def interface_language(language: str) -> str:
    """Return the language in which to speak to someone who asked in `language`."""
    return language if language in LANGUAGES else "en"


@cache
def messages(language: str) -> Mapping[str, str]:
    """Return all texts in one language, by their keys.

    Args:
        language: Code of a language. English stands in for a language without texts.
    """
    code = interface_language(language)
    return {
        key: texts[code]
        for texts_by_key in _table().values()
        for key, texts in texts_by_key.items()
    }


def section(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of one section, by their keys and then by language."""
    return _table()[name]


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    return read_table(__package__, "messages.json")
