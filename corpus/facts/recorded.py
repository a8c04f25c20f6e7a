"""Checks the facts that a person records: in a TOML file beside a statement, or by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from corpus.arguments import unknown
from corpus.errors import ShuttenError
from corpus.facts.parties import party_code
from corpus.records import LIST_FACTS, Provenance

FACTS = tuple(field.name for field in fields(Provenance) if field.name != "origins")
MAX_RECORDED = 50_000  # bytes of all facts of a statement
HTTPS_ADDRESS = re.compile(r"https://[^\s/]+\S*")
_COMMA = re.compile("[,，、]")
# The form that the value of a fact has, and what to do if it has another one.
_FORMS = {
    "url": (HTTPS_ADDRESS, "give an address that begins with https://"),
    "language": (
        re.compile("[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"),
        "write its code, such as ja or en",
    ),
    "number": (re.compile("[0-9]{1,4}"), "write digits, such as 2"),
}


def checked(table: Mapping[str, object], place: str) -> dict[str, Any]:
    """Return facts as a `Provenance` has them.

    Args:
        table: Values by the names of facts, as TOML has them.
        place: Where they are recorded, for error messages.

    Raises:
        ShuttenError: A value cannot be used; the message says what it should be.
    """
    return {name: _checked(name, value, place) for name, value in table.items()}


def _checked(name: str, value: object, place: str) -> str | tuple[str, ...]:
    if name in LIST_FACTS:
        names = _names(name, value, place)
        return tuple(_party(each, place) for each in names) if name == "parties" else names
    if name == "date":
        return _day(value, place)
    if not isinstance(value, str):
        raise ShuttenError(f'{place}: {name} must be text; write {name} = "..."')
    if name in _FORMS and value and not _FORMS[name][0].fullmatch(value):
        raise ShuttenError(f"{place}: {name} is {value!r}; {_FORMS[name][1]}")
    return value


def _day(value: object, place: str) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        raise ShuttenError(
            f"{place}: the date {value!r} is no date; write it as 2023-05-26"
        ) from None
    return f"{day:%Y-%m-%d}"


def _names(name: str, value: object, place: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        raise ShuttenError(f'{place}: {name} must be a list of names; write {name} = ["..."]')
    return tuple(map(str, names))


def _party(name: str, place: str) -> str:
    if code := party_code(name):
        return code
    raise ShuttenError(
        f"{place}: the party {name!r} is not known; write the name or the code of a country, or "
        "the acronym of an organisation, such as JP or ASEAN"
    )


def parse_settings(words: Sequence[str], place: str) -> dict[str, Any]:
    """Return the facts in words such as `date=2023-05-26`, as a `Provenance` has them.

    `date=` empties a fact. The key of a list may be repeated, and parties may have commas between
    them.

    Args:
        words: The words.
        place: What the facts belong to, for error messages.

    Raises:
        ShuttenError: A word has no key, or a key that is not known, or its value cannot be used.
    """
    _refuse_unwritable(words, place)
    given: dict[str, list[str]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ShuttenError(f"{word!r} sets no fact; write KEY=VALUE, such as date=2023-05-26")
        if name not in FACTS:
            raise unknown("fact", name, FACTS, len(FACTS))
        if name in given and name not in LIST_FACTS:
            raise ShuttenError(f"{place}: {name} is given twice; give it once")
        given.setdefault(name, []).append(value.strip())
    values = {name: _value(name, values) for name, values in given.items()}
    emptied = {
        name: () if name in LIST_FACTS else "" for name, value in values.items() if not value
    }
    table = {name: value for name, value in values.items() if value}
    return emptied | checked(table, place)


def _refuse_unwritable(words: Sequence[str], place: str) -> None:
    try:
        size = len(" ".join(words).encode())
    except UnicodeEncodeError:
        raise ShuttenError(f"{place}: a fact is no UTF-8 text; write it in UTF-8") from None
    if size > MAX_RECORDED:
        raise ShuttenError(f"{place}: the facts have {size:,} bytes, {MAX_RECORDED:,} at most")


def _value(name: str, texts: Sequence[str]) -> str | list[str]:
    if name not in LIST_FACTS:
        return texts[0]
    split = (_COMMA.split(text) if name == "parties" else [text] for text in texts)
    return [part.strip() for parts in split for part in parts if part.strip()]
