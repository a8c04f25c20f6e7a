"""Two texts side by side, and where in a statement a text stands. Everything is folded first."""

from __future__ import annotations

import re
import weakref
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from corpus.characters.folding import fold, key_of
from corpus.records import Passage, Span, Statement

# In scripts without spaces each character counts by itself, elsewhere each word or number; the
# space behind one goes with it.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
_WORD = rf"[^\W_{_UNSPACED}]+"
_MOST = 4_000_000  # length by length, of what is compared in every way
_TOKEN = re.compile(rf"{_WORD}(?:['.,-]{_WORD})*\s*|.\s*", re.DOTALL)

_KEYS: dict[int, tuple[str, ...]] = {}  # of the passages of a statement, by its identity


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a comparison: in both texts, only in the source, or only in the quote."""

    where: Literal["both", "source", "quote"]
    text: str


def likeness(source: str, quote: str, least: float = 0.0) -> float:
    """How much two texts are alike, 0..1 (Ratcliff & Obershelp), or less than `least` if they are.

    Long texts, which would take minutes, are compared by their pairs of neighbouring characters
    (Dice) instead.
    """
    ours, theirs = key_of(source), key_of(quote)
    if len(ours) * len(theirs) > _MOST:
        pairs = [Counter(pairwise(key)) for key in (ours, theirs)]
        return 2 * (pairs[0] & pairs[1]).total() / (pairs[0].total() + pairs[1].total())
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for bound in (matcher.real_quick_ratio(), matcher.quick_ratio()):
        if bound < least:
            return bound
    return matcher.ratio()


def compare(source: str, quote: str) -> tuple[Part, ...]:
    """The two texts, folded, as one sequence of parts, by words, or by characters of kanji.

    Joining the parts of a side gives the key of that side, but for a space where words end. Of
    long texts, which would take minutes, all between the first and the last difference is one
    difference.
    """
    ours: list[str] = _TOKEN.findall(key_of(source))
    theirs: list[str] = _TOKEN.findall(key_of(quote))
    parts: list[Part] = []
    for same, a, b, c, d in _blocks(
        *([token.rstrip() for token in side] for side in (ours, theirs))
    ):
        if same:
            parts.append(Part("both", "".join(ours[a:b])))
            continue
        if a < b:
            parts.append(Part("source", "".join(ours[a:b])))
        if c < d:
            parts.append(Part("quote", "".join(theirs[c:d])))
    return tuple(parts)


def _blocks(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """Stretches of two sequences, in order, and whether they are the same."""
    if len(ours) * len(theirs) <= _MOST:
        matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
        return [(tag == "equal", a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes()]
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    a, c = len(ours) - tail, len(theirs) - tail
    blocks = [(True, 0, head, 0, head), (False, head, a, head, c)]
    blocks.append((True, a, len(ours), c, len(theirs)))
    return [block for block in blocks if block[1] < block[2] or block[3] < block[4]]


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many at the beginning of two sequences are the same."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(ours), len(theirs)))


@dataclass(frozen=True, slots=True)
class Held:
    """A place whose key was looked for.

    Attributes:
        words: The text there.
        passage: It lies in.
        sentences: The sentences that reach into it; there is one at the least.
    """

    words: str
    passage: Passage
    sentences: tuple[Span, ...]


def holding(statement: Statement, key: str, near: int = 0) -> Iterator[Held]:
    """The places of a statement that have a key.

    Args:
        statement: Where to look.
        key: See `corpus.characters.folding.key_of`.
        near: The passages that begin nearest to this code point come first.
    """
    text = statement.source.text
    both = zip(statement.passages, _keys(statement), strict=True)
    held = [passage for passage, whole in both if key and key in whole]
    for passage in sorted(held, key=lambda one: abs(one.span.start - near)):
        folded, sentences = fold(passage.span.of(text), passage.span.start), passage.sentences
        at = folded.key.find(key)
        while at >= 0:
            said = folded.span(at, at + len(key))
            first = bisect_right(sentences, said.start, key=lambda one: one.end)
            past = bisect_left(sentences, said.end, key=lambda one: one.start)
            if first < past:
                yield Held(said.of(text), passage, sentences[first:past])
            at = folded.key.find(key, at + 1)


def _keys(statement: Statement) -> tuple[str, ...]:
    """The keys of the passages, kept as long as the statement: to fold 20 MB takes seconds."""
    if (kept := _KEYS.get(id(statement))) is None:
        text = statement.source.text
        kept = tuple(fold(passage.span.of(text)).key for passage in statement.passages)
        _KEYS[id(statement)] = kept
        weakref.finalize(statement, _KEYS.pop, id(statement), None)
    return kept
