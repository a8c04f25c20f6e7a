"""Short names of statements and of those who speak in them, made from the recorded facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corpus.characters.country_signs import territory_codes
from corpus.characters.widths import columns
from corpus.facts.parties import is_group, party_name
from corpus.records import Provenance
from qa.rendering.descriptions import status, title
from qa.rendering.messages import interface_language, messages, section

MAX_PARTIES = 4  # that a short name can hold
_MAX_TITLE = 90  # columns of a title that stands in the place of a short name


def statement_name(statement: str, provenance: Provenance, language: str) -> str:
    """Return a short name of a statement: "Japan-U.S. joint statement, 10 Apr 2024".

    Without parties, or with many, the title stands in the place of parties and kind. Without a
    title the id does.

    Args:
        statement: The id of the statement.
        provenance: Its facts.
        language: Language of the reader.
    """
    day = day_text(provenance.date, language)
    if 0 < len(provenance.parties) <= MAX_PARTIES:
        name = parties_and_kind(provenance, language)
    else:
        name = _cut(title(provenance, language)) or statement
    return messages(language)["name_dated"].format(name=name, day=day) if day else name


def parties_and_kind(provenance: Provenance, language: str) -> str:
    """Return the parties and the kind of a statement, without its date: 日米共同声明."""
    texts, parties = messages(language), provenance.parties
    kind = texts.get(f"kind_{provenance.kind}", provenance.kind) or texts["kind_statement"]
    signs = {code: sign for sign, code in reversed(territory_codes().items())}
    if interface_language(language) != "ja":
        names = "-".join(_short(code, language) for code in parties)
    elif len(parties) > 1 and all(code in signs and not is_group(code) for code in parties):
        # Japanese names its own country first: 日米, 日米韓.
        names = "".join(signs[code] for code in sorted(parties, key=lambda code: code != "JP"))
    else:
        names = "・".join(_short(code, language) for code in parties)
    return texts["name_by_parties"].format(parties=names, kind=kind)


def parties_text(parties: Sequence[str], language: str) -> str:
    """Return the full names of parties in a reader's language, in one line."""
    name = _short if interface_language(language) == "ja" else party_name
    names = (name(code, interface_language(language)) for code in parties)
    return messages(language)["between_issuers"].join(names)


def status_text(provenance: Provenance, language: str) -> str:
    """Return the status of a text in a reader's language; empty if there is none."""
    text = status(provenance, language)
    known = (texts for texts in section("status_names").values() if text in texts.values())
    return next(known, {}).get(interface_language(language), text)


def day_text(day: str, language: str) -> str:
    """Return a date, `YYYY-MM-DD`, as readers of a language write it; unchanged if it is none."""
    from babel.dates import format_date

    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return day
    code = interface_language(language)
    return str(format_date(parsed, {"ja": "long"}.get(code, "d MMM yyyy"), locale=code))


def _short(code: str, language: str) -> str:
    """Return the name by which a party is called in the title of a statement."""
    if is_group(code):
        return messages(language).get(f"party_{code}", code)
    name = party_name(code, interface_language(language))
    return messages(language).get(f"party_{code}", name)


def _cut(text: str) -> str:
    """Return a text that is cut, with an ellipsis, where it is too long for a name."""
    if columns(text) <= _MAX_TITLE:
        return text
    cut = text
    while columns(cut) >= _MAX_TITLE:
        cut = cut[:-1]
    return f"{cut.rstrip()}…"
