"""Finds the parts of a page that orient: its main part, its title, its sentences, its notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from corpus.formats.html.elements import elements
from corpus.formats.html.omissions import Omissions
from corpus.formats.html.titles import page_titles, site_names
from corpus.formats.html.tree import Page
from corpus.formats.html.weights import Weights, columns

_MAIN_SHARE = 0.5  # of the sentences, that an element marked as the main part must have
_SURE_SHARE = 0.8  # from which on nothing outside of it belongs to the statement
# Shares of the sentences: of the innermost part with most of them, and of each part beside it.
_CORE_SHARE, _BESIDE_SHARE = 0.65, 0.2
_MIN_TITLE = 8  # columns of a title that is no heading element
_MAX_TITLE_NODES = 200
_NOTE = re.compile(
    r"[\[(（]?\s*(?:注|※|note)?\s*[0-9]{1,3}\s*[\])）]?|[\[(]?[*†‡]{1,3}[\])]?", re.I
)
_HOME = re.compile(r"(?:\.{0,2}/)*(?:index\.\w+|default\.\w+)?")


@dataclass(frozen=True)
class Landmarks:
    """Parts of a page that orient.

    Attributes:
        root: Index of the element that is marked as the main part, else of the body.
        is_sure: Whether the root holds nearly all sentences, so that no statement is outside.
        core: Index of the innermost element that holds most of the sentences.
        title: Index of the block with the title of the statement; -1 if it was not found.
        first: Index of the first text in sentences within the core; -1 if there is none.
        last: Index of the last one.
    """

    root: int
    is_sure: bool
    core: int
    title: int
    first: int
    last: int
    _notes: Sequence[int]

    def has_notes(self, start: int, end: int) -> bool:
        """Return whether a range has part of a note that a mark in the text leads to."""
        return self._notes[end] > self._notes[start]


def find_landmarks(page: Page, omissions: Omissions, weights: Weights) -> Landmarks:
    """Find the parts of a page that orient."""
    root, is_sure = _root(page, omissions, weights)
    core = _core(page, weights, root)
    end = page.nodes[core].end
    prose = [
        index
        for run in weights.runs
        for index in run.nodes
        if core <= index < end and weights.prose(index, index + 1)
    ]
    first, last = (prose[0], prose[-1]) if prose else (-1, -1)
    title = _title(page, omissions, weights, root, first)
    return Landmarks(root, is_sure, core, title, first, last, _notes(page))


def _root(page: Page, omissions: Omissions, weights: Weights) -> tuple[int, bool]:
    """Return the element that is marked as the main part, and whether it surely is."""
    body, total = max(page.body, 0), weights.all_prose()
    best, most = body, 0.0
    for index in omissions.kept(body, len(page.nodes)):
        node = page.nodes[index]
        if not (node.tag in ("main", "article") or node.attributes.get("role") == "main"):
            continue
        share = weights.prose(index, node.end) / total if total else 0.0
        if share >= _MAIN_SHARE and share > most:
            best, most = index, share
    return best, most >= _SURE_SHARE


def _core(page: Page, weights: Weights, root: int) -> int:
    core, total = root, weights.prose(root, page.nodes[root].end)
    while total:
        shares = {
            child: weights.prose(child, page.nodes[child].end) / total
            for child in page.children(core)
        }
        *others, most = sorted(shares.values()) or [0.0]
        if most < _CORE_SHARE or others[-1:] > [_BESIDE_SHARE]:
            break
        child = max(shares, key=lambda index: shares[index])
        if not page.nodes[child].tag or page.nodes[child].tag in ("p", "li"):
            break
        core = child
    return core


def _title(page: Page, omissions: Omissions, weights: Weights, root: int, first: int) -> int:
    """Return the block with the title: a heading of the first rank, else words of `title`."""
    headings = [
        index
        for index in omissions.kept(max(page.body, 0), len(page.nodes))
        if page.nodes[index].tag == "h1"
        and weights.words(index, page.nodes[index].end)
        and not _names_site(page, index)
    ]
    inside = [index for index in headings if root <= index < page.nodes[root].end]
    before = [index for index in headings if index < root]
    if inside or before:
        return (inside[:1] or before[-1:])[0]
    titles = [_squeezed(title) for title in page_titles(page)]
    named = [run.holder for run in weights.runs if _is_title(page, run.holder, titles)]
    above = [holder for holder in named if first < 0 or holder <= first]
    # The trail of links above an article may end with its title, too.
    return max(
        reversed(above),
        key=lambda i: weights.words(i, page.nodes[i].end),
        default=(named or [-1])[0],
    )


def _names_site(page: Page, heading: int) -> bool:
    """Return whether a heading is the name of the site: a link to its first page, for instance."""
    end = page.nodes[heading].end
    if _squeezed(page.text(heading, end)) in map(_squeezed, site_names(page)):
        return True
    links = [page.nodes[i].linked for i in range(heading, end) if page.nodes[i].text.strip()]
    return bool(links) and all(
        link and is_home(page.nodes[link].attributes.get("href", "")) for link in links
    )


def is_home(address: str) -> bool:
    """Return whether an address leads to the first page of a site."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return bool(address.strip()) and not parts.fragment and bool(_HOME.fullmatch(parts.path))


def _is_title(page: Page, holder: int, titles: Sequence[str]) -> bool:
    """Return whether the text of a block is the beginning of the title of the page."""
    if not titles or page.nodes[holder].tag in ("body", "li", *elements("cells")):
        return False
    if page.nodes[holder].end - holder > _MAX_TITLE_NODES:
        return False
    limit = max(map(len, titles), default=0) * 2 + 1
    words = _squeezed(page.text(holder, page.nodes[holder].end, limit))
    return columns(words) >= _MIN_TITLE and any(title.startswith(words) for title in titles)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _notes(page: Page) -> list[int]:
    """Return for each node the number of nodes before it that are part of a note."""
    marks: set[str | None] = set()
    for index, node in enumerate(page.nodes):
        address = node.attributes.get("href", "") if node.tag == "a" else ""
        if address.startswith("#") and _NOTE.fullmatch(page.text(index, node.end, 20).strip()):
            marks.update((address[1:], unquote(address[1:])))
    marks -= {"", None}
    flags = [0] * len(page.nodes)
    for index, node in enumerate(page.nodes):
        if marks and {node.attributes.get("id"), node.attributes.get("name")} & marks:
            block = next((i for i in page.ancestors(index) if page.nodes[i].is_block), 0)
            if block > page.body:
                flags[block : page.nodes[block].end] = [1] * (page.nodes[block].end - block)
    return list(accumulate(flags, initial=0))
