"""Checks a kept answer against a source, word for word. No model is needed for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.characters.folding import differing_kinds, key_of
from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.question_sets import parse_json_lines
from corpus.records import Span, Statement
from qa.proof.comparison import Part, compare, holding, likeness
from qa.proof.similarity import best_rated

Finding = Literal["exact", "moved", "folded", "altered", "missing", "not_checked"]
# Sentences less alike than this (Ratcliff & Obershelp, 0..1) are taken for different ones.
ALIKE = 0.6
# So much is checked at once for others: it takes seconds, with a source of many megabytes a minute.
MAX_QUOTES, MAX_CHARACTERS = 100, 50_000
_ANOTHER = "checked against another file than was quoted, the checksum differs"
_HOLDING = 1000  # places of a quote that are looked at, line breaks and the like aside


@dataclass(frozen=True, slots=True)
class Claimed:
    """A quote as an answer gives it, not yet believed."""

    text: str
    start: int
    end: int
    statement: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a source says to a quote.

    Attributes:
        finding: `exact`: these words at this place, whole sentences. `moved`: the same whole
            sentences at another place. `folded`: the same whole sentences, at this place or
            another, but for what folding takes away, such as line breaks. `altered`: sentences
            much like them. `missing`: none. `not_checked`: the statement is not here.
        claimed: The quote.
        span: Where the sentences stand in the source; None when there are none.
        text: The source's words there; empty when there are none.
        same_file: Whether the source has the checksum the quote gives; None when it gives none,
            or there is no source.
        folded: Of a folded quote, in what it differs; see `corpus.characters.folding.KINDS`.
        reason: Why a quote was not checked, or that it was checked against another file than the
            one that was quoted; empty otherwise.
    """

    finding: Finding
    claimed: Claimed
    span: Span | None = None
    text: str = ""
    same_file: bool | None = None
    folded: tuple[str, ...] = ()
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the quote's words stand in the source."""
        return self.finding in ("exact", "moved", "folded")

    @property
    def difference(self) -> tuple[Part, ...]:
        """How the quote differs from the source's words; empty unless it was altered."""
        return compare(self.text, self.claimed.text) if self.finding == "altered" else ()

    def to_json(self) -> dict[str, Any]:
        """The form of `shutten verify --json`."""
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
        }


def verify(claimed: Claimed, statement: Statement) -> Verdict:
    """Look for a quote in a source: at its place, elsewhere, or something like it."""
    source = statement.source
    same = claimed.sha256 == source.sha256 if claimed.sha256 else None
    reason = _ANOTHER if same is False else ""

    def verdict(finding: Finding, span: Span | None, folded: tuple[str, ...] = ()) -> Verdict:
        text = span.of(source.text) if span else ""
        return Verdict(finding, claimed, span, text, same, folded, reason)

    def distance(run: Span) -> int:
        return abs(run.start - claimed.start)

    exact = places(claimed.text, statement)
    if place := next((run for run in exact if run.start == claimed.start), None):
        return verdict("exact" if place.end == claimed.end else "moved", place)
    if exact:
        return verdict("moved", min(exact, key=distance))
    key = key_of(claimed.text)
    runs = _holding(claimed, statement)
    if folded := [run for run in runs if key_of(run.of(source.text)) == key]:
        place = min(folded, key=distance)
        return verdict("folded", place, differing_kinds(place.of(source.text), claimed.text))
    nearest = _nearest(claimed.text, runs, statement)
    return verdict("altered" if nearest else "missing", nearest)


def places(quote: str, statement: Statement) -> list[Span]:
    """Where whole sentences of a passage read word for word like a quote, in order."""
    text, found = statement.source.text, list[Span]()
    if not quote or quote not in text:
        return found
    for passage in statement.passages:
        ends = {one.end for one in passage.sentences}
        found += (
            Span(one.start, one.start + len(quote))
            for one in passage.sentences
            if one.start + len(quote) in ends and text.startswith(quote, one.start)
        )
    return found


def verify_all(
    claimed: Iterable[Claimed],
    known: Collection[str],
    statement: Callable[[str], Statement],
    spare: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> list[Verdict]:
    """Check each quote whose statement is here, and say of the others that they were not checked.

    Args:
        claimed: The quotes.
        known: Ids of the statements that are here.
        statement: Gives one of them.
        spare: Makes a context in which one quote is checked, so that it can give way to other work.
    """
    verdicts = []
    for one in claimed:
        with spare():
            if one.statement in known:
                verdicts.append(verify(one, statement(one.statement)))
            else:
                verdicts.append(Verdict("not_checked", one, reason="statement not here"))
    return verdicts


def load(path: Path) -> list[Claimed]:
    """The quotes of kept answers, the nearest included.

    Args:
        path: What `shutten ask --json` printed, or the lines of `ask --batch`.

    Raises:
        ShuttenError: It is something else, or there is no quote in it.
    """
    claimed = []
    for number, answer in _answers(path):
        try:
            claimed += claims(answer)
        except ShuttenError as error:
            raise ShuttenError(f"{path}, line {number}: {error}") from None
    if not claimed:
        raise ShuttenError(f"{path}: there is no quote in it; nothing to check")
    return claimed


def claims(answer: Mapping[str, Any]) -> list[Claimed]:
    """The quotes of a kept answer, the nearest included.

    Raises:
        ShuttenError: It is no answer.
    """
    try:
        return [_claimed(row) for key in ("quotes", "nearest") for row in answer[key]]
    except (KeyError, TypeError, ValueError) as error:
        raise ShuttenError(
            f"not an answer ({type(error).__name__}: {error}); "
            "give what `shutten ask --json` printed"
        ) from None


def check_size(claimed: Sequence[Claimed]) -> None:
    """Raise `ShuttenError` if it is too much to check at once for others."""
    characters = sum(len(one.text) for one in claimed)
    for count, most, what in (
        (len(claimed), MAX_QUOTES, "quotes"),
        (characters, MAX_CHARACTERS, "characters of quotes"),
    ):
        if count > most:
            raise ShuttenError(f"{count:,} {what} are too much at once; check {most:,} at a time")


def counts(verdicts: Sequence[Verdict]) -> dict[Finding, int]:
    """How many quotes came out in which way; what did not occur is left out."""
    found = Counter(verdict.finding for verdict in verdicts)
    return {finding: found[finding] for finding in get_args(Finding) if found[finding]}


def report(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The form of `shutten verify --json`."""
    return {
        "holds": all(verdict.holds for verdict in verdicts),
        "not_checked": counts(verdicts).get("not_checked", 0),
        "counts": counts(verdicts),
        "quotes": [verdict.to_json() for verdict in verdicts],
    }


def _answers(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """One JSON object, printed in any way, or one a line."""
    text = read_text(path, stdin=True)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        # A conversation, as the page exports it, has several.
        several = whole.get("answers")
        yield from enumerate(several, 1) if isinstance(several, list) else [(1, whole)]
    else:
        yield from parse_json_lines(path, text)  # says what is wrong, and where


def _claimed(row: Any) -> Claimed:
    if not isinstance(row, dict):
        raise ValueError("a quote must be an object")
    for name, kind in (("text", str), ("start", int), ("end", int), ("statement", str)):
        if not isinstance(row.get(name), kind):
            raise ValueError(f"a quote needs {name!r} ({kind.__name__})")
    sha256 = str(row.get("sha256") or "")
    return Claimed(row["text"], row["start"], row["end"], row["statement"], sha256)


def _holding(claimed: Claimed, statement: Statement) -> list[Span]:
    """The shortest runs of whole sentences that hold a quote's key, in order.

    Of a word that stands everywhere, those nearest to where it is said to stand.
    """
    key = key_of(claimed.text)
    held = (one.sentences for one in holding(statement, key, claimed.start))
    runs = (Span(sentences[0].start, sentences[-1].end) for sentences in held)
    return sorted(set(islice(runs, _HOLDING)))


def _nearest(quote: str, holding: Sequence[Span], statement: Statement) -> Span | None:
    """The run most like the quote; a run that holds the quote whole is like enough."""
    text, best, found = statement.source.text, 0.0, None
    if holding:
        found = min(holding, key=lambda run: len(key_of(run.of(text))))
        best = likeness(found.of(text), quote)
    for run in best_rated(statement, (quote, key_of(quote))):
        least = max(best, ALIKE)
        like = likeness(run.of(text), quote, least)
        if like > least or (like == least and (found is None or run < found)):
            best, found = like, run
    return found
