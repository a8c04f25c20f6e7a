"""Two texts side by side, and where in a statement a text stands. Everything is folded first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.folding import fold, key_of
from corpus.records import Passage, Span

# In scripts without spaces each character counts by itself, elsewhere each word or number; the
# space behind one goes with it.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
_WORD = rf"[^\W_{_UNSPACED}]+"
_TOKEN = re.compile(rf"{_WORD}(?:['.,-]{_WORD})*\s*|.\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a comparison: in both texts, only in the source, or only in the quote."""

    where: Literal["both", "source", "quote"]
    text: str


def likeness(source: str, quote: str) -> float:
    """How much two texts are alike, 0..1 (Ratcliff & Obershelp)."""
    return SequenceMatcher(None, key_of(source), key_of(quote), autojunk=False).ratio()


def compare(source: str, quote: str) -> tuple[Part, ...]:
    """The two texts, folded, as one sequence of parts, by words, or by characters of kanji.

    Joining the parts of a side gives the key of that side, but for a space where words end.
    """
    ours: list[str] = _TOKEN.findall(key_of(source))
    theirs: list[str] = _TOKEN.findall(key_of(quote))
    bare = [token.rstrip() for token in ours], [token.rstrip() for token in theirs]
    parts: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("both", "".join(ours[a:b])))
            continue
        if a < b:
            parts.append(Part("source", "".join(ours[a:b])))
        if c < d:
            parts.append(Part("quote", "".join(theirs[c:d])))
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Held:
    """A place of a passage whose key was looked for.

    Attributes:
        words: The text there.
        sentences: The sentences that reach into it.
    """

    words: str
    sentences: tuple[Span, ...]


def holding(passage: Passage, text: str, key: str) -> Iterator[Held]:
    """The places of a passage that have a key.

    Args:
        passage: Where to look.
        text: The source it is in.
        key: See `corpus.folding.key_of`.
    """
    if not key or key not in key_of(passage.span.of(text)):
        return
    folded = fold(passage.span.of(text), passage.span.start)
    at = folded.key.find(key)
    while at >= 0:
        said = folded.span(at, at + len(key))
        sentences = (s for s in passage.sentences if s.start < said.end and said.start < s.end)
        yield Held(said.of(text), tuple(sentences))
        at = folded.key.find(key, at + 1)
