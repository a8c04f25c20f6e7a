"""The texts of a statement that are encoded, and the keys of their embeddings."""

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
    def key(self) -> str:
        """The key of the embedding; see `embedding_key`."""
        return embedding_key(self.text, self.context)


def embedding_key(text: str, context: str = "") -> str:
    """Return the key of an embedding: the sha256 of the text, and of its context if it has one."""
    content = f"{context}\0{text}" if context else text
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


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


def encoder_inputs(statement: Statement) -> dict[str, EncoderInput]:
    """Return all texts of a statement that are encoded, by the keys of their embeddings.

    They are the card, each passage with its context, each passage alone, and each sentence alone.
    """
    text = statement.source.text
    card = card_input(statement)
    inputs = {card.key: card}
    for passage in statement.passages:
        with_context = passage_input(statement, passage)
        inputs[with_context.key] = with_context
        for span in (passage.span, *passage.sentences):
            alone = EncoderInput("", span.of(text))
            inputs[alone.key] = alone
    return inputs
