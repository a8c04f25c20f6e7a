"""Puts a claim from elsewhere, such as a sentence of a press article, beside the source's words.

It does not judge. It names the numbers and names of the claim that the source does not have, and
what could not be compared. The rest is for the reader.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, Literal

from corpus.characters.folding import differing_kinds, key_of
from corpus.language import detect_language
from corpus.records import Passage, Provenance, Statement
from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.confidence.abstention import abstention_features
from qa.mentions.names import Unsupported, unsupported_names
from qa.mentions.numbers import numbers_in
from qa.proof.comparison import Part, compare, places_of_key, similarity
from qa.proof.verification import ALTERED_FROM
from qa.questions.checks import clean_question
from qa.scope.filters import Filter

Finding = Literal["verbatim", "found", "differs", "nothing"]

_QUOTATION_FROM = 0.85  # similarity from which a claim counts as a quotation with changed words
_MIN_CONFIDENCE = 0.5  # that a passage is about the claim
_MIN_KEY = 6  # characters; a shorter text stands in many sources by chance


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A claim beside what the source says.

    Attributes:
        claim: The claim as it was given.
        finding: What the source has:

            - `verbatim`: the words of the claim;
            - `found`: a passage about it, which the reader must judge;
            - `differs`: a passage about it without a number, month or name of the claim;
            - `nothing`: no passage about it.
        confidence: Probability, 0 to 1, that the passage is about the claim.
        quote: The whole sentence of the source; None if there is none.
        missing: Numbers and months of the claim that the passage does not have, and names that the
            statement does not have. If the claim is nearly a quotation, also each changed word, or
            `…` if words were only left out.
        not_checked: Words that may be names and are not in the statement as they are written here.
            Another script or language may write them differently.
        folded: In what a verbatim claim differs all the same; see
            `corpus.characters.folding.KINDS`.
        difference: The comparison of the claim with the quote, if they are similar.
        whole: Whether a verbatim claim is the whole quote and not a part of it.
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
        """Return the result as `shutten check --json` prints it."""
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


def check(assistant: Assistant, claim: str, within: Filter = None) -> ClaimCheck:
    """Find what the statements say about a claim, in any language.

    Args:
        assistant: Searches the statements.
        claim: The claim.
        within: A filter of statements; see `Assistant.ask`.

    Raises:
        ShuttenError: The claim is empty or too long, nothing is indexed, or the filter cannot be
            used.
    """
    question = clean_question(claim)
    scope = assistant.scope_within(within)
    for name in scope.priors if scope else assistant.statement_ids():
        if verbatim := _find_verbatim(assistant.statement(name), claim):
            return verbatim
    ranking = assistant.rank(question, within=within)
    hit, calibration = ranking.hits[0], assistant.calibration
    confidence = calibration.subject(abstention_features(ranking))
    if confidence < _MIN_CONFIDENCE:
        return ClaimCheck(claim, "nothing", confidence, None)
    quote = Quote.of(hit.statement, hit.passage, hit.span, hit.score)
    lacking = unsupported(question, _with_context(hit.statement, hit.passage), hit.statement)
    missing, value = lacking.missing, similarity(quote.text, question)
    difference = compare(quote.text, question) if value >= ALTERED_FROM else ()
    if value >= _QUOTATION_FROM:  # so any changed word counts: a name in kanji, a negation
        missing = list(dict.fromkeys([*missing, *_changed_words(difference)]))
    return ClaimCheck(
        claim=claim,
        finding="differs" if missing else "found",
        confidence=confidence,
        quote=quote,
        missing=tuple(missing),
        difference=difference,
        not_checked=tuple(
            name for name in lacking.not_checked if not any(name in word for word in missing)
        ),
    )


def unsupported(claim: str, passage: str, statement: Statement) -> Unsupported:
    """Return the numbers and names of a claim that the source does not have, in order.

    Args:
        claim: The claim.
        passage: The text of a passage and its context. It must have the numbers.
        statement: The statement of the passage. Any part of it may have the names.
    """
    recorded = "\n".join(_recorded_texts(statement.provenance))
    supported = numbers_in(passage) | numbers_in(recorded)
    numbers = [number for number in numbers_in(claim) if number not in supported]
    names = unsupported_names(
        claim=claim,
        source="\n".join([statement.source.text, recorded]),
        claim_language=detect_language(claim),
        source_language=statement.provenance.language or detect_language(passage),
    )
    return Unsupported(
        missing=list(dict.fromkeys([*numbers, *names.missing])),
        not_checked=list(dict.fromkeys(names.not_checked)),
    )


def _recorded_texts(provenance: Provenance) -> list[str]:
    """Return all texts that are recorded of a statement."""
    texts = [value for value in astuple(provenance) if isinstance(value, str)]
    return [*texts, *provenance.issuers, *provenance.signatories]


def _changed_words(difference: tuple[Part, ...]) -> list[str]:
    """Return the words that a quotation has instead; `…` if words were only left out."""
    parts = [part for part in difference if part.where != "both" and _has_words(part.text)]
    changed = [part.text.strip() for part in parts if part.where == "quote"]
    return changed or ["…"] * bool(parts)


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _find_verbatim(statement: Statement, claim: str) -> ClaimCheck | None:
    """Return the sentences of a passage that contain the words of a claim, if there are any."""
    words = claim.strip("「」“”\"' \u3000\r\n")
    key = key_of(words)
    if len(key) < _MIN_KEY:
        return None
    for place in places_of_key(statement, key):
        quote = Quote.of(statement, place.passage, place.sentences_span, 1.0)
        return ClaimCheck(
            claim=claim,
            finding="verbatim",
            confidence=1.0,
            quote=quote,
            whole=key_of(quote.text) == key,
            folded=differing_kinds(place.text, words),
        )
    return None


def _with_context(statement: Statement, passage: Passage) -> str:
    """Return the text of a passage, with what a reader needs to have read before it."""
    text = statement.source.text
    spans = (*statement.context_spans(passage), passage.span)
    return "\n".join(span.of(text) for span in spans)
