"""The texts of a statement that a model reads: each passage with its context, and the card."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from corpus.facts.cards import card_text
from corpus.records import Passage, Statement
from corpus.segmentation.window import CONTEXT_CHARACTERS


class EncoderInput(NamedTuple):
    """A text that a model reads, and what it reads before it.

    Attributes:
        context: The text before; see `context_before`. Often empty.
        text: The text of a passage or a sentence.
    """

    context: str
    text: str

    @property
    def key(self) -> bytes:
        """What tells the text with its context from all others: 16 bytes of their SHA-256."""
        content = f"{self.context}\0{self.text}" if self.context else self.text
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:16]


def context_before(statement: Statement, passage: Passage) -> str:
    """Return what a model reads before a passage: its parent bullet and a space.

    It is empty where the passage has no parent, or where the parent is too long.
    """
    parent = statement.parent_span(passage)
    context = f"{parent.of(statement.source.text)} " if parent else ""
    return context if len(context) <= CONTEXT_CHARACTERS else ""


def passage_input(statement: Statement, passage: Passage) -> EncoderInput:
    """Return a passage with its context."""
    return EncoderInput(context_before(statement, passage), passage.span.of(statement.source.text))


def card_input(statement: Statement) -> EncoderInput:
    """Return the card of a statement; see `corpus.facts.cards`."""
    return EncoderInput("", card_text(statement))
