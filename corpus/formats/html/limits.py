"""Refuses a page that would keep the HTML parser busy for minutes, before it is parsed.

A page of a few kilobytes can make every parser that follows the standard build millions of
elements, or compare each element with thousands of others. The tags are counted here in one pass.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from corpus.formats.html.elements import elements
from corpus.formats.reading import UnreadableError

MAX_NODES = 300_000  # elements and stretches of text of a page
MAX_DEPTH = 1_000  # elements inside each other; browsers show 512
_MAX_STEPS = 100_000_000  # comparisons of the parser, about half a second
_MAX_ATTRIBUTES = 2_000  # of one tag
_TAG = re.compile(r"<(?:!--|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<rest>[^>]*))")
# Between these tags, `<` is a character.
_RAW = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
# A parser ends these by itself, or they have no end.
_UNNESTED = frozenset(
    "a area base br col colgroup dd dt embed hr img input li link meta option p param source "
    "tbody td tfoot th thead tr track wbr".split()
)
# Where one of these is not ended, a parser repeats it in each block below.
_REPEATED = frozenset("b big code em font i nobr s small strike strong tt u".split())
_SAME = 3  # equal tags that are repeated


@dataclass
class _Count:
    """What a parser would have to do for the tags up to here."""

    nodes: int = 0
    steps: int = 0
    depth: int = 0
    open: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    repeated: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    repeats: int = 0
    drawing: bool = False

    def begin(self, name: str, rest: str) -> None:
        self.nodes += 2
        self.steps += self.depth + self.repeats
        if name in _REPEATED:
            tags = self.repeated[name]
            if tags[-_SAME:].count(rest) < _SAME:
                tags.append(rest)
                self.repeats += 1
            return
        self.nodes += self.repeats
        if name in ("svg", "math"):
            self.drawing = True
        elif name in elements("blocks"):
            self.drawing = False
        # Only in a drawing does `<path/>` end itself.
        if name not in _UNNESTED and not (self.drawing and rest.endswith("/")):
            self.open[name] += 1
            self.depth += 1

    def end(self, name: str) -> None:
        if self.repeated[name]:
            self.repeated[name].pop()
            self.repeats -= 1
        elif self.open[name]:
            self.open[name] -= 1
            self.depth -= 1


def refuse_excess(markup: str) -> None:
    """Refuse a page that takes too long to parse.

    Raises:
        UnreadableError: It has too many tags, too many of them inside each other, or a tag with
            thousands of attributes.
    """
    count, position = _Count(), 0
    while tag := _TAG.search(markup, position):
        position = tag.end()
        if not tag["name"]:
            position = _after(markup, "-->", position)
            continue
        name = tag["name"].lower()
        if tag["end"]:
            count.end(name)
            continue
        if len(tag["rest"]) > _MAX_ATTRIBUTES * 2 and _attributes(tag["rest"]) > _MAX_ATTRIBUTES:
            raise UnreadableError(_excess(f"a tag with more than {_MAX_ATTRIBUTES:,} attributes"))
        count.begin(name, tag["rest"])
        if count.nodes > MAX_NODES:
            raise too_many_nodes()
        if count.steps > _MAX_STEPS:
            raise too_deep()
        if name in _RAW:
            end = _RAW[name].search(markup, position)
            position = end.start() if end else len(markup)


def _after(markup: str, mark: str, start: int) -> int:
    found = markup.find(mark, start)
    return len(markup) if found < 0 else found + len(mark)


def too_many_nodes() -> UnreadableError:
    """Return the error for a page with too many elements."""
    return UnreadableError(_excess(f"more than {MAX_NODES // 2:,} elements"))


def too_deep() -> UnreadableError:
    """Return the error for a page with too many elements inside each other."""
    return UnreadableError(_excess(f"more than {MAX_DEPTH:,} elements inside each other"))


def _attributes(tag: str) -> int:
    return len(re.sub(r"\"[^\"]*\"|'[^']*'", "", tag).split())


def _excess(what: str) -> str:
    return f"has {what}; copy the statement into a page or a text file of its own and add that"
