"""From the lines of a statement to passages: headings, paragraphs, bullets and their items."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.records import Passage, PassageKind, Span, passage_id
from corpus.segmentation.blocks import HEADING_WIDTH, Block, read_blocks
from corpus.segmentation.lines import read_lines
from corpus.segmentation.sentences import ends_sentence, split_sentences
from corpus.segmentation.splitting import split_long

_OPEN_ENDED = re.compile(r"[:：,、][*_]*\Z")

_Layout = tuple[PassageKind, int, tuple[int, ...], int | None, int | None]


def parse(text: str) -> tuple[Passage, ...]:
    """Cut a statement into passages.

    Args:
        text: The whole file, byte order mark and line ends as they are.

    Returns:
        Passages in reading order. For each of them and each sentence `text[start:end]` is the
        wording; every visible character lies in exactly one passage, but for bullet markers and
        what is no word of the statement (see `read_lines`).
    """
    blocks = list(_with_headings(text, list(read_blocks(text, read_lines(text)))))
    return tuple(_passages(text, blocks))


def _heading(text: str, block: Block) -> bool:
    """Whether a block is a heading: short, unmarked, closes no sentence and introduces nothing."""
    span = block.span
    words = span.of(text)
    length = sum(line.end - line.start + 1 for line in block.lines) - 1
    if block.marker or length > HEADING_WIDTH or ends_sentence(words):
        return False
    return not _OPEN_ENDED.search(words) and len(split_sentences(text, span)) == 1


def _with_headings(text: str, blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Every block and whether it is a heading; the headings at the top become one block.

    Below the top, what has two lines that its author ended is a paragraph.
    """
    headings = [_heading(text, block) for block in blocks]
    count = next((number for number, found in enumerate(headings) if not found), 0)
    if count:
        yield _joined(blocks[:count]), True
    for block, heading in zip(blocks[count:], headings[count:], strict=True):
        yield block, heading and not block.ended


def _joined(blocks: Sequence[Block]) -> Block:
    """Headings as one block, each of their lines a sentence unless it was wrapped."""
    lines = tuple(line for block in blocks for line in block.lines)
    ended = tuple(end for block in blocks for end in (*block.ended, block.span.end))
    return replace(blocks[0], lines=lines, breaks=ended, ended=ended)


def _passages(text: str, blocks: Sequence[tuple[Block, bool]]) -> list[Passage]:
    """Number the blocks, cut them into sentences, and link them by id."""
    layout = list(_layout(blocks))
    parts: list[list[Passage]] = []
    for (block, _), (kind, section, number, _, _) in zip(blocks, layout, strict=True):
        span, marker = block.span, block.marker.printed if block.marker else ""
        sentences = _sentences(text, block)
        whole = Passage(passage_id(span.of(text)), kind, span, sentences, marker, section, number)
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


def _sentences(text: str, block: Block) -> tuple[Span, ...]:
    """The sentences of a block; none begins with the page furniture that stands between lines."""
    starts = [line.start for line in block.lines]
    found = []
    for sentence in split_sentences(text, block.span, frozenset(block.breaks)):
        line = bisect_right(starts, sentence.start) - 1
        if sentence.start < block.lines[line].end:
            found.append(sentence)
        elif starts[line + 1] < sentence.end:
            found.append(Span(starts[line + 1], sentence.end))
    return tuple(found)


def _layout(blocks: Sequence[tuple[Block, bool]]) -> Iterator[_Layout]:
    """Kind, section, number, parent and lead-in of each block; the last two as block numbers."""
    section = paragraphs = 0
    heading: int | None = None
    lead_in: int | None = None
    counts: list[int] = []  # how many bullets at each depth
    path: list[int] = []  # the bullets that enclose the next one
    for index, (block, is_heading) in enumerate(blocks):
        if block.marker and block.marker.note:
            yield "note", section, (), None, None
            continue
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
        paragraphs += not is_heading
        if is_heading:
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
