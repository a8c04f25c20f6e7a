"""The lines of a statement as a reader sees them: indent, right edge, what stands between them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.characters.widths import columns
from corpus.segmentation.page_furniture import RawLine, find_furniture
from corpus.segmentation.sentences import trim

_RAW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_HEAD = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?:[ \t]*\r?\n|[\w-]+:.*\r?\n|[ \t]+.*\r?\n|-[ \t].*\r?\n)*?"
    r"---[ \t]*(?:\r?\n|\Z)"
)
# Encoded files such as pictures. Nobody reads them, and the model must not either.
_BLOB = re.compile(
    r"!\[[^\]\r\n]{0,500}\]\(\s*data:[\w/+.-]+[;,][^\s)\"'<>]*\)?"
    r"|data:[\w/+.-]+[;,][^\s)\"'<>]{40,}\)?|[A-Za-z0-9+/=_-]{1000,}"
)
# An encoded file that is broken into lines, as in mail. Of a picture in Markdown the first line is
# found by `_BLOB`, and the lines after it are found here.
_PIECE = r"[A-Za-z0-9+/]"
_PIECES = re.compile(
    rf"(?m)(?:^[ \t]*{_PIECE}{{60,}}[ \t]*\r?\n){{2,}}"
    rf"(?:[ \t]*(?:{_PIECE}{{60,}}|{_PIECE}+\)|{_PIECE}*={{1,2}}\)?)[ \t]*$)?"
)
# A rule between parts, an end mark, or a comment, alone on a line.
_RULE = re.compile(r"(?=.{3})[-=_*#~+─━—―–・※☆★◇◆○●\\\s]+|<!--.*-->|\\?###?\s*")
_TAB = 4  # columns


@dataclass(frozen=True, slots=True)
class Line:
    """A line with visible text that is not page furniture.

    Attributes:
        raw: First code point of the line, indent included.
        start: First visible code point.
        end: One past the last visible code point.
        indent: Columns of blanks before the text; a full-width blank has two.
        columns: Right edge in columns; a wide character has two.
        points: Right edge in code points.
        gap: Whether a blank line stands before it.
        broken: Whether a page ends before it. Blank lines around page furniture are no gaps.
    """

    raw: int
    start: int
    end: int
    indent: int
    columns: int
    points: int
    gap: bool
    broken: bool

    def of(self, text: str) -> str:
        """The visible text of the line."""
        return text[self.start : self.end]


def read_lines(text: str) -> tuple[Line, ...]:
    """The lines of `text` that hold words of the statement.

    Left out are blank lines, rules between parts, comments, page furniture, encoded files such as
    pictures, and the head of a Markdown file, which says where the text comes from.
    """
    raws = list(_raw_lines(text))
    furniture = find_furniture(text, raws)
    lines: list[Line] = []
    gap, broken = True, False
    for number, raw in enumerate(raws):
        broken = broken or raw.form_feed
        if raw.content is None:
            gap = True
        elif number in furniture:
            broken = True
        else:
            lines.append(_line(text, raw, gap and not broken, broken))
            gap = broken = False
    return tuple(lines)


def _raw_lines(text: str) -> Iterator[RawLine]:
    head = _HEAD.match(text)
    begin = head.end() if head else 0
    pieces = deque(found.span() for found in _PIECES.finditer(text, begin))
    for found in _RAW.finditer(text, begin):
        start = found.start()
        while pieces and pieces[0][1] <= start:
            pieces.popleft()
        if pieces and pieces[0][0] <= start:
            yield RawLine(start, None, False)
            continue
        for blob in _BLOB.finditer(text, found.start(), found.end()):
            yield _raw(text, start, blob.start())
            yield RawLine(blob.start(), None, False)  # what it separates is not one sentence
            start = blob.end()
        yield _raw(text, start, found.end())


def _raw(text: str, start: int, end: int) -> RawLine:
    content = trim(text, start, end)
    if content and _RULE.fullmatch(text, content.start, content.end):
        return RawLine(start, None, False)
    before = text[start : content.start] if content else text[start:end]
    return RawLine(start, content, "\f" in before)


def _line(text: str, raw: RawLine, gap: bool, broken: bool) -> Line:
    assert raw.content
    start, end = raw.content.start, raw.content.end
    blanks = text[raw.start : start].replace("\f", "").replace("\v", "")
    indent = columns(blanks.expandtabs(_TAB))
    edge = indent + columns(text[start:end])
    return Line(raw.start, start, end, indent, edge, len(blanks) + end - start, gap, broken)
