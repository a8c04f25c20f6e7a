"""Answers, verdicts on quotes, and checked claims as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from corpus.characters.line_breaks import fold_line_breaks
from corpus.language import detect_language
from corpus.records import Provenance
from qa.answers.answer import Answer
from qa.originals import OriginalFinding
from qa.proof.claims import ClaimCheck
from qa.proof.comparison import Part
from qa.proof.verification import Verdict, counts
from qa.rendering import blocks
from qa.rendering.citations import short_citation
from qa.rendering.messages import messages
from qa.rendering.outline import outline

# How `git diff --word-diff` marks what only one of two texts has.
_DIFFERENCE_MARKS = {"both": "{}", "source": "[-{}-]", "quote": "{{+{}+}}"}


_ORIGINAL: dict[OriginalFinding, str] = {
    "": "",
    "proved": "proved in the original file",
    "not_kept": "the original file is not kept",
    "other_reader": "an earlier version read the original file in other words; add it again",
    "differs": "the original file has another text",
}


def to_text(
    answer: Answer, provenance: Mapping[str, Provenance], *, with_gloss: bool = False
) -> str:
    """Return an answer as text for the terminal.

    Args:
        answer: The answer.
        provenance: The provenance of each statement that it cites, by its id.
        with_gloss: Whether unofficial translations stand under the quotes that have one.
    """
    # The confidence comes last, where the reader of a terminal looks first.
    shown = sorted(outline(answer, provenance), key=lambda block: isinstance(block, blocks.Summary))
    page = _Terminal(answer.language, with_gloss)
    return "\n\n".join(filter(None, (_paragraph(block, page) for block in shown)))


@dataclass(frozen=True, slots=True)
class _Terminal:
    """How an answer is shown.

    Attributes:
        language: Language of the reader.
        with_gloss: Whether unofficial translations are shown.
    """

    language: str
    with_gloss: bool


def _paragraph(block: blocks.Block, page: _Terminal) -> str:
    """Return the lines of one block; empty if the terminal does not show it."""
    match block:
        case blocks.Understood(text) | blocks.Unanswered(text):
            return text
        case blocks.Searched(lines):
            return "\n".join(lines)
        case blocks.Reply(paragraphs):
            return "\n\n".join(paragraphs)
        case blocks.Silence():
            return block.line
        case blocks.Summary():
            return block.confidence
        case blocks.FactList():
            return block.text
        case blocks.Quotes(quotes):
            return "\n".join(_numbered(quotes, page))
        case blocks.Nearest(heading, quotes):
            return "\n".join([heading, *_numbered(quotes, page)])
        case blocks.ForeignLanguage():
            return ""
        case _:
            assert_never(block)


def _numbered(quotes: Sequence[blocks.CitedQuote], page: _Terminal) -> Iterator[str]:
    """Return the lines of quotes, each with its number in front."""
    for number, cited in enumerate(quotes, 1):
        first, *others = _quote_lines(cited, page)
        yield f"[{number}] {first}"
        for line in others:
            yield f"    {line}"


def _quote_lines(cited: blocks.CitedQuote, page: _Terminal) -> Iterator[str]:
    """Return a quote, its context, the words that follow it, its citation and its counterpart."""
    quote, texts = cited.quote, messages(page.language)
    yield texts["quoted"].format(text=fold_line_breaks(quote.text))
    if quote.context:
        yield texts["context"].format(context=fold_line_breaks(quote.context))
    if quote.doubtful:
        yield texts["following"].format(following=fold_line_breaks(quote.following))
    yield cited.citation
    if page.with_gloss and quote.gloss:
        yield texts["gloss"].format(gloss=quote.gloss.text)
    if cited.counterpart:
        yield cited.counterpart.heading
        for line in _quote_lines(cited.counterpart.cited, page):
            yield f"    {line}"
    if cited.parallel:
        yield cited.parallel.heading
        for other in cited.parallel.quotes:
            for line in _quote_lines(other, page):
                yield f"    {line}"
        yield from cited.parallel.differing


def verdict_to_text(verdict: Verdict) -> str:
    """Return what became of a quote; where it was altered, with the difference marked."""
    place = f" at {verdict.span.start}–{verdict.span.end}" if verdict.span else ""
    notes = [_kinds_text(verdict.folded, "en"), verdict.reason, _ORIGINAL[verdict.original]]
    reasons = "; ".join(filter(None, notes))
    note = f" ({reasons})" if reasons else ""
    altered = verdict.finding == "altered"
    text = _marked(verdict.difference) if altered else verdict.claimed.text
    return f"{_name(verdict.finding)}{place}{note}  {verdict.claimed.statement}\n    {text}"


def verdict_counts(verdicts: Sequence[Verdict]) -> str:
    """Return how many quotes have each finding, in one line."""
    numbers = [f"{count} {_name(finding)}" for finding, count in counts(verdicts).items()]
    if others := sum(verdict.same_file is False for verdict in verdicts):
        numbers.append(f"{others} of them against another file")
    return f"{len(verdicts)} quote{'s' if len(verdicts) != 1 else ''}: {', '.join(numbers)}"


def _name(finding: str) -> str:
    return finding.replace("_", " ")


def _kinds_text(kinds: Sequence[str], language: str) -> str:
    """Return in what two texts with the same key differ; empty where they do not differ.

    Args:
        kinds: Kinds of difference; see `corpus.characters.folding.KINDS`.
        language: Language of the text.
    """
    if not kinds:
        return ""
    texts = messages(language)
    names = texts["between_kinds"].join(texts[f"differs_{kind}"] for kind in kinds)
    return texts["differs_in"].format(kinds=names)


def _marked(parts: Sequence[Part]) -> str:
    return "".join(_DIFFERENCE_MARKS[part.where].format(part.text) for part in parts)


def claim_to_text(check: ClaimCheck, provenance: Mapping[str, Provenance]) -> str:
    """Return a claim beside the words of the source.

    Args:
        check: What the source says about the claim.
        provenance: The provenance of the statement that is quoted, by its id.
    """
    return "\n    ".join(_claim_lines(check, provenance))


def _claim_lines(check: ClaimCheck, provenance: Mapping[str, Provenance]) -> Iterator[str]:
    language = detect_language(check.claim)
    texts = messages(language)
    part = check.finding == "verbatim" and not check.whole
    finding = texts["claim_part" if part else f"claim_{check.finding}"]
    yield finding.format(missing=", ".join(check.missing))
    if check.folded:
        yield _kinds_text(check.folded, language)
    if check.not_checked:
        yield texts["claim_not_checked"].format(names=", ".join(check.not_checked))
    if check.quote:
        yield texts["quoted"].format(text=fold_line_breaks(check.quote.text))
        if check.quote.context:
            yield texts["context"].format(context=fold_line_breaks(check.quote.context))
        yield short_citation(check.quote, provenance[check.quote.statement], language)
    if check.difference:
        yield texts["claim_compared"] + _marked(check.difference)
