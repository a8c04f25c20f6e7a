"""Cuts passages that are too long for the model, at sentence ends (langchain-text-splitters)."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from corpus.records import Passage, Span, passage_id
from corpus.segmentation.window import PASSAGE_TOKENS, estimated_tokens


def split_long(text: str, passage: Passage) -> Iterator[Passage]:
    """Yield a passage, or its parts if it is longer than `PASSAGE_TOKENS`.

    A sentence is never cut, even if it is longer than that.
    """
    if len(passage.sentences) == 1 or estimated_tokens(passage.span.of(text)) <= PASSAGE_TOKENS:
        yield passage
        return
    starts = [sentence.start for sentence in passage.sentences]
    start, first = passage.span.start, 0
    for chunk in _chunks(text, passage):
        start += len(chunk)  # the chunks together are the passage
        last = bisect_left(starts, start)
        sentences = passage.sentences[first:last]
        first, span = last, Span(sentences[0].start, sentences[-1].end)
        yield replace(passage, id=passage_id(span.of(text)), span=span, sentences=sentences)


def _chunks(text: str, passage: Passage) -> list[str]:
    from langchain_text_splitters import TextSplitter

    class SentenceSplitter(TextSplitter):
        """Joins whole sentences, each with the white space after it, to chunks."""

        def split_text(self, text: str) -> list[str]:
            starts = [sentence.start for sentence in passage.sentences]
            ends = [*starts[1:], passage.span.end]
            pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
            return self._merge_splits(pieces, "")

    # The splitter warns of a sentence that is longer than a chunk; here that is intended.
    logging.getLogger("langchain_text_splitters").setLevel(logging.ERROR)
    splitter = SentenceSplitter(
        chunk_size=PASSAGE_TOKENS,
        chunk_overlap=0,
        length_function=estimated_tokens,
        strip_whitespace=False,
    )
    return splitter.split_text(text)
