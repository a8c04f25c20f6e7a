"""Compares two texts, and finds where a text stands in a statement. Both compare keys of texts."""

from __future__ import annotations

import re
import weakref
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

from corpus.characters.folding import fold, key_of
from corpus.characters.scripts import HAN, KANA
from corpus.records import Passage, Span, Statement

# Scripts without spaces: Thai, Lao, Burmese, Khmer, Han and kana.
_UNSPACED = rf"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{HAN}{KANA}"
# A token of a comparison is a word or a number. In scripts without spaces it is one character. The
# space after it belongs to it.
_WORD = rf"[^\W_{_UNSPACED}]+"
_TOKEN = re.compile(rf"{_WORD}(?:['.,-]{_WORD})*\s*|.\s*", re.DOTALL)
# Longer texts would take minutes. The product of both lengths counts.
_MAX_PRODUCT = 4_000_000

# The keys of the passages of a statement, by the identity of the statement.
_PASSAGE_KEYS: dict[int, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a comparison: in both texts, only in the source, or only in the quote."""

    where: Literal["both", "source", "quote"]
    text: str


def similarity(source: str, quote: str, least: float = 0.0) -> float:
    """Return the similarity of two texts, 0 to 1 (Ratcliff and Obershelp, 1988).

    Very long texts are compared by their pairs of neighbouring characters instead (Dice).

    Args:
        source: One text.
        quote: The other text.
        least: If the similarity is below this, any value below it may be returned, which is faster.
    """
    source_key, quote_key = key_of(source), key_of(quote)
    if len(source_key) * len(quote_key) > _MAX_PRODUCT:
        pairs = [Counter(pairwise(key)) for key in (source_key, quote_key)]
        return 2 * (pairs[0] & pairs[1]).total() / (pairs[0].total() + pairs[1].total())
    matcher = SequenceMatcher(None, source_key, quote_key, autojunk=False)
    for bound in (matcher.real_quick_ratio(), matcher.quick_ratio()):
        if bound < least:
            return bound
    return matcher.ratio()


def compare(source: str, quote: str) -> tuple[Part, ...]:
    """Return the keys of two texts as one sequence of parts, by words or ideographs.

    The joined parts of one side are the key of that side, apart from spaces at the ends of words.
    In very long texts, all between the first and the last difference is one difference.
    """
    source_tokens: list[str] = _TOKEN.findall(key_of(source))
    quote_tokens: list[str] = _TOKEN.findall(key_of(quote))
    parts: list[Part] = []
    for block in _blocks(_stripped(source_tokens), _stripped(quote_tokens)):
        source_text = "".join(source_tokens[block.source_start : block.source_end])
        quote_text = "".join(quote_tokens[block.quote_start : block.quote_end])
        if block.same:
            parts.append(Part("both", source_text))
            continue
        if source_text:
            parts.append(Part("source", source_text))
        if quote_text:
            parts.append(Part("quote", quote_text))
    return tuple(parts)


def _stripped(tokens: Sequence[str]) -> list[str]:
    return [token.rstrip() for token in tokens]


class _Block(NamedTuple):
    """A stretch of two sequences that is the same in both, or different."""

    same: bool
    source_start: int
    source_end: int
    quote_start: int
    quote_end: int


def _blocks(source: Sequence[str], quote: Sequence[str]) -> list[_Block]:
    """Return the blocks of two sequences of tokens, in order."""
    if len(source) * len(quote) <= _MAX_PRODUCT:
        matcher = SequenceMatcher(None, source, quote, autojunk=False)
        return [_Block(tag == "equal", *places) for tag, *places in matcher.get_opcodes()]
    head = _common_length(source, quote)
    tail = _common_length(source[head:][::-1], quote[head:][::-1])
    source_end, quote_end = len(source) - tail, len(quote) - tail
    blocks = [
        _Block(True, 0, head, 0, head),
        _Block(False, head, source_end, head, quote_end),
        _Block(True, source_end, len(source), quote_end, len(quote)),
    ]
    return [
        block
        for block in blocks
        if block.source_start < block.source_end or block.quote_start < block.quote_end
    ]


def _common_length(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many tokens at the beginning of two sequences are the same."""
    shorter = min(len(first), len(second))
    return next((at for at in range(shorter) if first[at] != second[at]), shorter)


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A place of a statement that has a certain key.

    Attributes:
        text: The text there.
        passage: The passage that the text lies in.
        sentences: The sentences that the text reaches into, at least one.
    """

    text: str
    passage: Passage
    sentences: tuple[Span, ...]

    @property
    def sentences_span(self) -> Span:
        """The range from the first of these sentences to the last."""
        return Span(self.sentences[0].start, self.sentences[-1].end)


def places_of_key(statement: Statement, key: str, near: int = 0) -> Iterator[KeyPlace]:
    """Return the places of a statement that have a key.

    Args:
        statement: The statement.
        key: The key; see `corpus.characters.folding.key_of`.
        near: Passages that begin near this code point come first.
    """
    text = statement.source.text
    keys = zip(statement.passages, _passage_keys(statement), strict=True)
    passages = [passage for passage, passage_key in keys if key and key in passage_key]
    for passage in sorted(passages, key=lambda passage: abs(passage.span.start - near)):
        folded, sentences = fold(passage.span.of(text), passage.span.start), passage.sentences
        at = folded.key.find(key)
        while at >= 0:
            span = folded.span(at, at + len(key))
            first = bisect_right(sentences, span.start, key=lambda sentence: sentence.end)
            past = bisect_left(sentences, span.end, key=lambda sentence: sentence.start)
            if first < past:
                yield KeyPlace(span.of(text), passage, sentences[first:past])
            at = folded.key.find(key, at + 1)


def _passage_keys(statement: Statement) -> tuple[str, ...]:
    """Return the keys of all passages.

    They are kept as long as the statement, because it takes seconds to fold 20 MB.
    """
    keys = _PASSAGE_KEYS.get(id(statement))
    if keys is None:
        text = statement.source.text
        keys = tuple(fold(passage.span.of(text)).key for passage in statement.passages)
        _PASSAGE_KEYS[id(statement)] = keys
        weakref.finalize(statement, _PASSAGE_KEYS.pop, id(statement), None)
    return keys
