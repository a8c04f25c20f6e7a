"""Judges whether an element is a part of the page around the statement: navigation and the like.

The evidence is the name and role of the element, words in its `class` and `id`, how much of it
stands in links, and texts such as "Print this page". No site is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from corpus.documents import CutReason
from corpus.formats.html.elements import elements
from corpus.formats.html.phrases import furniture, is_notice, reasons
from corpus.formats.html.tree import Node, Page
from corpus.formats.html.weights import Weights

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Shares of the sentences of the page, above which an element may be the statement.
MAX_TAG, MAX_SURE, MAX_LIKELY = 0.5, 0.1, 0.1
_MAX_CONFIRMED = 0.25  # where links or buttons confirm a sure word
_CONFIRMING = 0.3  # share of links
_FIRST_NODES = 60  # that may hold the heading which an `id` was made from
_MAX_NOTICE, _MAX_NOTICE_WORDS, _MAX_NOTICE_NODES = 0.25, 1_500, 1_000  # share, columns, nodes


def by_name(node: Node) -> CutReason | None:
    """Return the reason that the name or the role of an element gives."""
    role = node.attributes.get("role", "").strip().lower()
    reason: CutReason | None = furniture()["roles"].get(role) or furniture()["tags"].get(node.tag)
    return reason


def by_words(
    page: Page, weights: Weights, index: int, *, side: str, is_amid: bool
) -> CutReason | None:
    """Return the reason that the `class` and the `id` of an element give.

    Args:
        page: The page.
        weights: Its weights.
        index: Index of the element.
        side: `above` or `below` the part with most sentences, or empty within it.
        is_amid: Whether sentences of the statement stand before and after it.
    """
    node = page.nodes[index]
    # Not all text is in sentences.
    share = max(prose_share(weights, index, node.end), weights.unlinked_share(index, node.end))
    has_controls = weights.controls(index, node.end) > 0
    has_links = weights.link_share(index, node.end) >= _CONFIRMING
    max_sure = _MAX_CONFIRMED if has_controls or has_links or side else MAX_SURE
    max_likely = _MAX_CONFIRMED if has_controls and side else MAX_LIKELY
    has_any = has_controls or weights.links(index, node.end) > 0
    has_choice = has_links and (bool(side) or weights.links(index, node.end) > 1)
    for word in _words(page, index):
        reason = reasons("sure").get(word)
        if reason and share <= max_sure and (has_any or not is_amid):
            return reason
        reason = reasons("likely").get(word)
        is_confirmed = has_choice or (has_controls and (side or reason in ("form", "notice")))
        if reason and is_confirmed and share <= max_likely:
            return reason
        if side == "below" and not weights.prose(index, node.end) and word in furniture()["below"]:
            return "notice"
    return None


def by_notice(page: Page, weights: Weights, index: int) -> CutReason | None:
    """Return the reason for a notice about cookies or scripts: it has buttons or links."""
    end = page.nodes[index].end
    if not weights.controls(index, end) and not weights.links(index, end):
        return None
    is_long = weights.words(index, end) > _MAX_NOTICE_WORDS or end - index > _MAX_NOTICE_NODES
    if is_long or prose_share(weights, index, end) > _MAX_NOTICE:
        return None
    return "notice" if is_notice(page.text(index, end)) else None


def prose_share(weights: Weights, start: int, end: int) -> float:
    """Return the share of the sentences of the page that a range of nodes has."""
    total = weights.all_prose()
    return weights.prose(start, end) / total if total else 0.0


def _words(page: Page, index: int) -> Iterator[str]:
    """Yield the words of `class` and `id`. An `id` that was made from a heading says nothing."""
    node = page.nodes[index]
    for name in node.attributes.get("class", "").split()[:20]:
        yield from name_words(name)
    words = tuple(name_words(node.attributes.get("id", "")[:80]))
    if words:
        start = page.text(index, min(node.end, index + _FIRST_NODES), 400).casefold()
        if not all(word in start for word in words if len(word) > 2):
            yield from words


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name such as `site-footer`, and each two of them as one.

    Words after `no`, `has` and the like say what the element is not.
    """
    words = [word.lower() for word in _TOKEN.findall(name)]
    negations = furniture()["negations"]
    kept = [word for i, word in enumerate(words) if i == 0 or words[i - 1] not in negations]
    if len(kept) < len(words):
        return tuple(kept)
    return (*kept, *(first + second for first, second in pairwise(kept)))


def is_container(node: Node) -> bool:
    """Return whether an element may hold several blocks, or a list."""
    return node.is_block and node.tag not in elements("parts") | elements("headings")
