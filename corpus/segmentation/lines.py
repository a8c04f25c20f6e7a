"""Reads the lines of a statement: their text, indent and right edge, and what separates them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.characters.widths import columns
from corpus.segmentation.front_matter import front_matter_end
from corpus.segmentation.page_furniture import RawLine, find_furniture
from corpus.segmentation.sentences import trim

_ANY_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
# Encoded files such as pictures, within a line.
_ENCODED_FILE = re.compile(
    r"!\[[^\]\r\n]{0,500}\]\(\s*data:[\w/+.-]+[;,][^\s)\"'<>]*\)?"
    r"|data:[\w/+.-]+[;,][^\s)\"'<>]{40,}\)?|[A-Za-z0-9+/=_-]{1000,}"
)
# Lines of an encoded file that is wrapped, as in e-mail. If the file is a picture in Markdown, its
# first line matches `_ENCODED_FILE`, and the next lines match this pattern.
_ENCODED = r"[A-Za-z0-9+/]"
_ENCODED_LINES = re.compile(
    rf"(?m)(?:^[ \t]*{_ENCODED}{{60,}}[ \t]*\r?\n){{2,}}"
    rf"(?:[ \t]*(?:{_ENCODED}{{60,}}|{_ENCODED}+\)|{_ENCODED}*={{1,2}}\)?)[ \t]*$)?"
)
# A horizontal rule, an end mark or a comment that is alone on its line.
_RULE = re.compile(r"(?=.{3})[-=_*#~+─━—―–・※☆★◇◆○●\\\s]+|<!--.*-->|\\?###?\s*")
_TAB_SIZE = 4  # columns


@dataclass(frozen=True, slots=True)
class Line:
    """A line with visible text that is not page furniture.

    Attributes:
        line_start: Offset of the line, before its indent.
        start: Offset of the first visible character.
        end: One past the last visible character.
        indent: Width of the white space before the text, in columns.
        edge_columns: Right edge of the text in columns, from the start of the line.
        edge_characters: Right edge of the text in characters, from the start of the line.
        after_blank: Whether a blank line or nothing is before it.
        after_page: Whether a page ends before it. In that case, `after_blank` is false, since
            blank lines around page furniture do not separate paragraphs.
    """

    line_start: int
    start: int
    end: int
    indent: int
    edge_columns: int
    edge_characters: int
    after_blank: bool
    after_page: bool

    def of(self, text: str) -> str:
        """Return the visible text of the line."""
        return text[self.start : self.end]


def read_lines(text: str) -> tuple[Line, ...]:
    """Return the lines of a text that hold words of the statement.

    Left out are blank lines, horizontal rules, comments, page furniture, encoded files such as
    pictures, and the front matter of a Markdown file.
    """
    raw_lines = list(_raw_lines(text))
    furniture = find_furniture(text, raw_lines)
    lines: list[Line] = []
    after_blank, after_page = True, False
    for number, raw in enumerate(raw_lines):
        after_page = after_page or raw.form_feed
        if raw.content is None:
            after_blank = True
        elif number in furniture:
            after_page = True
        else:
            lines.append(_visible_line(text, raw, after_blank and not after_page, after_page))
            after_blank = after_page = False
    return tuple(lines)


def _raw_lines(text: str) -> Iterator[RawLine]:
    begin = front_matter_end(text)
    encoded = deque(match.span() for match in _ENCODED_LINES.finditer(text, begin))
    for line in _ANY_LINE.finditer(text, begin):
        start = line.start()
        while encoded and encoded[0][1] <= start:
            encoded.popleft()
        if encoded and encoded[0][0] <= start:
            yield RawLine(start, None, False)
            continue
        for file in _ENCODED_FILE.finditer(text, line.start(), line.end()):
            yield _raw_line(text, start, file.start())
            # A file counts as a blank line, so that no sentence continues after it.
            yield RawLine(file.start(), None, False)
            start = file.end()
        yield _raw_line(text, start, line.end())


def _raw_line(text: str, start: int, end: int) -> RawLine:
    content = trim(text, start, end)
    if content and _RULE.fullmatch(text, content.start, content.end):
        return RawLine(start, None, False)
    before = text[start : content.start] if content else text[start:end]
    return RawLine(start, content, "\f" in before)


def _visible_line(text: str, raw: RawLine, after_blank: bool, after_page: bool) -> Line:
    assert raw.content
    start, end = raw.content.start, raw.content.end
    blanks = text[raw.start : start].replace("\f", "").replace("\v", "")
    indent = columns(blanks.expandtabs(_TAB_SIZE))
    edges = indent + columns(text[start:end]), len(blanks) + end - start
    return Line(raw.start, start, end, indent, *edges, after_blank, after_page)
