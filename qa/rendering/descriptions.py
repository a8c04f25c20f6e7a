"""What is known of a statement, and what a user can ask, as text for every interface."""

from __future__ import annotations

from corpus.records import Provenance
from qa.answers.facts import Facts
from qa.rendering.messages import interface_language, messages


def title(provenance: Provenance, language: str) -> str:
    """Return the title for readers of a language, in one line; empty if there is none."""
    if interface_language(language) == "ja":
        text = provenance.title
    else:
        text = provenance.title_en or provenance.title
    return " ".join(text.split())


def status(provenance: Provenance, language: str) -> str:
    """Return the status of the text for readers of a language; empty if there is none."""
    if interface_language(language) == "ja":
        return provenance.status
    return provenance.status_en or provenance.status


def reply_lines(reason: str, language: str) -> tuple[str, str]:
    """Return what can be asked, and examples, for a user who asked nothing.

    Args:
        reason: `help`, `greeting` or `thanks`; see `Answer.reason`.
        language: Language of the lines.
    """
    texts = messages(language)
    return texts[f"reply_{reason}"], texts["reply_examples"]


def facts_heading(facts: Facts, language: str) -> str:
    """Return the line above the facts. It names the statement and says that they are no quotes."""
    return messages(language)["facts_recorded"].format(statement=facts.statement)


def fact_lines(facts: Facts, language: str) -> tuple[str, ...]:
    """Return one line for each fact of a statement that is known.

    Args:
        facts: The facts.
        language: Language of the lines.
    """
    texts, provenance = messages(language), facts.provenance
    values = {
        "title": title(provenance, language),
        "date": provenance.date,
        "issuers": texts["between_issuers"].join(provenance.issuers),
        "signatories": texts["between_issuers"].join(provenance.signatories),
        "occasion": provenance.occasion,
        "venue": provenance.venue,
        "status": status(provenance, language),
        "language": _language_name(provenance.language, interface_language(language)),
        "length": texts["fact_length_counted"].format(
            passages=facts.passages, characters=facts.characters
        ),
    }
    return tuple(
        texts["fact"].format(name=texts[f"fact_{name}"], value=" ".join(value.split()))
        for name, value in values.items()
        if value
    )


def statement_line(facts: Facts, language: str) -> str:
    """Return the title, the date and the id of a statement in one line."""
    provenance = facts.provenance
    names = [title(provenance, language), provenance.date, facts.statement]
    return " · ".join(filter(None, names))


def _language_name(code: str, language: str) -> str:
    """Return the name of the language with a code; the code itself if the name is unknown."""
    from babel import Locale

    return str(Locale(language).languages.get(code.replace("-", "_"), code))
