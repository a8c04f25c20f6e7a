"""Reads the facts of a statement: from its front matter, its title and its first lines.

A fact that was recorded beside the statement or set by hand is never changed. A doubtful fact is
left empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from corpus.characters.markup import without_markup
from corpus.documents import Area, Document
from corpus.facts.cards import opening_sentences
from corpus.facts.dates import find_dates, parse_day
from corpus.facts.ordinals import find_ordinals, number_in_title
from corpus.facts.parties import is_group
from corpus.facts.recorded import FACTS, HTTPS_ADDRESS
from corpus.facts.roles import parties_named_together, speaking_parties
from corpus.facts.speakers import find_signatories, occasion_of_sentence, occasion_of_title
from corpus.language import main_language
from corpus.records import LIST_FACTS, Passage, Provenance, Source, Statement
from corpus.segmentation.front_matter import read_front_matter
from corpus.tables import read_table

# The fields of a front matter by which a fact is called, the best one first.
_HEAD_FIELDS = {
    "title": ("title",),
    "date": ("date", "published", "published_time", "publish_date", "issued"),
    "url": ("source_url", "url", "link", "permalink", "canonical_url"),
    "language": ("language", "lang"),
    "status": ("status",),
    "venue": ("venue", "location", "place"),
    "occasion": ("occasion",),
    "signatories": ("signatories",),
}
_MAX_OPENING = 600  # code points that may hold the date and the parties
_MAX_PARTIES = 40
_FIRST_PASSAGES, _MIN_SENTENCE = 6, 40  # where the first sentence of the text is, and its length


BY_HAND = "hand"
_GIVEN = ("recorded", BY_HAND)  # the origins of facts that are not read from the text


def complete(provenance: Provenance, source: Source, passages: Sequence[Passage]) -> Provenance:
    """Return a provenance with the facts that the file and its text themselves tell.

    `Provenance.origins` says for each fact where it was found: `recorded` beside the text, `hand`
    if it was set by hand, `head` for the front matter of a text or what a document says of itself,
    `title` or `text`. A fact that was emptied
    by hand stays empty.

    Args:
        provenance: What was recorded or set by hand. Facts that were read from the text earlier are
            read again.
        source: The text, and the document that it was read from.
        passages: Its passages.
    """
    text = source.text
    facts = facts_by_hand(provenance) | _recorded(provenance)
    origins = {name: provenance.origins.get(name, "recorded") for name in facts}

    def add(origin: str, found: dict[str, Any]) -> None:
        for name, value in found.items():
            if value and name not in facts:
                facts[name], origins[name] = value, origin

    document = source.document
    head = _from_head(document.details.facts if document else read_front_matter(text))
    # A web page may be dated later than the statement on it.
    published = {"date": head.pop("date")} if document else {}
    add("head", head)
    if document:
        add("head", {"status": _match("statuses", _first_header(document))})
    heading = ""
    if passages and passages[0].kind == "heading":
        heading = " ".join(without_markup(passages[0].span.of(text)).split())
    add("text", {"title": heading})
    title = facts.get("title", "")
    number = number_in_title(title)
    add("title", _from_title(title) | {"number": str(number or "")})
    if document:  # Its title may be that of the page, without the day below.
        add("text", {"date": parse_day(heading)})
    opening = _from_opening(opening_sentences(text, passages))
    if number is not None:  # the text may count other meetings
        del opening["number"]
    add("text", opening)
    add("head", published)
    if "parties" not in facts and passages:
        body = text[passages[0].span.start : passages[-1].span.end]
        add("text", {"parties": parties_named_together(body, speaking_parties(title))})
    first = _first_sentence(text, passages)
    add("text", {"signatories": find_signatories(first, facts.get("parties", ()))})
    add("text", {"occasion": occasion_of_sentence(first)})
    if "language" not in facts:
        add("text", {"language": main_language(passage.span.of(text) for passage in passages)})
    return Provenance(**facts, origins=origins)


def _first_header(document: Document) -> str:
    """Return the words of the header of the first page, which are not in the text."""
    return " ".join(
        cut.text
        for cut in document.details.cuts
        if cut.reason == "running header"
        and not (isinstance(cut.where, Area) and cut.where.page > 1)
    )


def facts_by_hand(provenance: Provenance) -> dict[str, Any]:
    """Return the facts that were set by hand. The value of one that was emptied is empty."""
    return {
        name: getattr(provenance, name) for name in FACTS if provenance.origins.get(name) == BY_HAND
    }


def with_facts_by_hand(statement: Statement, facts: Mapping[str, Any]) -> Statement:
    """Return a statement in which facts are set by hand. The others are read again.

    Args:
        statement: The statement.
        facts: Values by the names of facts, as a `Provenance` has them.
    """
    origins = {**statement.provenance.origins, **dict.fromkeys(facts, BY_HAND)}
    provenance = replace(statement.provenance, **facts, origins=origins)
    completed = complete(provenance, statement.source, statement.passages)
    return replace(statement, provenance=completed)


def _recorded(provenance: Provenance) -> dict[str, Any]:
    """Return the facts that are known and were not read from the text."""
    return {
        name: value
        for name in FACTS
        if provenance.origins.get(name, "recorded") in _GIVEN
        and (value := getattr(provenance, name))
    }


def _from_head(head: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact, names in _HEAD_FIELDS.items():
        if fact in LIST_FACTS:
            found[fact] = _texts(next((head[name] for name in names if name in head), ()))
            continue
        values = (_text(head[name]) for name in names if name in head)
        read = _day if fact == "date" else _address if fact == "url" else str
        found[fact] = next(filter(None, map(read, values)), "")
    return found


def _text(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(filter(None, map(_text, values)))


def _day(value: str) -> str:
    return parse_day(value[:40])


def _address(value: str) -> str:
    return value if HTTPS_ADDRESS.fullmatch(value) else ""


def _from_title(title: str) -> dict[str, Any]:
    parties = speaking_parties(title)
    return {
        "date": parse_day(title),
        "parties": parties if len(parties) > 1 or any(map(is_group, parties)) else (),
        "kind": _match("kinds", title),
        "occasion": occasion_of_title(title),
    }


def _first_sentence(text: str, passages: Sequence[Passage]) -> str:
    """Return the first sentence below the headings that is long enough; empty if there is none."""
    first = (
        passage.sentences[0].of(text)
        for passage in passages[:_FIRST_PASSAGES]
        if passage.kind != "heading"
    )
    return next((sentence for sentence in first if len(sentence) >= _MIN_SENTENCE), "")


def _from_opening(sentences: Sequence[str]) -> dict[str, Any]:
    """Return what the first lines tell. An ordinal counts only up to the first whole sentence."""
    opening = " ".join(sentences)[:_MAX_OPENING]
    first = " ".join(sentences[:-1] if len(sentences) > 1 else sentences)
    days = {mention.iso for mention in find_dates(opening) if mention.is_day}
    parties = speaking_parties(opening)
    return {
        "date": days.pop() if len(days) == 1 else "",
        "number": _number(first),
        "parties": parties if 1 < len(parties) <= _MAX_PARTIES else (),
        "status": _match("statuses", opening),
    }


def _number(words: str) -> str:
    """Return the only ordinal of a meeting in some words, as digits; empty otherwise."""
    numbers = {mention.number for mention in find_ordinals(words)}
    return str(numbers.pop()) if len(numbers) == 1 else ""


def _match(table: str, words: str) -> str:
    matches = (name for name, pattern in _patterns()[table].items() if pattern.search(words))
    return next(matches, "")


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    return {
        name: {kind: re.compile(words, re.IGNORECASE) for kind, words in table.items()}
        for name, table in read_table(__package__, "kinds.json").items()
    }
