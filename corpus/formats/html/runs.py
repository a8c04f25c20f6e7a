"""Runs: what stands between the edges of blocks, and its lines as a browser shows them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.formats.html.omissions import Omissions
from corpus.formats.html.tree import Page

_BLANKS = re.compile(r"[ \t\n\f\r]+")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BRACKETED = re.compile(r"\s*[\[(（［].*[\])）］]\s*", re.DOTALL)
_MAX_RAISED = 30  # characters; a tag that is not closed raises the rest of the page
# Characters without width are kept, but a text of nothing else is blank.
_VISIBLE = re.compile("[^\\s\u200b\u200c\u200d\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text and ends of lines without the edge of a block between them.

    Attributes:
        holder: Index of the innermost block that they stand in.
        nodes: Indexes of texts and of `br` elements.
    """

    holder: int
    nodes: tuple[int, ...]


def read_runs(page: Page, omissions: Omissions, start: int, end: int) -> Iterator[Run]:
    """Yield the runs in a range of nodes that have visible characters."""
    holders = [next((i for i in page.ancestors(start) if page.nodes[i].is_block), start)]
    nodes: list[int] = []
    visible = False
    index = start
    while index < end:
        node, omission = page.nodes[index], omissions.at(index)
        begins = node.is_block and not (omission and omission.is_unseen)
        if begins or index >= page.nodes[holders[-1]].end:
            if visible:
                yield Run(holders[-1], tuple(nodes))
            nodes, visible = [], False
            while len(holders) > 1 and index >= page.nodes[holders[-1]].end:
                holders.pop()
        if omission:
            index = omission.end
            continue
        if begins:
            holders.append(index)
        elif node.tag == "br" or node.text:
            nodes.append(index)
            visible = visible or not is_blank(node.text)
        index += 1
    if visible:
        yield Run(holders[-1], tuple(nodes))


def is_blank(text: str) -> bool:
    """Return whether a text has no visible character."""
    return not _VISIBLE.search(text)


def read_lines(page: Page, nodes: Sequence[int]) -> list[str]:
    """Return the lines of a run as a browser shows them, with white space collapsed.

    The end of a line in the file is no blank between two characters of Chinese or Japanese.
    """
    lines: list[list[str]] = [[]]
    blank = ""  # white space that is shown if another character follows in the line
    for index in nodes:
        node = page.nodes[index]
        if node.tag == "br":
            lines.append([])
            blank = ""
        elif node.preformatted:
            first, *others = _characters(page, index).replace("\r\n", "\n").split("\n")
            lines[-1].append(f" {first}" if blank and lines[-1] else first)
            lines.extend([line] for line in others)
            blank = ""
        else:
            blank = _append(lines[-1], _characters(page, index), blank)
    return ["".join(line).rstrip(" \t") for line in lines]


def _append(line: list[str], text: str, blank: str) -> str:
    """Append a text to a line. Return the white space at its end."""
    position = 0
    for space in _BLANKS.finditer(text):
        if word := text[position : space.start()]:
            _append_word(line, word, blank)
            blank = ""
        blank += space.group()
        position = space.end()
    if word := text[position:]:
        _append_word(line, word, blank)
        blank = ""
    return blank


def _append_word(line: list[str], word: str, blank: str) -> None:
    before = line[-1][-1:] if line else ""
    is_joined = "\n" in blank and before and _is_unspaced(before) and _is_unspaced(word[0])
    if blank and before not in ("", " ", "\t") and not is_joined:
        line.append(" ")
    line.append(word)


@lru_cache(maxsize=4096)
def _is_unspaced(char: str) -> bool:
    """Return whether a character is of a script that has no blanks at the ends of lines."""
    wide = unicodedata.east_asian_width(char) in "WFH"
    return wide and not unicodedata.name(char, "").startswith(("HANGUL", "HALFWIDTH HANGUL"))


def _characters(page: Page, index: int) -> str:
    """Return the characters of a text. Raised digits become superscripts, unless in brackets."""
    node = page.nodes[index]
    if not node.raised or not any(map(str.isdigit, node.text)):
        return node.text
    raised = page.text(node.raised, page.nodes[node.raised].end, _MAX_RAISED + 1)
    if len(raised) > _MAX_RAISED or _BRACKETED.fullmatch(raised):
        return node.text
    return node.text.translate(SUPERSCRIPTS)
