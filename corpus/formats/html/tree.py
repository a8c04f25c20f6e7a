"""Parses a web page as a browser does, into a list of its elements in the order of the page.

This is the only module that knows selectolax. Nothing here runs a script or opens a connection.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.formats.html.elements import elements
from corpus.formats.html.limits import MAX_DEPTH, MAX_NODES, too_deep, too_many_nodes
from corpus.formats.html.styles import PLAIN, Style, read_style

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_NO_ATTRIBUTES: Mapping[str, str] = {}


@dataclass(slots=True)
class Node:
    """An element, or a stretch of text.

    Attributes:
        tag: Name of the element; empty for text.
        parent: Index of the element that it stands in; -1 for the first one.
        end: One past the index of the last node within it.
        text: The characters of a text; empty for an element.
        attributes: Attributes of an element.
        style: What its `style` attribute says.
        position: Its number among its siblings with the same name, from 1.
        preformatted: Whether the ends of lines in the file are shown. This and the next ones hold
            for all that is within an element.
        linked: Index of the link that it stands in; 0 for none.
        raised: Index of the element that raises it as a superscript; 0 for none.
        within: Names of the elements around it, of those in `scopes`.
        is_block: Whether the element stands on lines of its own. It does not hold within it.
    """

    tag: str
    parent: int
    end: int = 0
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    style: Style = PLAIN
    position: int = 0
    preformatted: bool = False
    linked: int = 0
    raised: int = 0
    within: frozenset[str] = frozenset()
    is_block: bool = False


@dataclass(frozen=True)
class Page:
    """A web page.

    Attributes:
        nodes: Its nodes in the order of the page. Those within an element follow it directly, so a
            slice of the list holds them.
        body: Index of the element that holds what is shown; -1 in a page of frames.
    """

    nodes: Sequence[Node]
    body: int
    _totals: Mapping[tuple[int, str], int]
    _paths: dict[int, str] = field(default_factory=dict)

    def children(self, index: int) -> Iterator[int]:
        """Yield the nodes directly in an element."""
        child, end = index + 1, self.nodes[index].end
        while child < end:
            yield child
            child = self.nodes[child].end

    def ancestors(self, index: int) -> Iterator[int]:
        """Yield a node and the elements around it, from the inside."""
        while index >= 0:
            yield index
            index = self.nodes[index].parent

    def path(self, index: int) -> str:
        """Return the path of an element, such as `body/main/p[3]`."""
        missing = []
        while index > 0 and index not in self._paths:
            missing.append(index)
            index = self.nodes[index].parent
        path = self._paths.get(index, "")
        for element in reversed(missing):
            node = self.nodes[element]
            several = self._totals[node.parent, node.tag] > 1
            step = f"{node.tag}[{node.position}]" if several else node.tag
            path = self._paths[element] = f"{path}/{step}" if path else step
        return path

    def text(self, start: int, end: int, limit: int = sys.maxsize) -> str:
        """Return the characters of some nodes as they are in the file, without those of scripts.

        Args:
            start: Index of the first node.
            end: One past the index of the last node.
            limit: Number of characters that are enough, without white space around texts.
        """
        parts, length, index = [], 0, start
        while index < end and length < limit:
            node = self.nodes[index]
            if node.tag in elements("silent"):
                index = node.end
                continue
            if node.text:
                parts.append(node.text)
                length += len(node.text.strip())
            elif parts and (node.tag == "br" or node.is_block):
                parts.append("\n")
            index += 1
        return "".join(parts)

    def element_text(self, path: str) -> str:
        """Return the characters within the element at a path.

        Raises:
            KeyError: There is no such element.
        """
        for index, node in enumerate(self.nodes):
            if node.tag and self.path(index) == path:
                return self.text(index, node.end)
        raise KeyError(path)


def parse_page(markup: str) -> Page:
    """Parse a page that `limits.refuse_excess` let pass.

    Raises:
        UnreadableError: The page has too many elements, or too many inside each other.
    """
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(markup).root
    nodes: list[Node] = []
    totals: Counter[tuple[int, str]] = Counter()
    open_nodes: list[int] = []
    node = root
    while node is not None:
        kept = _node(node, nodes, open_nodes[-1] if open_nodes else -1)
        inner = None
        if kept:
            _number(kept, totals)
            if len(nodes) > MAX_NODES:
                raise too_many_nodes()
            inner = node.child if kept.tag else None
        if inner is not None:
            open_nodes.append(len(nodes) - 1)
            if len(open_nodes) > MAX_DEPTH:
                raise too_deep()
            node = inner
            continue
        node = _following(node, nodes, open_nodes)
    body = next((i for i, node in enumerate(nodes) if node.tag == "body" and node.parent == 0), -1)
    return Page(nodes, body, totals)


def _following(
    node: LexborNode | None, nodes: list[Node], open_nodes: list[int]
) -> LexborNode | None:
    """Return the node after one without further children. The elements that end are left."""
    while node is not None and open_nodes:
        if (sibling := node.next) is not None:
            return sibling
        node = node.parent
        nodes[open_nodes.pop()].end = len(nodes)
    return None


def _node(source: LexborNode, nodes: list[Node], parent: int) -> Node | None:
    """Add a node to the list; None for a comment."""
    around = nodes[parent] if parent >= 0 else Node("", -1)
    inherited = (around.preformatted, around.linked, around.raised, around.within)
    if source.is_text_node:
        text = source.text_content or ""
        node = Node("", parent, len(nodes) + 1, text, _NO_ATTRIBUTES, PLAIN, 0, *inherited)
    elif source.is_element_node:
        attributes = {name: value or "" for name, value in source.attributes.items()}
        style = read_style(attributes["style"]) if "style" in attributes else PLAIN
        tag = sys.intern(source.tag or "")
        index = len(nodes)
        node = Node(tag, parent, index + 1, "", attributes, style, 0, *inherited)
        node.is_block = style.block or tag in elements("blocks")
        node.preformatted |= style.preformatted or tag in elements("preformatted")
        if tag in elements("scopes"):
            node.within |= {tag}
        if tag == "a" and ("href" in attributes or not {"id", "name"} & attributes.keys()):
            node.linked = index
        if not node.raised and (tag == "sup" or style.superscript):
            node.raised = index
    else:
        return None
    nodes.append(node)
    return node


def _number(node: Node, totals: Counter[tuple[int, str]]) -> None:
    if node.tag:
        totals[node.parent, node.tag] += 1
        node.position = totals[node.parent, node.tag]
