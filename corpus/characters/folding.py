"""Folding: the key under which texts with the same words compare equal.

Two texts that a reader takes for the same words may differ in line breaks, in width and
composition of characters, in quotation marks and dashes, in invisible characters, in mark-up, and
in how they count years. Their keys are equal. Only keys are compared; a source is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.characters.folding_steps import STEPS, Edit
from corpus.records import Span

KINDS = tuple(STEPS)  # the kinds of differences that folding removes
_MAX_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Folded:
    """The key of a text, and the place in the text of each of its characters.

    Attributes:
        key: The folded text. Upper and lower case are kept.
        starts: For each character of the key, the first code point of the text that it replaces.
        ends: For each character of the key, one past the last code point that it replaces.
    """

    key: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Return the span of the text that `key[start:end]` replaces."""
        return Span(self.starts[start], self.ends[end - 1])


def fold(text: str, start: int = 0, kinds: Sequence[str] | None = None) -> Folded:
    """Fold a text.

    To fold a key again changes nothing, unless the text was escaped more than 20 times. A key
    does not begin or end with white space. A slice of the key is the key of the part of the text
    that it replaces, unless it begins or ends with white space, or cuts mark-up or a character.

    Args:
        text: The text.
        start: Offset of the text in its source; the offsets in the result count from there.
        kinds: The differences to remove, of `KINDS`; all when omitted.
    """
    folded = Folded(text, range(start, start + len(text)), range(start + 1, start + len(text) + 1))
    steps = [STEPS[kind] for kind in (KINDS if kinds is None else kinds)]
    for _ in range(_MAX_ROUNDS):  # one step may produce what another step replaces
        before = folded.key
        for step in steps:
            folded = _edited(folded, step(folded.key))
        if folded.key == before:
            break
    return folded


@lru_cache(maxsize=1 << 16)
def key_of(text: str) -> str:
    """Return the key of a text. Keys are cached, since the same sentences are compared often."""
    return fold(text).key


def differing_kinds(first: str, second: str) -> tuple[str, ...]:
    """Return the kinds of differences, of `KINDS`, between two texts with the same key."""
    if first == second:
        return ()

    def equal(kinds: Sequence[str]) -> bool:
        return fold(first, kinds=kinds).key == fold(second, kinds=kinds).key

    needed = tuple(kind for kind in KINDS if not equal([k for k in KINDS if k != kind]))
    # If two kinds remove the same difference, neither is needed. Then the first one is named.
    return needed or tuple(kind for kind in KINDS if equal([kind]))[:1] or KINDS


def _edited(folded: Folded, edits: Iterator[Edit]) -> Folded:
    """Apply edits to a key. The edits are in order and do not overlap."""
    done = 0
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for begin, end, replacement in edits:
        if folded.key[begin:end] == replacement:
            continue
        keys += folded.key[done:begin], replacement
        starts += folded.starts[done:begin]
        starts += [folded.starts[begin]] * len(replacement)
        ends += folded.ends[done:begin]
        ends += [folded.ends[end - 1]] * len(replacement)
        done = end
    if not done:
        return folded
    key = "".join([*keys, folded.key[done:]])
    return Folded(key, [*starts, *folded.starts[done:]], [*ends, *folded.ends[done:]])
