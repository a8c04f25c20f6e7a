"""Reads passages and cards with the model, and makes what the index stores of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from corpus.records import Passage, Statement
from index.late_interaction.background import BackgroundTokens
from index.late_interaction.centring import centred
from index.late_interaction.codes import CodeParts, TokenCodes
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Encoded, Encoder, Floats, pooled
from index.store.encoder_inputs import EncoderInput, card_input, passage_input
from index.store.segments.encodings import PassageEncoding
from index.store.vectors.rounding import rounded

_Ranges = npt.NDArray[np.uint32]
_CENTRED_AT_ONCE = 4096  # tokens that are centred in one step


def encode_passages(
    background: BackgroundTokens, encoder: Encoder, passages: Iterable[tuple[Statement, Passage]]
) -> Iterator[PassageEncoding]:
    """Read passages, each once behind its context, and yield what is stored of each.

    Args:
        background: The background questions as the model encoded them.
        encoder: The model.
        passages: The passages with their statements.
    """
    given = [(passage_input(*pair), sentence_bounds(pair[1])) for pair in passages]
    texts = [context + text for (context, text), _ in given]
    for (encoder_input, bounds), encoded in zip(
        given, encoder.encode(texts, "passage"), strict=True
    ):
        own = _without_context(encoder, encoded, encoder_input)
        yield _passage_encoding(background, own, bounds)


def encode_cards(
    background: BackgroundTokens, encoder: Encoder, statements: Sequence[Statement]
) -> Iterator[TokenCodes]:
    """Read the cards of statements and yield their tokens."""
    return encode_texts(
        background, encoder, [card_input(statement).text for statement in statements]
    )


def encode_texts(
    background: BackgroundTokens, encoder: Encoder, texts: Sequence[str]
) -> Iterator[TokenCodes]:
    """Read texts and yield their tokens."""
    for encoded in encoder.encode(texts, "passage"):
        yield TokenCodes.of(_centred(encoded.tokens, background))


def sentence_bounds(passage: Passage) -> npt.NDArray[np.int64]:
    """Return the code points of the sentences within their passage, i64 (sentences, 2)."""
    bounds = [(sentence.start, sentence.end) for sentence in passage.sentences]
    return np.array(bounds, np.int64) - passage.span.start


def sentence_tokens(spans: npt.NDArray[np.integer], bounds: npt.NDArray[np.int64]) -> _Ranges:
    """Find the tokens of the sentences of a passage.

    So a sentence is compared with questions as it was read within its passage.

    Args:
        spans: (tokens, 2), the code points of the passage that each token covers, ascending.
        bounds: i64 (sentences, 2), the code points of each sentence.

    Returns:
        u32 (sentences, 2), the first token of each sentence and one past its last; an empty range
        where the sentence has no token.
    """
    first = np.searchsorted(np.maximum.accumulate(spans[:, 1]), bounds[:, 0], "right")
    last = np.searchsorted(np.maximum.accumulate(spans[:, 0]), bounds[:, 1], "left")
    return np.stack([first, np.maximum(first, last)], axis=1).astype(np.uint32)


def _without_context(encoder: Encoder, encoded: Encoded, encoder_input: EncoderInput) -> Encoded:
    """Return what the model made of a passage, without the tokens of its context."""
    context, text = encoder_input
    own = encoded.spans[:, 1] > len(context)
    if context and not own.any():  # The context filled the window of the model.
        (encoded,), context = encoder.encode([text], "passage"), ""
        own = encoded.spans[:, 1] > 0
    if own.all() and not context:
        return encoded
    tokens = encoded.tokens[own]
    weights = None if encoded.pooling is None else encoded.pooling[own]
    vector = encoded.vector if weights is None else pooled(tokens, weights)
    spans = np.maximum(encoded.spans[own] - len(context), 0)
    return Encoded(vector, tokens, spans, pooling=weights)


def _passage_encoding(
    background: BackgroundTokens, encoded: Encoded, bounds: npt.NDArray[np.int64]
) -> PassageEncoding:
    tokens = TokenCodes.of(_centred(encoded.tokens, background))
    ranges = sentence_tokens(encoded.spans, bounds)
    begins, ends = ranges.astype(np.int64).T
    units = TokenMatrix(CodeParts.of(tokens), begins, ends)
    of_sentences, of_passage = background.mean_scores(units)
    return PassageEncoding(
        tokens,
        encoded.spans.astype(np.uint32),
        of_passage,
        ranges,
        of_sentences,
        rounded(_vectors(encoded, ranges)),
    )


def _vectors(encoded: Encoded, ranges: _Ranges) -> Floats:
    """Return the vector of a passage and those of its sentences, f32 (vectors, dimension).

    A model whose vectors are not made of its token vectors gives only one.
    """
    vectors = [encoded.vector]
    if encoded.pooling is not None and len(ranges) > 1:
        vectors += [
            pooled(encoded.tokens[first:last], encoded.pooling[first:last])
            for first, last in ranges.tolist()
            if first < last
        ]
    return np.stack(vectors)


def _centred(tokens: Floats, background: BackgroundTokens) -> Floats:
    """Centre token vectors, in steps, so that a long text does not need much memory."""
    parts = np.array_split(tokens, len(tokens) // _CENTRED_AT_ONCE + 1)
    return np.concatenate([centred(part, background.centring) for part in parts])
