"""Cuts what is too long to be embedded whole, on sentence ends (langchain-text-splitters)."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from corpus.records import Passage, Span, passage_id
from corpus.segmentation.window import PASSAGE_TOKENS, estimated_tokens


def split_long(text: str, passage: Passage) -> Iterator[Passage]:
    """Yield `passage`, or its parts when it is longer than `PASSAGE_TOKENS`.

    A single sentence is never cut, however long it is.
    """
    if len(passage.sentences) == 1 or estimated_tokens(passage.span.of(text)) <= PASSAGE_TOKENS:
        yield passage
        return
    starts = [sentence.start for sentence in passage.sentences]
    start, first = passage.span.start, 0
    for chunk in _chunks(text, passage):
        start += len(chunk)  # the chunks, joined, are the passage
        last = bisect_left(starts, start)
        sentences = passage.sentences[first:last]
        first, span = last, Span(sentences[0].start, sentences[-1].end)
        yield replace(passage, id=passage_id(span.of(text)), span=span, sentences=sentences)


def _chunks(text: str, passage: Passage) -> list[str]:
    from langchain_text_splitters import TextSplitter

    class SentenceSplitter(TextSplitter):
        """Packs whole sentences, each with the space behind it."""

        def split_text(self, text: str) -> list[str]:
            starts = [sentence.start for sentence in passage.sentences]
            ends = [*starts[1:], passage.span.end]
            pieces = [text[a:b] for a, b in zip(starts, ends, strict=True)]
            return self._merge_splits(pieces, "")

    # A sentence longer than a chunk stays whole; that is meant, and no cause for a warning.
    logging.getLogger("langchain_text_splitters").setLevel(logging.ERROR)
    splitter = SentenceSplitter(
        chunk_size=PASSAGE_TOKENS,
        chunk_overlap=0,
        length_function=estimated_tokens,
        strip_whitespace=False,
    )
    return splitter.split_text(text)
