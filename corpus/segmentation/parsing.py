"""Cuts the text of a statement into passages: headings, paragraphs, bullets, items and notes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from corpus.records import Passage, PassageKind, Span, passage_id
from corpus.segmentation.blocks import MAX_HEADING, Block
from corpus.segmentation.grouping import read_blocks
from corpus.segmentation.lines import read_lines
from corpus.segmentation.sentences import ends_sentence, split_sentences
from corpus.segmentation.splitting import split_long

_OPEN_END = re.compile(r"[:：,、][*_]*\Z")


class _Position(NamedTuple):
    """The position of a block in the structure of a statement; see `Passage`.

    Attributes:
        kind: Kind of its passages.
        section: Number of its section.
        number: Its number within the section.
        parent: Index of the block of its parent bullet.
        lead_in: Index of the block that introduces it.
    """

    kind: PassageKind
    section: int
    number: tuple[int, ...] = ()
    parent: int | None = None
    lead_in: int | None = None


def parse(text: str) -> tuple[Passage, ...]:
    """Cut a statement into passages.

    Args:
        text: The whole file, with byte order mark and line ends as they are.

    Returns:
        Passages in reading order. Every visible character is in exactly one passage, except for
        markers and for lines that are not part of the statement (see `read_lines`).
    """
    blocks = list(_with_headings(text, list(read_blocks(text, read_lines(text)))))
    return tuple(_passages(text, blocks))


def _is_heading(text: str, block: Block) -> bool:
    """Return whether a block may be a heading.

    A heading is short and has no marker. It does not end a sentence and introduces nothing. A line
    with tabs is a row of a table.
    """
    span = block.span
    words = span.of(text)
    length = sum(line.end - line.start + 1 for line in block.lines) - 1
    if block.marker or length > MAX_HEADING or ends_sentence(words) or "\t" in words:
        return False
    return not _OPEN_END.search(words) and len(split_sentences(text, span)) == 1


def _with_headings(text: str, blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Yield each block, and whether it is a heading.

    The headings at the top of the statement become one block. Further below, a block with a line
    that its author ended is a paragraph.
    """
    headings = [_is_heading(text, block) for block in blocks]
    count = headings.index(False) if False in headings else 0
    if count:
        yield _join_headings(blocks[:count]), True
    for block, heading in zip(blocks[count:], headings[count:], strict=True):
        yield block, heading and not block.author_ends


def _join_headings(blocks: Sequence[Block]) -> Block:
    """Return one block of several headings. Each line is a sentence unless it was wrapped."""
    lines = [line for block in blocks for line in block.lines]
    ends = [end for block in blocks for end in (*block.author_ends, block.span.end)]
    return replace(blocks[0], lines=lines, breaks=ends, author_ends=ends)


def _passages(text: str, blocks: Sequence[tuple[Block, bool]]) -> list[Passage]:
    """Number the blocks, cut them into sentences, and link them by id."""
    positions = list(_positions(blocks))
    parts: list[list[Passage]] = []
    for (block, _), position in zip(blocks, positions, strict=True):
        passage = Passage(
            passage_id(block.span.of(text)),
            position.kind,
            block.span,
            _sentences(text, block),
            block.marker.printed if block.marker else "",
            position.section,
            position.number,
        )
        parts.append(list(split_long(text, passage)))
    unique = _unique_ids([passage.id for part in parts for passage in part])
    parts = [[replace(passage, id=next(unique)) for passage in part] for part in parts]

    def last_id(block: int | None) -> str | None:
        return None if block is None else parts[block][-1].id

    return [
        replace(passage, parent=last_id(position.parent), lead_in=last_id(position.lead_in))
        for part, position in zip(parts, positions, strict=True)
        for passage in part
    ]


def _sentences(text: str, block: Block) -> tuple[Span, ...]:
    """Return the sentences of a block. None begins with page furniture between two lines."""
    starts = [line.start for line in block.lines]
    sentences = []
    for sentence in split_sentences(text, block.span, frozenset(block.breaks)):
        line = bisect_right(starts, sentence.start) - 1
        if sentence.start < block.lines[line].end:
            sentences.append(sentence)
        elif starts[line + 1] < sentence.end:
            sentences.append(Span(starts[line + 1], sentence.end))
    return tuple(sentences)


def _positions(blocks: Sequence[tuple[Block, bool]]) -> Iterator[_Position]:
    """Yield the position of each block."""
    section = paragraphs = 0
    heading: int | None = None
    lead_in: int | None = None
    counts: list[int] = []  # the number of bullets at each depth
    path: list[int] = []  # the bullets that the next bullet may be below
    for index, (block, is_heading) in enumerate(blocks):
        if block.marker and block.marker.note:
            yield _Position("note", section)
            continue
        if block.depth:
            if not counts:
                section, paragraphs = section + 1, 0
            counts = [*counts, *[0] * (block.depth - len(counts))][: block.depth]
            counts[-1] += 1
            path = path[: block.depth - 1]
            kind: PassageKind = "item" if path else "bullet"
            parent = path[-1] if path else None
            yield _Position(kind, section, tuple(counts), parent, lead_in)
            path.append(index)
            continue
        counts, path = [], []
        if is_heading:
            yield _Position("heading", section, lead_in=heading)
            heading = index
        else:
            paragraphs += 1
            yield _Position("paragraph", section, (paragraphs,), lead_in=heading)
        lead_in = index


def _unique_ids(ids: Iterable[str]) -> Iterator[str]:
    """Number the ids of passages with the same words, in reading order."""
    seen: Counter[str] = Counter()
    for id_ in ids:
        seen[id_] += 1
        yield id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}"
