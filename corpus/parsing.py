"""From the lines of a statement to passages: headings, paragraphs, bullets and their items."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.records import Passage, PassageKind, Span, passage_id
from corpus.sentences import ends_sentence, split_sentences, trim
from corpus.splitting import split_long

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_SPACE = r"[ \t\f\v\u3000\u00a0]"
# A dash or star needs a space behind it; a Japanese bullet does not. "1.5" is no bullet.
_MARKER = re.compile(
    rf"(?P<indent>{_SPACE}*)"
    rf"(?P<marker>(?P<symbol>[-‐‑–—−－*＊+]{_SPACE}+|[・･·•●○◦◆◇■□▪‣⁃]{_SPACE}*)?"
    rf"(?P<number>[(（](?:[0-9０-９]{{1,3}}|[a-zA-Zａ-ｚＡ-Ｚア-ン]|[ivxIVX]{{1,5}})[)）]{_SPACE}*"
    rf"|[0-9０-９]{{1,3}}(?:[.)]{_SPACE}+|[．）](?![0-9０-９]){_SPACE}*)"
    rf"|[a-zａ-ｚ](?:[.)]{_SPACE}+|[．）]{_SPACE}*)"
    rf"|[①-⑳]{_SPACE}*)?)(?=\S)"
)
_PAGE_NUMBER = re.compile(r"[-–—－]?\s*[0-9０-９]{1,3}\s*[-–—－]?")
_HEADING_WIDTH = 160
# Numbered kinds from the outermost in; `１．` is never an item of `（１）`.
_RANKS = {"0.": 0, "(0)": 1}


_Layout = tuple[PassageKind, int, tuple[int, ...], int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that belong together, before they are passages."""

    start: int
    end: int
    marker: str = ""
    depth: int = 0
    heading: bool = False


def parse(text: str) -> tuple[Passage, ...]:
    """Cut a statement into passages.

    Args:
        text: The whole file, byte order mark and line ends as they are.

    Returns:
        Passages in reading order. For each of them and each sentence `text[start:end]` is the
        wording; every visible character but bullet markers lies in exactly one passage.
    """
    blocks = [_mark_heading(text, block) for block in _blocks(text)]
    return tuple(_passages(text, _join_opening(text, blocks)))


def _blocks(text: str) -> Iterator[_Block]:
    """Group lines into blocks; a block's end moves as its continuation lines are read."""
    open_block: _Block | None = None
    levels: list[tuple[int, str]] = []  # (indent, kind of marker) of the bullets we are inside
    blank_before = True
    previous = ""
    for line in _LINE.finditer(text):
        content = trim(text, line.start(), line.end())
        if content is None or _PAGE_NUMBER.fullmatch(content.of(text)):
            blank_before = blank_before or content is None
            continue
        match = _MARKER.match(text, line.start() + (text[line.start()] == "\ufeff"), line.end())
        indent = _width(match["indent"]) if match else 0
        body = trim(text, match.end(), content.end) if match and match["marker"] else None
        if match and body:
            if open_block:
                yield open_block
            kind = _marker_kind(match["marker"])
            levels = [*_enclosing(levels, indent, kind), (indent, kind)]
            marker = match["marker"].strip()
            open_block = _Block(body.start, body.end, marker, len(levels))
        elif (
            open_block
            and not (blank_before and text[line.start()] == "\u3000")
            and (_continues(open_block, levels, indent, blank_before, previous))
        ):
            open_block = replace(open_block, end=content.end)
        else:
            if open_block:
                yield open_block
            levels = []
            open_block = _Block(content.start, content.end)
        blank_before = False
        previous = content.of(text)
    if open_block:
        yield open_block


def _continues(
    block: _Block, levels: list[tuple[int, str]], indent: int, blank_before: bool, previous: str
) -> bool:
    """Whether a line without a marker goes on with the block before it."""
    if block.depth and indent > levels[-1][0]:
        return True
    if blank_before or (indent and not block.depth):
        return False
    return not previous.rstrip("」』）)").endswith(("。", "！", "？"))


def _enclosing(levels: list[tuple[int, str]], indent: int, kind: str) -> list[tuple[int, str]]:
    """The bullets that enclose a new one of this indent and kind."""
    rank = _RANKS.get(kind, len(_RANKS))
    outer = [level for level in levels if level[0] <= indent]
    while outer and outer[-1][0] == indent and _RANKS.get(outer[-1][1], -1) > rank:
        outer.pop()
    for depth, (level_indent, level_kind) in enumerate(outer):
        if level_kind == kind and level_indent == indent:
            return outer[:depth]
    return outer


def _marker_kind(marker: str) -> str:
    """Markers of one list look alike once their numbers are taken out."""
    plain = unicodedata.normalize("NFKC", marker).replace(" ", "")
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", plain))


def _width(indent: str) -> int:
    return sum(2 if char == "\u3000" else char not in "\f\v" for char in indent.expandtabs(4))


def _mark_heading(text: str, block: _Block) -> _Block:
    """A short unmarked block that closes no sentence and introduces nothing is a heading."""
    line = text[block.start : block.end]
    sentences = split_sentences(text, Span(block.start, block.end))
    open_ended = len(sentences) == 1 and not ends_sentence(line)
    introduces = line.endswith((":", "：", ",", "、"))
    short = len(line) <= _HEADING_WIDTH
    return replace(block, heading=not block.marker and short and open_ended and not introduces)


def _join_opening(text: str, blocks: list[_Block]) -> list[_Block]:
    """The heading lines at the top are one block; below it, a heading is a single line."""
    count = next((i for i, block in enumerate(blocks) if not block.heading), len(blocks))
    if count == len(blocks):
        count = 0
    below = [
        replace(block, heading=block.heading and "\n" not in text[block.start : block.end])
        for block in blocks[count:]
    ]
    return [replace(blocks[0], end=blocks[count - 1].end), *below] if count else below


def _passages(text: str, blocks: list[_Block]) -> list[Passage]:
    """Number the blocks, cut them into sentences, and link them by id."""
    layout = list(_layout(blocks))
    parts: list[list[Passage]] = []
    for block, (kind, section, number, _, _) in zip(blocks, layout, strict=True):
        span = Span(block.start, block.end)
        sentences = split_sentences(text, span, line_breaks=kind == "heading")
        id_ = passage_id(span.of(text))
        whole = Passage(id_, kind, span, sentences, block.marker, section, number)
        parts.append(list(split_long(text, whole)))
    unique = _unique_ids([passage.id for part in parts for passage in part])
    parts = [[replace(passage, id=next(unique)) for passage in part] for part in parts]

    def last(block: int | None) -> str | None:
        return None if block is None else parts[block][-1].id

    return [
        replace(passage, parent=last(parent), lead_in=last(lead_in))
        for part, (_, _, _, parent, lead_in) in zip(parts, layout, strict=True)
        for passage in part
    ]


def _layout(blocks: list[_Block]) -> Iterator[_Layout]:
    """Kind, section, number, parent and lead-in of each block; the last two as block numbers."""
    section = paragraphs = 0
    heading: int | None = None
    lead_in: int | None = None
    counts: list[int] = []  # how many bullets at each depth
    path: list[int] = []  # the bullets that enclose the next one
    for index, block in enumerate(blocks):
        if block.depth:
            if not counts:
                section, paragraphs = section + 1, 0
            counts = [*counts, *[0] * (block.depth - len(counts))][: block.depth]
            counts[-1] += 1
            path = path[: block.depth - 1]
            kind: PassageKind = "item" if path else "bullet"
            yield kind, section, tuple(counts), path[-1] if path else None, lead_in
            path.append(index)
            continue
        counts, path = [], []
        paragraphs += not block.heading
        if block.heading:
            yield "heading", section, (), None, heading
            heading = index
        else:
            yield "paragraph", section, (paragraphs,), None, heading
        lead_in = index


def _unique_ids(ids: Iterable[str]) -> Iterator[str]:
    """Word-for-word twins are told apart by a count in reading order."""
    seen: Counter[str] = Counter()
    for id_ in ids:
        seen[id_] += 1
        yield id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}"
