"""Decides how two wrapped lines are joined: with a blank, without one, or without their hyphen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.characters.scripts import UNSPACED

_SOFT = "\u00ad"  # a hyphen that is printed at the end of a line only
_HYPHENS = "-‐" + _SOFT
_DASHES = "–—/"
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"(?:[^\W\d_]+[-‐])*[^\W\d_]+(?=[-‐\u00ad]\Z)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")
_HYPHENATED_LINES = 0.05  # share of lines of letters that end with a hyphen where words are parted
_MIN_HYPHENATED = 2  # such lines


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
        self._words = {word.casefold() for line in lines for word in _inner_words(line)}
        self._compounds = {word.casefold() for line in lines for word in _compounds(line)}
        letters = [line for line in lines if (line and line[-1] in _HYPHENS) or _ends_in_letter(line)]
        hyphenated = sum(line[-1] in _HYPHENS for line in letters)
        enough = hyphenated >= max(_MIN_HYPHENATED, _HYPHENATED_LINES * len(letters))
        self._words_are_parted = enough

    def joint(self, before: str, after: str) -> Joint:
        """Return how a line is joined to the one before it, which is not finished.

        A hyphen at the end of a line may belong to the word, or part a word that was too long. It
        is left out if the document has the whole word elsewhere; and in a document that parts
        words, if one of the halves is no word of the document. In doubt it stays, as printed.
        """
        if before.endswith(_SOFT):
            return Joint(1, "")
        if before[-1] in _HYPHENS:
            return Joint(int(self._parts_word(before, after)), "")
        if _UNSPACED.match(before[-1]) or _UNSPACED.match(after[0]):
            return Joint(0, "")
        return Joint(0, "" if before[-1] in _DASHES else " ")

    def _parts_word(self, before: str, after: str) -> bool:
        first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        if not first or not second or not second[0][0].islower():
            return False
        halves = first[0].casefold(), second[0].casefold()
        if "-".join(halves) in self._compounds:
            return False
        last = re.split("[-‐]", halves[0])[-1]
        if last + halves[1] in self._words:
            return True
        return self._words_are_parted and not {last, halves[1]} <= self._words


def _inner_words(line: str) -> list[str]:
    """Return the words of a line, without those that a hyphen at its end parts."""
    words = _WORD.findall(line)
    return words[:-1] if line and line[-1] in _HYPHENS else words


def _compounds(line: str) -> list[str]:
    return re.findall(r"[^\W\d_]+-[^\W\d_]+", line.replace("‐", "-"))


def _ends_in_letter(line: str) -> bool:
    return bool(line) and line[-1].isalpha() and not _UNSPACED.match(line[-1])
