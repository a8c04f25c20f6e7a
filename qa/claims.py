"""Puts a sentence from elsewhere, a press article say, beside the source's own words.

It shows; it does not judge. A figure or name that is not in the passage is named, and that is as
far as it goes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from corpus.records import Passage, Span, Statement
from qa.abstaining import features
from qa.answer import Quote
from qa.assistant import Assistant, clean_question
from qa.language import detect_language
from qa.verifying import ALIKE, Part, compare, likeness

Finding = Literal["verbatim", "found", "differs", "nothing"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Acronyms in any text; in a Japanese one katakana names too.
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?![A-Za-z])")
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}")
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
        missing: Numbers, months and names of the claim that the passage does not have, and of
            what is nearly a quotation every changed word; `…` where words were only left out.
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
        }


def check(assistant: Assistant, claim: str) -> ClaimCheck:
    """Find what the statements say about a claim, in any language.

    Raises:
        ShuttenError: The claim is empty or too long, or nothing is indexed.
    """
    key = clean_question(claim)
    for name in assistant.statement_ids():
        if found := _verbatim(assistant.statement(name), key):
            quote, whole = found
            return ClaimCheck(claim, "verbatim", 1.0, quote, whole=whole)
    ranking = assistant.rank(key)
    hit, calibration = ranking.hits[0], assistant.calibration
    chance = calibration.subject(features(ranking))
    if chance < _ABOUT_IT:
        return ClaimCheck(claim, "nothing", chance, None)
    quote = Quote.of(hit.statement, hit.passage, hit.span, hit.score)
    missing = lacking(key, _around(hit.statement, hit.passage))
    like = likeness(quote.text, key)
    difference = compare(quote.text, key) if like >= ALIKE else ()
    if like >= _NEARLY:  # quoted with a word changed: a name in kanji, a negation
        changed = [part.text for part in difference if part.where == "quote"]
        missing = tuple(dict.fromkeys([*missing, *changed])) or ("…",)
    finding: Finding = "differs" if missing else "found"
    return ClaimCheck(claim, finding, chance, quote, missing, difference)


def lacking(claim: str, source: str) -> tuple[str, ...]:
    """Numbers, months and names of a claim that a source text does not have, in order."""
    there = _figures(source)
    figures = [figure for figure in _figures(claim) if figure not in there]
    key, text = _key(claim), _key(source).casefold()
    names = _ACRONYM.findall(key)
    if detect_language(claim) == "ja":
        names += _KATAKANA.findall(key)
    return tuple(dict.fromkeys([*figures, *(n for n in names if n.casefold() not in text)]))


def _figures(text: str) -> dict[str, None]:
    """Numbers as digits without separators; months by name count as their number."""
    key = _key(text)
    for name, number in _months(detect_language(text)).items():
        # "May" is also a word: it is a month only beside a number.
        beside = rf"(?<=\d ){name}\b|\b{name}(?=,? \d)" if name == "May" else rf"\b{name}\b"
        key = re.sub(beside, str(number), key, flags=0 if name == "May" else re.IGNORECASE)
    return dict.fromkeys(re.sub(r"[.,](?=\d{3}\b)", "", one) for one in _NUMBER.findall(key))


@cache
def _months(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError
    from babel.dates import get_month_names

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    names = {
        name.rstrip("."): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, "format", locale).items()
    }
    # A name with digits in it (「9月」) is read as a number anyway.
    return {name: number for name, number in names.items() if name.isalpha()}


def _verbatim(statement: Statement, claim: str) -> tuple[Quote, bool] | None:
    """The sentences of a passage that hold the claim's words, and whether it is all of them."""
    text = statement.source.text
    words = claim.strip("「」“”\"' \u3000")
    for passage in statement.passages:
        at = passage.span.of(text).find(words) if len(words) >= _SHORTEST else -1
        if at < 0:
            continue
        said = Span(passage.span.start + at, passage.span.start + at + len(words))
        held = [s for s in passage.sentences if s.start < said.end and said.start < s.end]
        span = Span(held[0].start, held[-1].end)
        return Quote.of(statement, passage, span, 1.0), span == said
    return None


def _around(statement: Statement, passage: Passage) -> str:
    """All that a reader of a passage has before the eyes: itself, and what introduces it."""
    text = statement.source.text
    return "\n".join(span.of(text) for span in (*statement.introduction(passage), passage.span))


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
