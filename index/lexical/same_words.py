"""Sentences with the same words, wherever their lines break."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from corpus.records import Passage, Statement
from index.lexical.postings import key_of

Keys = npt.NDArray[np.uint64]


def words_of(text: str) -> str:
    """Return a text without the differences that come from line breaks and blanks."""
    return " ".join(text.split())


def words_key(text: str) -> int:
    """Return the number by which the words of a sentence are known, below 2^64.

    Different words practically never have the same one; see `index.lexical.postings`.
    """
    return key_of(words_of(text))


def sentence_keys(statement: Statement, passages: Iterable[Passage]) -> Keys:
    """Return the keys of the sentences of some passages, u64 (sentences,)."""
    text = statement.source.text
    spans = (span for passage in passages for span in passage.sentences)
    return np.array([words_key(span.of(text)) for span in spans], np.uint64)
