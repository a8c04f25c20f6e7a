"""Encodes the texts of statements and stores the embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter

import numpy as np

from index.building.limits import encoding_cost
from index.late_interaction.background import BackgroundTokens
from index.late_interaction.centring import centred
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Encoded, Encoder
from index.store.embeddings import Embedding
from index.store.encoder_inputs import EncoderInput
from index.store.store import SentencePlace, Store

_BATCH_TOKENS = 16_000  # tokens that are encoded before they are stored; each takes 1.5 KB
_CENTRED_AT_ONCE = 4096  # tokens that are centred in one step


def embed_missing(
    store: Store,
    background: BackgroundTokens,
    encoder: Encoder,
    missing: Mapping[str, EncoderInput],
    progress: bool,
) -> None:
    """Encode and store the texts that have no embedding yet, and find the tokens of new sentences.

    Args:
        store: The data folder. It contains the statements, and its transaction is open.
        background: The background questions as the model encoded them.
        encoder: The model.
        missing: The texts by the keys of their embeddings.
        progress: Whether a progress bar is shown.
    """
    from tqdm import tqdm

    costs = {key: encoding_cost(encoder_input) for key, encoder_input in missing.items()}
    with tqdm(
        total=sum(costs.values()),
        desc="embedding",
        unit=" tokens",
        unit_scale=True,
        leave=False,
        delay=1,
        disable=not progress,
    ) as bar:
        for batch in _batches(costs):
            texts = [missing[key].context + missing[key].text for key in batch]
            for key, encoded in zip(batch, encoder.encode(texts, "passage"), strict=True):
                store.put_embedding(key, _embedding(background, encoder, encoded, missing[key]))
                bar.update(costs[key])
    _locate_sentences(store, background)


def _batches(costs: Mapping[str, int]) -> Iterator[list[str]]:
    """Group the keys of texts that are encoded together, within the limit of memory.

    Args:
        costs: The cost of each text by its key; see `encoding_cost`.
    """
    batch: list[str] = []
    batch_cost = 0
    for key, cost in costs.items():
        if batch and batch_cost + cost > _BATCH_TOKENS:
            yield batch
            batch, batch_cost = [], 0
        batch.append(key)
        batch_cost += cost
    if batch:
        yield batch


def _embedding(
    background: BackgroundTokens, encoder: Encoder, encoded: Encoded, encoder_input: EncoderInput
) -> Embedding:
    """Drop the tokens of the context, centre the others, and compare them with the background."""
    context, text = encoder_input
    own = encoded.spans[:, 1] > len(context)
    if context and not own.any():  # The context filled the window of the model.
        (encoded,), context = encoder.encode([text], "passage"), ""
        own = encoded.spans[:, 1] > 0
    rows = np.flatnonzero(own)
    tokens = np.empty((len(rows), encoded.tokens.shape[1]), np.float16)
    for start in range(0, len(rows), _CENTRED_AT_ONCE):
        part = slice(start, start + _CENTRED_AT_ONCE)
        tokens[part] = centred(encoded.tokens[rows[part]], background.centring)
    spans = np.maximum(encoded.spans[own] - len(context), 0)
    unit = TokenMatrix(tokens, np.array([0]), np.array([len(tokens)]))
    score = float(background.mean_scores(unit)[0])
    return Embedding(encoded.vector, tokens, spans, score)


def _locate_sentences(store: Store, background: BackgroundTokens) -> None:
    """Find and store the tokens of all sentences whose tokens are not stored yet."""
    places = store.sentence_places(without_tokens=True)
    for key, group in groupby(places, key=attrgetter("passage_key")):
        (passage,) = store.embeddings([key])
        ranges = {place.row: sentence_tokens(place, passage) for place in group}
        whole_passage = 0, len(passage.tokens)
        scores = {whole_passage: passage.background}
        others = sorted(set(ranges.values()) - {whole_passage})
        if others:
            begins, ends = np.array(others).T
            means = background.mean_scores(TokenMatrix(passage.tokens, begins, ends))
            scores |= zip(others, means.tolist(), strict=True)
        for row, tokens in ranges.items():
            store.put_sentence_tokens(row, tokens, scores[tokens])


def sentence_tokens(place: SentencePlace, passage: Embedding) -> tuple[int, int]:
    """Find the tokens of a sentence among those of its passage.

    So a sentence is compared with questions as it was read within its passage.

    Args:
        place: The place of the sentence.
        passage: The embedding of its passage.

    Returns:
        The first token and one past the last; (0, 0) where the sentence has no token.
    """
    inside = (passage.spans[:, 0] < place.end) & (passage.spans[:, 1] > place.start)
    tokens = np.flatnonzero(inside)
    return (int(tokens[0]), int(tokens[-1]) + 1) if len(tokens) else (0, 0)
