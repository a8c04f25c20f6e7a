"""Conversations as Markdown, to keep and to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from corpus.characters.line_breaks import fold_line_breaks
from corpus.records import Provenance
from qa.answers.answer import Answer
from qa.rendering import blocks
from qa.rendering.citations import as_markdown
from qa.rendering.messages import messages
from qa.rendering.outline import outline


def conversation_to_markdown(
    answers: Sequence[Answer], provenance: Mapping[str, Provenance]
) -> str:
    """Return a conversation in Markdown: each question as a heading, above its answer.

    Args:
        answers: The answers in order.
        provenance: The provenance of each statement that they cite, by its id.
    """
    paragraphs = []
    for answer in answers:
        paragraphs.append(f"## {' '.join(answer.question.split())}")
        for block in outline(answer, provenance):
            paragraphs += _paragraphs(block, answer.language)
    return "\n\n".join(paragraphs) + "\n"


def _paragraphs(block: blocks.Block, language: str) -> Iterator[str]:
    """Return the paragraphs of one block. The export leaves the summary out."""
    match block:
        case blocks.Understood(text) | blocks.Unanswered(text):
            yield text
        case blocks.Searched(lines) | blocks.Reply(lines):
            yield from lines
        case blocks.Silence():
            yield block.line
        case blocks.FactList():
            yield block.text
        case blocks.Quotes(quotes):
            yield from _quotes(quotes, language)
        case blocks.Nearest(heading, quotes):
            yield heading
            yield from _quotes(quotes, language)
        case blocks.Summary() | blocks.ForeignLanguage():
            pass
        case _:
            assert_never(block)


def _quotes(quotes: Sequence[blocks.CitedQuote], language: str) -> Iterator[str]:
    for cited in quotes:
        yield as_markdown(cited.quote, cited.provenance, language)
        if cited.quote.doubtful:
            yield messages(language)["following"].format(
                following=fold_line_breaks(cited.quote.following)
            )
        if cited.counterpart:
            yield cited.counterpart.heading
            yield from _quotes([cited.counterpart.cited], language)
        if cited.parallel:
            yield cited.parallel.heading
            yield from _quotes(cited.parallel.quotes, language)
            yield from cited.parallel.differing
