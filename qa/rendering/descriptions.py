"""Facts of a statement, and what can be asked, in words: lines for every interface."""

from __future__ import annotations

from functools import cache

from corpus.tables import read_table
from qa.answers.answer import Answer
from qa.answers.facts import Facts


def what_to_ask(answer: Answer, language: str) -> list[str]:
    """Two lines for someone who asked nothing: what can be asked, and examples.

    Args:
        answer: One whose status is `no_question`.
        language: `ja` or `en`.
    """
    words = _words()[language]
    return [words[answer.reason], words["examples"]]


def heading(facts: Facts, language: str) -> str:
    """What stands above the facts: which statement, and that they are no quotes."""
    return _words()[language]["recorded"].format(statement=facts.statement)


def rows(facts: Facts, language: str) -> list[str]:
    """The facts that are known, each as a line of its own.

    Args:
        facts: Of one statement.
        language: `ja` or `en`.
    """
    words, about = _words()[language], facts.provenance
    japanese = language == "ja"
    known = {
        "title": about.title if japanese else about.title_en or about.title,
        "date": about.date,
        "issuers": words["and"].join(about.issuers),
        "venue": about.venue,
        "status": about.status if japanese else about.status_en or about.status,
        "language": _name_of(about.language, language),
        "length": words["counted"].format(passages=facts.passages, characters=facts.characters),
    }
    return [
        words["label"].format(name=words[name], value=" ".join(value.split()))
        for name, value in known.items()
        if value
    ]


def in_one_line(facts: Facts, language: str) -> str:
    """A statement as one names it: title, date, id."""
    about = facts.provenance
    title = about.title if language == "ja" else about.title_en or about.title
    return " · ".join(filter(None, [" ".join(title.split()), about.date, facts.statement]))


def lines(answer: Answer, language: str) -> list[str]:
    """The facts of an answer as lines: of one statement, or a list to choose from.

    Args:
        answer: Any.
        language: `ja` or `en`.
    """
    if answer.reason == "which":
        return ["- " + in_one_line(one, language) for one in answer.facts]
    return [
        line
        for facts in answer.facts
        for line in (heading(facts, language), *("- " + row for row in rows(facts, language)))
    ]


def _name_of(code: str, language: str) -> str:
    """The name of a language; the code itself where it is none."""
    from babel import Locale

    return str(Locale(language).languages.get(code.replace("-", "_"), code))


@cache
def _words() -> dict[str, dict[str, str]]:
    return read_table(__package__, "about.json")
