"""Checks quotes of kept answers against the source, word for word. It needs no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, get_args

from corpus.characters.folding import differing_kinds, key_of
from corpus.records import Span, Statement
from qa.originals import OriginalFinding
from qa.proof.comparison import Part, compare, places_of_key, similarity
from qa.proof.kept_answers import ClaimedQuote
from qa.proof.similarity import most_similar_runs

Finding = Literal["exact", "moved", "folded", "altered", "missing", "not_checked"]
# From this similarity on, other sentences count as an altered quote (see `similarity`).
ALTERED_FROM = 0.6
_OTHER_FILE = "checked against another file than was quoted, the checksum differs"
_MAX_PLACES = 1000  # places with the key of a quote that are looked at


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a quote found.

    Attributes:
        finding: What the source has:

            - `exact`: the same whole sentences at the same place;
            - `moved`: the same whole sentences at another place;
            - `folded`: whole sentences with the same key, which differ in line breaks and the like;
            - `altered`: similar sentences;
            - `missing`: no similar sentences;
            - `not_checked`: the statement is not here.
        claimed: The quote.
        span: Where these sentences stand in the source; None if there are none.
        text: These sentences; empty if there are none.
        same_file: Whether the source has the checksum that the quote gives; None if the quote
            gives none, or the statement is not here.
        folded: In what a folded quote differs; see `corpus.characters.folding.KINDS`.
        reason: Why the quote was not checked, or that it was checked against another file than was
            quoted; otherwise empty.
        original: Whether the file that the text was read from gives this text; see
            `qa.originals`.
    """

    finding: Finding
    claimed: ClaimedQuote
    span: Span | None = None
    text: str = ""
    same_file: bool | None = None
    folded: tuple[str, ...] = ()
    reason: str = ""
    original: OriginalFinding = ""

    @property
    def holds(self) -> bool:
        """Whether the words of the quote stand in the source, and this in its original file."""
        return self.finding in ("exact", "moved", "folded") and self.original != "differs"

    @property
    def difference(self) -> tuple[Part, ...]:
        """The comparison of an altered quote with the source; otherwise empty."""
        return compare(self.text, self.claimed.text) if self.finding == "altered" else ()

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as `shutten verify --json` prints it."""
        return {
            "finding": self.finding,
            "statement": self.claimed.statement,
            "quote": self.claimed.text,
            "source": self.text,
            "start": self.span.start if self.span else None,
            "end": self.span.end if self.span else None,
            "same_file": self.same_file,
            "folded": list(self.folded),
            "difference": [{"where": part.where, "text": part.text} for part in self.difference],
            "reason": self.reason,
            "original": self.original,
        }


def verify(quote: ClaimedQuote, statement: Statement) -> Verdict:
    """Look for a quote in a statement: at its place, at another place, or in other words."""
    source = statement.source
    finding, span = _find(quote, statement)
    text = span.of(source.text) if span else ""
    same_file = quote.sha256 == source.sha256 if quote.sha256 else None
    return Verdict(
        finding=finding,
        claimed=quote,
        span=span,
        text=text,
        same_file=same_file,
        folded=differing_kinds(text, quote.text) if finding == "folded" else (),
        reason=_OTHER_FILE if same_file is False else "",
    )


def _find(quote: ClaimedQuote, statement: Statement) -> tuple[Finding, Span | None]:
    """Return the finding, and the sentences of the source that it is about."""

    def distance(run: Span) -> int:
        return abs(run.start - quote.start)

    exact = exact_places(quote.text, statement)
    if at_place := next((run for run in exact if run.start == quote.start), None):
        return ("exact" if at_place.end == quote.end else "moved"), at_place
    if exact:
        return "moved", min(exact, key=distance)
    key, runs = key_of(quote.text), _runs_with_key(quote, statement)
    if folded := [run for run in runs if key_of(run.of(statement.source.text)) == key]:
        return "folded", min(folded, key=distance)
    nearest = _nearest(quote.text, runs, statement)
    return ("altered" if nearest else "missing"), nearest


def exact_places(quote: str, statement: Statement) -> list[Span]:
    """Return where whole sentences of one passage have exactly this text, in order."""
    text, places = statement.source.text, list[Span]()
    if not quote or quote not in text:
        return places
    for passage in statement.passages:
        ends = {sentence.end for sentence in passage.sentences}
        places += (
            Span(sentence.start, sentence.start + len(quote))
            for sentence in passage.sentences
            if sentence.start + len(quote) in ends and text.startswith(quote, sentence.start)
        )
    return places


def verify_all(
    quotes: Iterable[ClaimedQuote],
    names: Collection[str],
    statement: Callable[[str], Statement],
    spare: Callable[[], AbstractContextManager[object]] = nullcontext,
    original: Callable[[str], OriginalFinding] = lambda _: "",
) -> list[Verdict]:
    """Check each quote whose statement is here. The others get the finding `not_checked`.

    Args:
        quotes: The quotes.
        names: Ids of the statements that are here.
        statement: Returns the statement with an id.
        spare: Makes a context for the check of one quote, in which it gives way to other work.
        original: Returns whether its original file gives the text of the statement with an id.
    """
    verdicts = []
    for quote in quotes:
        with spare():
            if quote.statement in names:
                verdict = verify(quote, statement(quote.statement))
                verdicts.append(replace(verdict, original=original(quote.statement)))
            else:
                verdicts.append(Verdict("not_checked", quote, reason="statement not here"))
    return verdicts


def counts(verdicts: Sequence[Verdict]) -> dict[Finding, int]:
    """Return how many quotes have each finding, without those findings that did not occur."""
    numbers = Counter(verdict.finding for verdict in verdicts)
    return {finding: numbers[finding] for finding in get_args(Finding) if numbers[finding]}


def report(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return all verdicts as `shutten verify --json` prints them."""
    return {
        "holds": all(verdict.holds for verdict in verdicts),
        "not_checked": counts(verdicts).get("not_checked", 0),
        "counts": counts(verdicts),
        "quotes": [verdict.to_json() for verdict in verdicts],
    }


def _runs_with_key(quote: ClaimedQuote, statement: Statement) -> list[Span]:
    """Return the shortest runs of whole sentences that contain the key of a quote, in order.

    If there are very many, those nearest to the place of the quote are returned.
    """
    places = places_of_key(statement, key_of(quote.text), quote.start)
    runs = (place.sentences_span for place in places)
    return sorted(set(islice(runs, _MAX_PLACES)))


def _nearest(quote: str, runs: Sequence[Span], statement: Statement) -> Span | None:
    """Return the run of sentences that is most similar to a quote; None if none is similar enough.

    Args:
        quote: The text of the quote.
        runs: Runs that contain the key of the quote. Each of them is similar enough.
        statement: The statement.
    """
    text, best, nearest = statement.source.text, 0.0, None
    if runs:
        nearest = min(runs, key=lambda run: len(key_of(run.of(text))))
        best = similarity(nearest.of(text), quote)
    for run in most_similar_runs(statement, (quote, key_of(quote))):
        least = max(best, ALTERED_FROM)
        value = similarity(run.of(text), quote, least)
        if value > least or (value == least and (nearest is None or run < nearest)):
            best, nearest = value, run
    return nearest
