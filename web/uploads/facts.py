"""Facts of a statement for a form in the page, and those that a reader sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.errors import ShuttenError
from corpus.facts.parties import party_code
from corpus.facts.recorded import FACTS, parse_settings
from corpus.records import Provenance
from qa.rendering.messages import LANGUAGES, messages
from qa.rendering.names import parties_text
from web.uploads.errors import RefusedError


def fact_rows(provenance: Provenance) -> list[dict[str, Any]]:
    """Return the facts of a statement as JSON, the unknown ones too.

    Each has its name, its value, where it was found (see `corpus.facts.reading.complete`), and the
    value as a reader of each language would write it in one line.
    """
    return [
        {
            "name": name,
            "value": value if isinstance(value, str) else list(value),
            "found": provenance.origins.get(name, "recorded") if value else "",
            "text": {language: _line(name, value, language) for language in LANGUAGES},
        }
        for name in FACTS
        for value in [getattr(provenance, name)]
    ]


def _line(name: str, value: str | tuple[str, ...], language: str) -> str:
    if isinstance(value, str):
        return value
    names = [_party(code, language) for code in value] if name == "parties" else value
    return messages(language)["between_issuers"].join(names)


def _party(code: str, language: str) -> str:
    """Return the name of a party; its code where the name would not be understood again."""
    name = parties_text([code], language)
    return name if party_code(name) == code and "," not in name else code


def parse_facts(table: Mapping[str, str | Sequence[str]], place: str) -> dict[str, Any]:
    """Return the facts that a reader sends, as a `Provenance` has them.

    An empty value empties a fact. Parties are names or codes, in a list or with commas between
    them.

    Args:
        table: Values by the names of facts.
        place: What the facts belong to, for error messages.

    Raises:
        RefusedError: One cannot be used. It names the field.
    """
    facts: dict[str, Any] = {}
    for name, value in table.items():
        if name not in FACTS:
            raise RefusedError(422, f"{place}: there is no fact {name[:50]!r}", "facts")
        values = [value] if isinstance(value, str) else list(value) or [""]
        words = [f"{name}={' '.join(each.split())}" for each in values]
        try:
            facts |= parse_settings(words, place)
        except ShuttenError as error:
            raise RefusedError(422, str(error), name) from None
    return facts
