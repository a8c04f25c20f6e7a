"""Puts a passage and a statement into rows and gets them out again.

Milvus has no fields for bytes, so they are written as text (Base64).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.late_interaction.codes import TokenCodes
from index.lexical.postings import Postings
from index.lexical.same_words import Keys, sentence_keys
from index.models.encoder import Floats
from index.ranges import Indices
from index.store.segments.array_file import Array, arrays_in, arrays_to_bytes
from index.store.segments.building import smallest
from index.store.segments.encodings import Numbers, PassageEncoding
from index.store.values import NewStatement

_TEXT_BYTES = 65_532  # the longest multiple of 4 that fits into a row
CHUNK = _TEXT_BYTES // 4 * 3  # bytes that it stands for


def to_text(data: bytes) -> str:
    """Return bytes as a text that Milvus stores."""
    return base64.b64encode(data).decode("ascii")


def to_bytes(text: str) -> bytes:
    """Return the bytes that a text stands for.

    Raises:
        ValueError: It stands for none.
    """
    return base64.b64decode(text, validate=True)


def chunks(data: bytes) -> list[str]:
    """Cut bytes into texts that fit into rows; at least one."""
    return [to_text(data[first : first + CHUNK]) for first in range(0, max(1, len(data)), CHUNK)]


# -- passages ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """What is stored of one passage.

    Attributes:
        encoding: What the model made of it.
        words: Its search terms. The sentences are numbered within it.
        size: Its bytes.
    """

    encoding: PassageEncoding
    words: Postings
    size: int


def pack_passage(encoding: PassageEncoding, terms: Sequence[Sequence[str]]) -> bytes:
    """Return the bytes of a passage.

    Args:
        encoding: What the model made of it.
        terms: The search terms of each of its sentences.
    """
    words = Postings.of(terms)
    return arrays_to_bytes(
        {
            "codes": encoding.tokens.codes,
            "scales": encoding.tokens.scales,
            "spans": smallest(encoding.spans),
            "background": np.array([encoding.background], np.float32),
            "ranges": smallest(encoding.sentence_tokens),
            "backgrounds": encoding.sentence_background,
            "vectors": encoding.vectors,
            "terms": words.terms,
            "starts": words.starts.astype(np.uint32),
            "sentences": words.sentences,
            "counts": words.counts,
        }
    )


def unpack_passage(data: bytes) -> StoredPassage:
    """Read what `pack_passage` wrote.

    Raises:
        ValueError: The bytes are damaged.
    """
    try:
        arrays = arrays_in(memoryview(data))
        encoding = PassageEncoding(
            TokenCodes(arrays["codes"], arrays["scales"]),
            arrays["spans"],
            float(arrays["background"][0]),
            arrays["ranges"].astype(np.uint32),
            arrays["backgrounds"],
            arrays["vectors"],
        )
        starts = arrays["starts"].astype(np.int64)
        words = Postings(arrays["terms"], starts, arrays["sentences"], arrays["counts"])
    except LookupError as error:
        raise ValueError(f"no passage, it has no {error}") from None
    return StoredPassage(encoding, words, len(data))


# -- statements -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of the passages of a statement without reading them.

    Attributes:
        sentences: unsigned (passages,), how many sentences each has.
        tokens: unsigned (passages,), how many tokens each has.
        vectors: unsigned (passages,), how many vectors each has.
        background: f32 (passages,), see `PassageEncoding`.
        sentence_tokens: u32 (sentences, 2), the tokens of each sentence within its passage.
        sentence_background: f32 (sentences,).
        sentence_terms: unsigned (sentences,), how many search terms each has.
        sentence_keys: u64 (sentences,), see `index.lexical.same_words`.
        terms: u64 (terms,), the keys of the search terms that it has, ascending.
        in_passages: unsigned (terms,), in how many passages each stands.
        in_sentences: unsigned (terms,), in how many sentences.
        card: The tokens of its card.
    """

    sentences: Numbers
    tokens: Numbers
    vectors: Numbers
    background: Floats
    sentence_tokens: Numbers
    sentence_background: Floats
    sentence_terms: Numbers
    sentence_keys: Keys
    terms: Array
    in_passages: Numbers
    in_sentences: Numbers
    card: TokenCodes

    @classmethod
    def of(cls, new: NewStatement) -> Shape:
        """Return the shape of a statement that is to be stored."""
        terms = [sentence for passage in new.terms for sentence in passage]
        words = Postings.of(terms)
        passage_of = np.repeat(np.arange(len(new.terms)), list(map(len, new.terms)))
        in_sentences = np.diff(words.starts)
        return cls(
            _counts(map(len, new.terms)),
            _counts(len(encoding.tokens) for encoding in new.passages),
            _counts(len(encoding.vectors) for encoding in new.passages),
            np.array([encoding.background for encoding in new.passages], np.float32),
            smallest(np.concatenate([encoding.sentence_tokens for encoding in new.passages])),
            np.concatenate([encoding.sentence_background for encoding in new.passages]),
            _counts(map(len, terms)),
            sentence_keys(new.statement, new.statement.passages),
            words.terms,
            smallest(_distinct(passage_of[words.sentences], words.starts)),
            smallest(in_sentences),
            new.card,
        )

    def to_arrays(self) -> dict[str, Array]:
        """Return its arrays by their names."""
        arrays = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "card"}
        return arrays | {"card_codes": self.card.codes, "card_scales": self.card.scales}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Shape:
        """Return what `to_arrays` took apart.

        Raises:
            ValueError: An array is missing, or they do not fit one another.
        """
        try:
            card = TokenCodes(arrays["card_codes"], arrays["card_scales"])
            plain: dict[str, Any] = {
                name: arrays[name] for name in cls.__dataclass_fields__ if name != "card"
            }
        except LookupError as error:
            raise ValueError(f"no statement, it has no {error}") from None
        shape = cls(**plain, card=card)
        passages = (shape.sentences, shape.tokens, shape.vectors, shape.background)
        sentences = (
            *(shape.sentence_tokens, shape.sentence_background),
            *(shape.sentence_terms, shape.sentence_keys),
        )
        terms = (shape.terms, shape.in_passages, shape.in_sentences)
        if not all(len(set(map(len, group))) == 1 for group in (passages, sentences, terms)) or int(
            shape.sentences.sum()
        ) != len(shape.sentence_terms):
            raise ValueError("its arrays do not fit one another")
        return shape


def pack_record(facts: Mapping[str, Any], shape: Shape) -> bytes:
    """Return the bytes of what a reader has in memory of each statement."""
    stored = np.frombuffer(json.dumps(facts).encode("ascii"), np.uint8)
    return arrays_to_bytes({"facts": stored, **shape.to_arrays()})


def unpack_record(data: bytes) -> tuple[dict[str, Any], Shape]:
    """Read what `pack_record` wrote.

    Raises:
        ValueError: The bytes are damaged.
    """
    arrays = arrays_in(memoryview(data))
    if "facts" not in arrays:
        raise ValueError("no statement, it has no facts")
    facts = json.loads(arrays["facts"].tobytes())
    if not isinstance(facts, dict):
        raise ValueError("no statement, its facts are damaged")
    return facts, Shape.from_arrays(arrays)


def join_chunks(parts: Iterable[tuple[int, str]]) -> bytes:
    """Return the bytes of numbered texts.

    Raises:
        ValueError: One is missing.
    """
    ordered = sorted(parts)
    if [number for number, _ in ordered] != list(range(len(ordered))) or not ordered:
        raise ValueError("a part of it is missing")
    return b"".join(to_bytes(text) for _, text in ordered)


def _counts(values: Iterable[int]) -> Numbers:
    return smallest(np.array(list(values), np.int64))


def _distinct(values: Indices, starts: Indices) -> Indices:
    """Return how many different values each stretch has; they ascend within it."""
    changes = np.diff(values, prepend=-1) != 0
    changes[starts[:-1]] = True
    totals = np.concatenate([[0], np.cumsum(changes)])
    return np.diff(totals[starts])
