"""From the lines of a statement to passages: headings, paragraphs, bullets and their items."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.records import Passage, PassageKind, Span, passage_id
from corpus.sentences import ends_sentence, split_sentences, trim
from corpus.splitting import split_long

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_SPACE = r"[ \t\u3000\u00a0]"
# A dash or star needs a space behind it; a Japanese bullet does not. "1.5" is no bullet.
_MARKER = re.compile(
    rf"(?P<indent>{_SPACE}*)"
    rf"(?P<marker>(?P<symbol>[-‐‑–—−－*＊+]{_SPACE}+|[・･•●○◦◆◇■□▪‣⁃]{_SPACE}*)?"
    rf"(?P<number>[(（](?:[0-9０-９]{{1,3}}|[a-zA-Zａ-ｚＡ-Ｚア-ン]|[ivxIVX]{{1,5}})[)）]{_SPACE}*"
    rf"|[0-9０-９]{{1,3}}(?:[.)]{_SPACE}+|[．）]{_SPACE}*)"
    rf"|[a-zａ-ｚ](?:[.)]{_SPACE}+|[．）]{_SPACE}*)"
    rf"|[①-⑳]{_SPACE}*)?)(?=\S)"
)
_HEADING_WIDTH = 160


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
    blocks = _join_opening([_mark_heading(text, b) for b in _blocks(text)])
    return _with_unique_ids(list(_passages(text, blocks)))


def _blocks(text: str) -> Iterator[_Block]:
    """Group lines into blocks; a block's end moves as its continuation lines are read."""
    open_block: _Block | None = None
    levels: list[tuple[int, str]] = []  # (indent, kind of marker) of the bullets we are inside
    blank_before = True
    previous = ""
    for line in _LINE.finditer(text):
        content = trim(text, line.start(), line.end())
        if content is None:
            blank_before = True
            continue
        match = _MARKER.match(text, line.start() + (text[line.start()] == "\ufeff"), line.end())
        indent = _width(match["indent"]) if match else 0
        if match and match["marker"]:
            if open_block:
                yield open_block
            kind = _marker_kind(match["marker"])
            levels = [*_enclosing(levels, indent, kind), (indent, kind)]
            marker = match["marker"].strip()
            open_block = _Block(match.end(), content.end, marker, len(levels))
        elif open_block and _continues(open_block, levels, indent, blank_before, previous):
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
    outer = [level for level in levels if level[0] <= indent]
    for depth, (level_indent, level_kind) in enumerate(outer):
        if level_kind == kind and level_indent == indent:
            return outer[:depth]
    return outer


def _marker_kind(marker: str) -> str:
    """Markers of one list look alike once their numbers are taken out."""
    plain = unicodedata.normalize("NFKC", marker).replace(" ", "")
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", plain))


def _width(indent: str) -> int:
    return sum(2 if char == "\u3000" else 1 for char in indent.expandtabs(4))


def _mark_heading(text: str, block: _Block) -> _Block:
    """A short unmarked line that closes no sentence and introduces nothing is a heading."""
    line = text[block.start : block.end]
    short = len(line) <= _HEADING_WIDTH and not ends_sentence(line)
    introduces = line.endswith((":", "：", ",", "、"))
    return replace(block, heading=not block.marker and short and not introduces)


def _join_opening(blocks: list[_Block]) -> list[_Block]:
    """The heading lines at the top (status, title, date) are one passage."""
    count = next((i for i, block in enumerate(blocks) if not block.heading), len(blocks))
    if count < 2 or count == len(blocks):
        return blocks
    return [replace(blocks[0], end=blocks[count - 1].end), *blocks[count:]]


def _passages(text: str, blocks: list[_Block]) -> Iterator[Passage]:
    section = 0
    heading: str | None = None
    lead_in: str | None = None
    counts: list[int] = []  # how many bullets at each depth
    path: list[str] = []  # the bullets that enclose the next one
    paragraphs = 0
    for block in blocks:
        if block.depth and not counts:
            section += 1
            paragraphs = 0
        if block.depth:
            counts = [*counts, *[0] * (block.depth - len(counts))][: block.depth]
            counts[-1] += 1
            path = path[: block.depth - 1]
            kind: PassageKind = "item" if path else "bullet"
            number = tuple(counts)
        else:
            counts, path = [], []
            kind = "heading" if block.heading else "paragraph"
            paragraphs += not block.heading
            number = () if block.heading else (paragraphs,)
        passage = _passage(text, block, kind, section, number)
        parent = path[-1] if path else None
        passage = replace(passage, parent=parent, lead_in=lead_in if block.depth else heading)
        yield from split_long(text, passage)
        if block.depth:
            path.append(passage.id)
        else:
            lead_in = passage.id
            heading = passage.id if block.heading else heading


def _passage(
    text: str, block: _Block, kind: PassageKind, section: int, number: tuple[int, ...]
) -> Passage:
    span = Span(block.start, block.end)
    sentences = split_sentences(text, span, line_breaks=kind == "heading")
    return Passage(passage_id(span.of(text)), kind, span, sentences, block.marker, section, number)


def _with_unique_ids(passages: list[Passage]) -> tuple[Passage, ...]:
    """Word-for-word twins are told apart by a count in reading order."""
    seen: Counter[str] = Counter()
    unique = []
    for passage in passages:
        seen[passage.id] += 1
        count = seen[passage.id]
        unique.append(passage if count == 1 else replace(passage, id=f"{passage.id}-{count}"))
    return tuple(unique)
