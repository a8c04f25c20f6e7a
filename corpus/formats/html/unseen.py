"""Leaves out what a browser does not show, and what is no text: forms, ruby, struck words."""

from __future__ import annotations

from collections.abc import Set

from corpus.documents import CutReason
from corpus.formats.html.elements import elements
from corpus.formats.html.omissions import Omissions, is_silent
from corpus.formats.html.tree import Node, Page

_MAX_HIDDEN = 0.5  # share of the characters of the page that a hidden element may have
# Share and characters of what a browser shows only if it runs no scripts.
_MAX_UNSCRIPTED, _MIN_UNSCRIPTED = 0.3, 400
# Such an element is shown, but not read aloud. Behind a dialog it may hold the statement.
_MAX_UNSPOKEN = 0.2

_OPENING = ("aria-controls", "data-target", "data-bs-target")


def leave_out_unseen(page: Page) -> Omissions:
    """Return what is no visible text of the page.

    An element that holds most of the page is kept even if it is hidden: a script shows it, or
    the page was saved while a dialog lay over it.
    """
    omissions = Omissions(page)
    sizes, opened = _sizes(page), _opened(page)
    total = max(sizes[-1], 1)
    index, end = max(page.body, 0), len(page.nodes)
    while index < end:
        node = page.nodes[index]
        size = sizes[node.end] - sizes[index]
        if node.tag and is_silent(page, index):
            omissions.add(index, None)
        elif node.tag and (reason := _reason(node, size, size / total, opened)):
            omissions.add(index, reason)
        else:
            index += 1
            continue
        index = node.end
    return omissions


def _sizes(page: Page) -> list[int]:
    """Return for each node the number of characters before it, without those of scripts."""
    sizes, total, skipped_to = [0], 0, max(page.body, 0)
    for index, node in enumerate(page.nodes):
        if index >= skipped_to:
            if node.tag and is_silent(page, index):
                skipped_to = node.end
            total += len(node.text.strip())
        sizes.append(total)
    return sizes


def _opened(page: Page) -> set[str]:
    """Return the ids of the elements that a button or a link opens, such as parts of a text."""
    return {
        name.removeprefix("#")
        for node in page.nodes
        for attribute in _OPENING
        for name in node.attributes.get(attribute, "").split()[:20]
    }


def _reason(node: Node, size: int, share: float, opened: Set[str]) -> CutReason | None:
    if node.tag == "noscript" and (share <= _MAX_UNSCRIPTED or size < _MIN_UNSCRIPTED):
        return "script"
    if _is_hidden(node, opened) and share <= _MAX_HIDDEN:
        return "hidden"
    if node.attributes.get("aria-hidden") == "true" and share <= _MAX_UNSPOKEN:
        return "hidden"
    if node.tag in elements("readings"):
        return "ruby"
    if (node.tag in elements("struck") or node.style.struck) and share <= _MAX_HIDDEN:
        return "deleted"
    return "form" if _is_control(node) else None


def _is_hidden(node: Node, opened: Set[str]) -> bool:
    """Return whether an element is hidden for good: no button opens it, nor a search within it."""
    if node.tag == "dialog":
        return "open" not in node.attributes
    if not ("hidden" in node.attributes or node.style.hidden):
        return False
    is_opened = node.attributes.get("id") in opened or node.attributes.get("role") == "tabpanel"
    return not is_opened and node.attributes.get("hidden") != "until-found"


def _is_control(node: Node) -> bool:
    """Return whether an element is part of a form. A button in a heading opens what is below it."""
    if node.tag == "label":
        return "for" in node.attributes or "form" in node.within
    if node.tag == "button":
        return not node.within & elements("headings")
    return node.tag in elements("controls")
