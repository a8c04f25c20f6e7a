"""Weighs the nodes of a page: how much text, how much of it in links, how much in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.formats.html.elements import elements
from corpus.formats.html.omissions import Omissions
from corpus.formats.html.phrases import is_copyright
from corpus.formats.html.runs import Run, read_runs
from corpus.formats.html.tree import Page

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")
_SENTENCE_END = re.compile(r"[。！？．؟।։።]|[.!?:;](?=[\s)\]\"'’”»]|\Z)|[:：；]")
_MIN_PROSE = 50  # columns of a run that has the end of a sentence
_MIN_UNENDED = 160  # columns of a run that has none
_MIN_SENTENCE, _MAX_SENTENCE = 20, 3_000  # columns of a sentence among links
_LINKED_LINE = 0.5  # share of a line in links, from which on it is no prose
_MAX_LINK = 0.1  # share of the page; a longer link is text that someone forgot to end


@dataclass(frozen=True)
class Weights:
    """Sums over the nodes before each node, so that a range is the difference of two of them.

    Text is measured in columns without white space; a kanji has two.
    """

    page: Page
    runs: Sequence[Run]
    _words: Sequence[int]
    _linked: Sequence[int]
    _prose: Sequence[int]
    _links: Sequence[int]
    _controls: Sequence[int]

    def words(self, start: int, end: int) -> int:
        """Return the columns of text in a range of nodes."""
        return self._words[end] - self._words[start]

    def prose(self, start: int, end: int) -> int:
        """Return the columns of text in sentences."""
        return self._prose[end] - self._prose[start]

    def links(self, start: int, end: int) -> int:
        """Return the number of links that begin in a range and have words."""
        return self._links[end] - self._links[start]

    def controls(self, start: int, end: int) -> int:
        """Return the number of buttons and fields."""
        return self._controls[end] - self._controls[start]

    def link_share(self, start: int, end: int) -> float:
        """Return the share of the text that stands in links."""
        linked = self._linked[end] - self._linked[start]
        return linked / words if (words := self.words(start, end)) else 0.0

    def unlinked_share(self, start: int, end: int) -> float:
        """Return the share of the text of the page in no link that a range of nodes has."""
        total = self._words[-1] - self._linked[-1]
        linked = self._linked[end] - self._linked[start]
        return (self.words(start, end) - linked) / total if total else 0.0

    def is_sentence(self, start: int, end: int) -> bool:
        """Return whether a short range of nodes ends a sentence that is not all in links."""
        unlinked = (1 - self.link_share(start, end)) * self.words(start, end)
        if unlinked < _MIN_SENTENCE or self.words(start, end) > _MAX_SENTENCE:
            return False
        return ends_sentence(self.page.text(start, end).rstrip()[-2:])

    def all_prose(self) -> int:
        """Return the columns of the page in sentences."""
        return self._prose[-1]


def weigh(page: Page, omissions: Omissions) -> Weights:
    """Weigh the nodes that are not left out."""
    count = len(page.nodes)
    words, linked, prose, links, controls = ([0] * count for _ in range(5))
    runs = tuple(read_runs(page, omissions, max(page.body, 0), count))
    for run in runs:
        for index in run.nodes:
            words[index] = columns(page.nodes[index].text)
    _weigh_links(page, words, linked, links)
    for run in runs:
        for index in _prose_nodes(page, run, words, linked):
            prose[index] = words[index]
    for index, node in enumerate(page.nodes):
        controls[index] = int(node.tag in elements("controls"))
    sums = (
        tuple(accumulate(values, initial=0)) for values in (words, linked, prose, links, controls)
    )
    return Weights(page, runs, *sums)


def columns(text: str) -> int:
    """Return the width of a text without white space."""
    return sum(map(len, text.split())) + len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Return whether a sentence or part of one ends within a text or at its end."""
    return bool(_SENTENCE_END.search(text))


def lines_of(page: Page, run: Run) -> Iterator[list[int]]:
    """Yield the nodes of each line of a run."""
    line: list[int] = []
    for index in run.nodes:
        if page.nodes[index].tag == "br":
            if line:
                yield line
            line = []
        else:
            line.append(index)
    if line:
        yield line


def _weigh_links(page: Page, words: Sequence[int], linked: list[int], links: list[int]) -> None:
    """Weigh the links of a page. One around much of the page counts as text."""
    widths: dict[int, int] = {}
    for index, width in enumerate(words):
        if width and (link := page.nodes[index].linked):
            widths[link] = widths.get(link, 0) + width
    longest = max(_MAX_LINK * sum(words), _MIN_PROSE)
    for index, width in enumerate(words):
        link = page.nodes[index].linked
        if width and link and widths[link] <= longest:
            linked[index] = width
            links[link] = 1


def _prose_nodes(
    page: Page, run: Run, words: Sequence[int], linked: Sequence[int]
) -> Iterator[int]:
    """Yield the texts of a run that are prose, if it has enough of it."""
    nodes = [
        index
        for line in lines_of(page, run)
        if sum(linked[index] for index in line) <= _LINKED_LINE * sum(words[i] for i in line)
        and not is_copyright("".join(page.nodes[index].text for index in line))
        for index in line
    ]
    width = sum(words[index] for index in nodes)
    if width < _MIN_PROSE:
        return
    text = "".join(page.nodes[index].text for index in nodes).strip()
    if width >= _MIN_UNENDED or ends_sentence(text):
        yield from nodes
