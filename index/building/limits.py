"""Limits for a statement that is added, so that encoding ends and memory suffices."""

from __future__ import annotations

from corpus.errors import ShuttenError
from corpus.records import Statement
from corpus.segmentation.window import estimated_tokens
from index.store.encoder_inputs import EncoderInput, card_input, passage_input

MAX_SENTENCE = 100_000  # characters; each token takes 2 KB while the sentence is encoded
MAX_UNITS = 50_000  # passages and sentences, which are in memory while they are searched
MAX_TOKENS = 2_000_000  # tokens that are encoded, which take a quarter of an hour on two cores
_OVERHEAD = 20  # A text takes as long to encode as if it had so many more tokens.


def encoding_cost(encoder_input: EncoderInput) -> int:
    """Estimate how long it takes to encode a text, in tokens."""
    return estimated_tokens(encoder_input.context + encoder_input.text) + _OVERHEAD


def refuse_oversized(statement: Statement, origin: str) -> None:
    """Raise an error for a statement that would take hours to encode, or gigabytes of memory.

    Args:
        statement: The statement.
        origin: The path it is added from, for the error.

    Raises:
        ShuttenError: The statement is over a limit.
    """
    text = statement.source.text
    sentences = [span for passage in statement.passages for span in passage.sentences]
    longest = max(sentences, key=lambda span: span.end - span.start)
    if (length := longest.end - longest.start) > MAX_SENTENCE:
        raise ShuttenError(
            f"{origin}: the sentence that begins with {longest.of(text)[:20]!r} has {length:,} "
            f"characters, the limit is {MAX_SENTENCE:,}; end its sentences with stops, or its "
            "paragraphs with blank lines"
        )
    if (units := len(statement.passages) + len(sentences)) > MAX_UNITS:
        raise ShuttenError(
            f"{origin}: {units:,} passages and sentences are over the limit of {MAX_UNITS:,}; "
            "split it"
        )
    inputs = [passage_input(statement, passage) for passage in statement.passages]
    tokens = sum(map(encoding_cost, [card_input(statement), *inputs]))
    if tokens > MAX_TOKENS:
        raise ShuttenError(
            f"{origin}: its passages come to some {tokens:,} tokens for the model, "
            f"the limit is {MAX_TOKENS:,}; split it"
        )
