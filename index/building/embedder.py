"""Embeds statements: what the model reads of them, how much there may be, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Statement
from corpus.segmentation.window import estimated_tokens
from index.late_interaction.background import Background, BackgroundTokens
from index.late_interaction.centring import centred
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Encoded, Encoder
from index.store.embeddings import Embedding
from index.store.store import Placing, Store
from index.store.wordings import EncoderInput, encoder_inputs

MAX_SENTENCE = 100_000  # characters; their tokens take 1.5 KB each while they are read
MAX_UNITS = 50_000  # passages and sentences; their vectors take 1.5 KB each while they are searched
MAX_TOKENS = 2_000_000  # read in all: a quarter of an hour on two cores
_AROUND = 20  # tokens that the reading of a short text takes as long as, besides its own
_TOGETHER = 16_000  # tokens that are encoded together; each takes 1.5 KB until it is stored
_ROWS = 4096  # tokens that are centred together


def refuse_endless(statement: Statement, origin: str) -> None:
    """Raise `ShuttenError` where reading a statement would take hours, or gigabytes.

    Args:
        statement: The statement.
        origin: The path it came from.
    """
    text = statement.source.text
    sentences = [one for passage in statement.passages for one in passage.sentences]
    longest = max(sentences, key=lambda one: one.end - one.start)
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
    if (needed := sum(map(_cost, encoder_inputs(statement).values()))) > MAX_TOKENS:
        raise ShuttenError(
            f"{origin}: its passages and sentences come to some {needed:,} tokens for the model, "
            f"the limit is {MAX_TOKENS:,}; split it"
        )


def embed_missing(
    store: Store,
    background: Background,
    encoder: Encoder,
    statements: Sequence[Statement],
    progress: bool,
) -> int:
    """Read all wordings of some statements that were not read before.

    Args:
        store: What they are in; its transaction is open.
        background: The background questions, as the model read them.
        encoder: The model.
        statements: The statements.
        progress: Whether a bar is shown.

    Returns:
        How many wordings were read.
    """
    from tqdm import tqdm

    known = store.embedded()
    missing = {
        key: encoder_input
        for statement in statements
        for key, encoder_input in encoder_inputs(statement).items()
        if key not in known
    }
    with tqdm(
        total=sum(map(_cost, missing.values())),
        desc="embedding",
        unit=" tokens",
        unit_scale=True,
        leave=False,
        delay=1,
        disable=not progress,
    ) as bar:
        for batch in _batches(missing):
            texts = [before + wording for before, wording in map(missing.__getitem__, batch)]
            for key, one in zip(batch, encoder.encode(texts, "passage"), strict=True):
                store.put_embedding(key, _embedding(background, encoder, one, *missing[key]))
                bar.update(_cost(missing[key]))
    _place_sentences(store, background.encoded)
    return len(missing)


def _batches(missing: Mapping[str, EncoderInput]) -> Iterator[list[str]]:
    """Keys of what is read together: no more texts than the memory has room for."""
    batch: list[str] = []
    held = 0
    for key, encoder_input in missing.items():
        cost = _cost(encoder_input)
        if batch and held + cost > _TOGETHER:
            yield batch
            batch, held = [], 0
        batch.append(key)
        held += cost
    if batch:
        yield batch


def _embedding(
    background: Background, encoder: Encoder, one: Encoded, before: str, wording: str
) -> Embedding:
    """What is kept of a wording that was read behind another."""
    own = one.spans[:, 1] > len(before)
    if before and not own.any():  # the window was full before the wording began
        (one,), before = encoder.encode([wording], "passage"), ""
        own = one.spans[:, 1] > 0
    places = np.flatnonzero(own)
    tokens = np.empty((len(places), one.tokens.shape[1]), np.float16)
    for start in range(0, len(places), _ROWS):
        part = slice(start, start + _ROWS)
        tokens[part] = centred(one.tokens[places[part]], background.centring)
    spans = np.maximum(one.spans[own] - len(before), 0)
    whole = TokenMatrix(tokens, np.array([0]), np.array([len(tokens)]))
    return Embedding(one.vector, tokens, spans, float(background.encoded.mean_scores(whole)[0]))


def _place_sentences(store: Store, background: BackgroundTokens) -> None:
    for key, group in groupby(store.placings(missing=True), key=attrgetter("introduced")):
        (passage,) = store.embeddings([key])
        places = {one.row: placed(one, passage) for one in group}
        whole = 0, len(passage.tokens)
        parts = sorted(set(places.values()) - {whole})
        means = {whole: passage.background}
        if parts:
            begins, ends = np.array(parts).T
            found = background.mean_scores(TokenMatrix(passage.tokens, begins, ends))
            means |= zip(parts, found.tolist(), strict=True)
        for row, place in places.items():
            store.place(row, *place, means[place])


def placed(one: Placing, passage: Embedding) -> tuple[int, int]:
    """Find a sentence's tokens among its passage's: the sentence read in its context.

    Returns:
        The first, and one past the last.
    """
    inside = (passage.spans[:, 0] < one.end) & (passage.spans[:, 1] > one.start)
    tokens = np.flatnonzero(inside)
    return (int(tokens[0]), int(tokens[-1]) + 1) if len(tokens) else (0, 0)


def _cost(encoder_input: EncoderInput) -> int:
    """About how many tokens are read."""
    before, wording = encoder_input
    return estimated_tokens(before + wording) + _AROUND
