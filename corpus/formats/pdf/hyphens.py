"""Decides how two wrapped lines are joined: with a blank, without one, or without their hyphen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from corpus.characters.scripts import UNSPACED
from corpus.tables import read_table

_SOFT = "\u00ad"  # a hyphen that is printed at the end of a line only
_TYPESET_HYPHEN = "‐"  # what browsers and layout programs write where they part a word
_HYPHENS = (_SOFT, "-", _TYPESET_HYPHEN)
_DASHES = "–—/"
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=[-‐\u00ad]\Z)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐](?=[^\W\d_])")
# How many more lines than by chance end with a hyphen where words are parted.
_LEAST_MORE, _TIMES_CHANCE = 1, 1.5


class Joint(NamedTuple):
    """How two lines are joined.

    Attributes:
        drop: How many characters at the end of the first line are left out: its hyphen, or none.
        between: What is written between the lines.
    """

    drop: int
    between: str


class Hyphens:
    """Knows the words of a document, to tell `long-term` from `coopera-tion`."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Read the words.

        Args:
            lines: The lines of the document.
        """
        compounds = [pair for line in lines for pair in _compounds(line)]
        self._compounds = {first + second for first, second in compounds}
        self._firsts = {first for first, _ in compounds} | set(_table()["firsts"])
        self._seconds = {second for _, second in compounds} | set(_table()["seconds"])
        self._words: set[str] = set()
        before = ""
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line)]
            # The halves of words that are parted are no words.
            first = 1 if before.endswith(_HYPHENS) else 0
            last = -1 if line.endswith(_HYPHENS) else None
            self._words.update(words[first:last])
            before = line
        self._words_are_parted = _are_parted(lines)

    def joint(self, before: str, after: str) -> Joint:
        """Return how a line is joined to the one before it, which is not finished.

        A hyphen at the end of a line may belong to the word, or part a word that was too long. It
        is left out if the document has the whole word elsewhere; and in a document that parts
        words, if nothing tells that it belongs to the word. In doubt it stays, as printed.
        """
        if before.endswith(_SOFT):
            return Joint(1, "")
        if before[-2:-1].isspace() and before[-1] in (*_HYPHENS, *_DASHES):
            return Joint(0, " ")  # a dash
        if before[-1] in _HYPHENS and _is_suspended(after):
            return Joint(0, " ")
        if before[-1] in _HYPHENS:
            return Joint(int(self._parts_word(before, after)), "")
        if _UNSPACED.match(before[-1]) or _UNSPACED.match(after[0]):
            return Joint(0, "")
        return Joint(0, "" if before[-1] in _DASHES else " ")

    def _parts_word(self, before: str, after: str) -> bool:
        first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        if not first or not second or not second[0][0].islower():
            return False
        start, end = first[0].casefold(), second[0].casefold()
        if start + end in self._compounds:
            return False
        if start + end in self._words:
            return True
        if before[-1] == _TYPESET_HYPHEN:
            return True
        if self._words_are_parted and start in _table()["prefixes"]:
            return end not in self._words | self._seconds  # re-sponse, but re-open
        if start in self._firsts or end in self._seconds:
            return False
        if start.endswith(tuple(_table()["adverbs"])) and {start, end} & self._words:
            return False
        if first[0].isupper() and len(start) > 1:  # NATO-led
            return False
        return self._words_are_parted and not {start, end} <= self._words


@cache
def _table() -> dict[str, list[str]]:
    return read_table(__package__, "compounds.json")


def _is_suspended(after: str) -> bool:
    """Return whether a hyphen before these words stands for the end of a word: `low- and`."""
    word = _FIRST_WORD.match(after)
    if not word or not after[word.end() :][:1].isspace():
        return False
    return word[0] in _table()["conjunctions"]


def _compounds(line: str) -> list[tuple[str, str]]:
    """Return the halves of the words with a hyphen within a line."""
    return [
        (first.casefold(), second.casefold())
        for first, second in re.findall(r"(?=(?<!\w)([^\W\d_]+)[-‐]([^\W\d_]+))", line)
    ]


def _are_parted(lines: Sequence[str]) -> bool:
    """Return whether a document parts words at the ends of lines.

    Then more lines end with a hyphen than by chance, at the hyphen of a word such as `long-term`.
    """
    hyphenated = sum(bool(_LAST_WORD.search(line)) for line in lines)
    within = sum(len(_INNER_HYPHEN.findall(line)) for line in lines)
    blanks = sum(line.count(" ") for line in lines)
    by_chance = len(lines) * within / max(within + blanks, 1)
    return hyphenated > _LEAST_MORE + _TIMES_CHANCE * by_chance
