"""A question without the words that name a statement, once it is known which one is meant.

Passages seldom repeat the date and the parties of their own statement. So these words only draw
the search to passages that do, and the reranker reads the question better without them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from corpus.facts.mentions import Mentions, any_of, naming_phrases, word_table
from corpus.language import detect_language
from corpus.records import Span

_BLANKS = re.compile(r"\s+")


def without_naming(mentions: Mentions, parties: Collection[str]) -> str:
    """Return a question with "the statement" in the place of what names a statement.

    "What did the June 2023 U.S.-India statement say about drones?" becomes "What did the statement
    say about drones?". Parties that stand alone belong to what is asked, and stay.

    Args:
        mentions: What the question says.
        parties: Codes of the parties of the statements that are meant. Others are asked about.
    """
    mentions = replace(
        mentions, parties=[party for party in mentions.parties if party.code in parties]
    )
    text = mentions.text
    neutral = word_table()["neutral"]
    replacement = neutral.get(detect_language(text), neutral["en"])
    for phrase in reversed(naming_phrases(mentions)):
        before, behind = text[: phrase.start], text[phrase.end :]
        if _names_statement(mentions, phrase):
            text = f"{_article().sub('', before)}{replacement}{behind}"
        elif phrase in mentions.latest:
            text = f"{before}{_particle().sub('', behind)}"
        elif _is_date(mentions, phrase):
            text = f"{_preposition().sub('', before)}{_particle().sub('', behind)}"
    return _BLANKS.sub(" ", text).strip()


def _names_statement(mentions: Mentions, phrase: Span) -> bool:
    """Return whether a phrase has a word for a statement, and words that say which one."""
    if not any(map(phrase.holds, mentions.nouns)):
        return False
    return any(span not in mentions.nouns for span in mentions.spans if phrase.holds(span))


def _is_date(mentions: Mentions, phrase: Span) -> bool:
    return any(phrase.holds(time.date.span) and time.date.year for time in mentions.times)


@cache
def _article() -> re.Pattern[str]:
    return any_of(word_table()["articles"], after=r"\s+\Z")


@cache
def _preposition() -> re.Pattern[str]:
    return any_of(word_table()["prepositions"], after=r"\s+\Z")


@cache
def _particle() -> re.Pattern[str]:
    """Return a pattern for a particle behind a date: 「に」 in 「2023年に」."""
    return re.compile(rf"\A{word_table()['particles']}")
