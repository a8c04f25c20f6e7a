"""The conversation as entries of the log that `turns.js` draws. Pure functions.

Each question and each answer is an entry, with a key of its own. A conversation is long and one
turn of it is new, so the server sends the keys of all entries and the content of the new ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from corpus.records import Provenance
from qa.answers.answer import Answer
from qa.rendering.citations import copied_forms
from qa.rendering.names import statement_name
from qa.scope.filters import Within
from web.page.chat.turns import Turn
from web.page.elements import html_value
from web.page.markup import answer_turn, user_turn
from web.page.quotes import passage_link
from web.page.statements import Summaries
from web.page.strings import TEXTS

Entries = dict[str, dict[str, Any]]


def entry_keys(turns: Sequence[Turn]) -> list[str]:
    """Return the keys of all entries in order: of each question, and of its answer if any."""
    return [key for turn in turns for key in (turn.question_key, turn.answer_key) if key]


def new_entries(turns: Sequence[Turn], statements: Summaries, shown: Collection[str]) -> Entries:
    """Return the entries that the page does not have yet, by their keys.

    An entry has its `html`. An answer also has `copies`: the forms in which each of its quotes can
    be copied, by the link to the place of the quote.

    Args:
        turns: All turns.
        statements: The summaries of those that the new turns name, or of all; see `Turn.named`.
        shown: Keys of the entries that the page has.
    """
    named = {name for turn in turns for name in turn.named} & statements.keys()
    provenance = {name: statements[name].provenance for name in named}
    entries: Entries = {}
    for number, turn in enumerate(turns):
        if turn.question_key not in shown:
            asked = _asked_of(turn.within, provenance)
            entries[turn.question_key] = {"html": user_turn(turn.question, asked)}
        if turn.answer and turn.answer_key not in shown:
            asked_alone = turn.alone and number > 0
            html = answer_turn(turn.answer, provenance, asked_alone=asked_alone)
            copies = _copies(turn.answer, provenance)
            entries[turn.answer_key] = {"html": html, "copies": copies}
    return entries


def _asked_of(within: Within, provenance: Mapping[str, Provenance]) -> dict[str, list[str]]:
    """Return the names of the statements that were chosen, by language; empty without a choice."""
    if not within.by_name:
        return {language: [texts["asked_everything"]] for language, texts in TEXTS.items()}
    if not within.statements:
        return {}
    return {
        language: [
            statement_name(name, provenance[name], language) if name in provenance else name
            for name in within.statements
        ]
        for language in TEXTS
    }


def log_value(turns: Sequence[Turn], entries: Entries, event: int) -> str:
    """Return what the page needs to draw the turns, as JSON.

    Args:
        turns: All turns.
        entries: Entries that the page may not have yet. Those of other turns are left out.
        event: Number of the event that draws them. The page draws nothing for an outdated one.
    """
    keys = entry_keys(turns)
    new = {key: entries[key] for key in keys if key in entries}
    return html_value({"event": event, "order": keys, "new": new})


def _copies(answer: Answer, provenance: Mapping[str, Provenance]) -> dict[str, dict[str, str]]:
    return {
        passage_link(cited): copied_forms(cited, provenance[cited.statement], answer.language)
        for quote in answer.quotes or answer.nearest
        for cited in quote.with_counterpart
    }
