"""Puts a sentence from elsewhere, a press article say, beside the source's own words.

It shows; it does not judge. A figure or name that is not in the source is named, so is what could
not be looked up, and that is as far as it goes.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, Literal

from corpus.characters.folding import differing_kinds, key_of
from corpus.records import Passage, Span, Statement
from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.confidence.abstention import abstention_features
from qa.proof.comparison import Part, compare, holding, likeness
from qa.proof.names import Unfounded, unfounded
from qa.proof.numbers import figures
from qa.proof.verification import ALIKE
from qa.questions.checks import clean_question
from qa.questions.language import detect_language

Finding = Literal["verbatim", "found", "differs", "nothing"]

_NEARLY = 0.85  # likeness from which a claim is meant as a quotation
_ABOUT_IT = 0.5  # chance from which on a passage is taken to be about the claim
_SHORTEST = 6  # characters; shorter words stand in any text by chance


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """What the source says beside a claim.

    Attributes:
        claim: The sentence as it was given.
        finding: `verbatim`: these words stand in the source. `found`: there is a passage about
            it, for the reader to judge. `differs`: there is one, but it lacks a number, date or
            name of the claim. `nothing`: no passage is about it.
        confidence: 0..1, that the passage is about the claim.
        quote: The whole sentence of the source; None when there is nothing.
        missing: Numbers and months of the claim that the passage does not have, names that the
            statement does not have, and of what is nearly a quotation every changed word; `…`
            where words were only left out.
        not_checked: What of the claim may be a name and is not in the statement as it is written
            here: another script or language may write it otherwise.
        folded: In what a verbatim claim differs all the same, see
            `corpus.characters.folding.KINDS`.
        difference: Word for word against the quote, where the two are much alike.
        whole: Of a verbatim claim, whether it is a whole sentence and not part of one.
    """

    claim: str
    finding: Finding
    confidence: float
    quote: Quote | None
    missing: tuple[str, ...] = ()
    difference: tuple[Part, ...] = ()
    whole: bool = False
    not_checked: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The form of `shutten check --json`."""
        return {
            "claim": self.claim,
            "finding": self.finding,
            "confidence": round(self.confidence, 4),
            "quote": self.quote.to_json() if self.quote else None,
            "missing": list(self.missing),
            "difference": [{"where": part.where, "text": part.text} for part in self.difference],
            "whole": self.whole,
            "not_checked": list(self.not_checked),
            "folded": list(self.folded),
        }


def check(assistant: Assistant, claim: str) -> ClaimCheck:
    """Find what the statements say about a claim, in any language.

    Raises:
        ShuttenError: The claim is empty or too long, or nothing is indexed.
    """
    key = clean_question(claim)
    for name in assistant.statement_ids():
        if found := _verbatim(assistant.statement(name), claim):
            return found
    ranking = assistant.rank(key)
    hit, calibration = ranking.hits[0], assistant.calibration
    chance = calibration.subject(abstention_features(ranking))
    if chance < _ABOUT_IT:
        return ClaimCheck(claim, "nothing", chance, None)
    quote = Quote.of(hit.statement, hit.passage, hit.span, hit.score)
    wanting = lacking(key, _around(hit.statement, hit.passage), hit.statement)
    missing = wanting.missing
    like = likeness(quote.text, key)
    difference = compare(quote.text, key) if like >= ALIKE else ()
    if like >= _NEARLY:  # quoted with a word changed: a name in kanji, a negation
        missing = list(dict.fromkeys([*missing, *_changed(difference)]))
    finding: Finding = "differs" if missing else "found"
    not_checked = [name for name in wanting.not_checked if not any(name in one for one in missing)]
    return ClaimCheck(
        *(claim, finding, chance, quote, tuple(missing), difference),
        not_checked=tuple(not_checked),
    )


def lacking(claim: str, around: str, statement: Statement) -> Unfounded:
    """What of a claim the source does not have, in order.

    Args:
        claim: The claim.
        around: What a reader of the passage has before the eyes; it must have the numbers.
        statement: What the passage is in; any part of it may have the names.
    """
    about = astuple(statement.provenance)
    known = [value for value in about if isinstance(value, str)]
    known += [name for value in about if not isinstance(value, str) for name in value]
    there = figures(around) | figures("\n".join(known))
    numbers = [one for one in figures(claim) if one not in there]
    said, other = statement.source.text, statement.provenance.language
    names = unfounded(
        *(claim, "\n".join([said, *known])),
        *(detect_language(claim), other or detect_language(around)),
    )
    missing = dict.fromkeys([*numbers, *names.missing])
    return Unfounded(list(missing), list(dict.fromkeys(names.not_checked)))


def _changed(difference: tuple[Part, ...]) -> list[str]:
    """The words that a quotation has instead; `…` where some were only left out."""
    words = [part for part in difference if part.where != "both" and _has_words(part.text)]
    changed = [part.text.strip() for part in words if part.where == "quote"]
    return changed or ["…"] * bool(words)


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _verbatim(statement: Statement, claim: str) -> ClaimCheck | None:
    """The sentences of a passage that hold the claim's words, and whether it is all of them."""
    words = claim.strip("「」“”\"' \u3000\r\n")
    key = key_of(words)
    if len(key) < _SHORTEST:
        return None
    for held in holding(statement, key):
        span = Span(held.sentences[0].start, held.sentences[-1].end)
        quote = Quote.of(statement, held.passage, span, 1.0)
        return ClaimCheck(
            *(claim, "verbatim", 1.0, quote),
            whole=key_of(quote.text) == key,
            folded=differing_kinds(held.words, words),
        )
    return None


def _around(statement: Statement, passage: Passage) -> str:
    """All that a reader of a passage has before the eyes: itself, and what introduces it."""
    text = statement.source.text
    return "\n".join(span.of(text) for span in (*statement.context_spans(passage), passage.span))
