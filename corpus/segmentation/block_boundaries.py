"""Decides whether a line opens a new block or continues the block before it.

Consecutive lines are one paragraph, even if a wrapped line begins with what looks like a marker.
When in doubt, two lines stay together, since a sentence that is cut short can say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.records import Span
from corpus.segmentation.blocks import MAX_HEADING, Block
from corpus.segmentation.brackets import in_brackets
from corpus.segmentation.page_layout import PageLayout, ends_with_colon, ends_with_semicolon
from corpus.segmentation.sentences import (
    ends_sentence,
    is_title,
    sentence_ends_at,
    split_sentences,
)
from corpus.segmentation.wrapping import cannot_start_line

# Ends of lines after which a sentence continues.
_UNFINISHED = re.compile(r"[,、，(（「『“・\-‐–—ぁ-ん]\Z")
_JAPANESE_STOPS = ("。", "！", "？")
_EMPHASIS_OPENS = re.compile(r"[*_]|<u>|<b>|<strong>")
_EMPHASIS_CLOSES = re.compile(r"(?:[*_]|</u>|</b>|</strong>)\Z")
_STRONG = "**"
_STRONG_REACH = 2000  # code points before a line in which the beginning of an emphasis counts
_MAX_PLAIN_HEADING = 60  # code points; for lines that only their length shows to be headings


class BlockBoundaries:
    """Finds the boundaries between the blocks of a page."""

    def __init__(self, layout: PageLayout) -> None:
        self._layout = layout
        self._text, self._lines = layout.text, layout.lines

    def opens(self, number: int, block: Block | None, bullets: Sequence[Block]) -> bool:
        """Return whether the marker of a line opens a block, and is no word of a sentence.

        It opens one after a blank line, a finished sentence or a colon, and beside another marker
        of its list.

        Args:
            number: Number of a line with a marker.
            block: The block before the line.
            bullets: The bullets that the block is in, itself included, outermost first.
        """
        layout, line, marker = self._layout, self._lines[number], self._layout.markers[number]
        assert marker
        before = layout.line_before(number)
        introduced = ends_with_colon(before)
        continues_list = any(
            abs(bullet.indent - line.indent) <= 1
            and bullet.marker
            and marker.follows(bullet.marker)
            for bullet in bullets
        )
        if marker.ambiguous and not (
            continues_list or introduced or layout.list_continues(number, within_run=False)
        ):
            return False
        if block is None or line.after_blank or introduced:
            return True
        if not (line.after_page or ends_sentence(before)) and self._is_enclosed(number, block):
            return False
        in_list = continues_list or layout.list_continues(number, within_run=True)
        same_kind = any(b.marker and b.marker.kind == marker.kind for b in bullets)
        may_be_wrapped = layout.may_be_wrapped(number)
        if self._is_after_sentence(number, block):
            return in_list or same_kind or line.after_page or not may_be_wrapped
        if continues_list and (layout.is_in_hanging_run(number) or line.after_page):
            return True
        if line.after_page and self._is_after_heading(number, block):
            return True
        if in_list:
            capital = continues_list and self._text[marker.start].isupper()
            return not may_be_wrapped or capital or ends_with_semicolon(before)
        return same_kind and not marker.values and not layout.is_full(number)

    def continues(self, number: int, block: Block) -> bool:
        """Return whether a line belongs to the block before it.

        Args:
            number: Number of a line that opens no bullet.
            block: The block before the line.
        """
        line, before = self._lines[number], self._layout.line_before(number)
        indented = block.marker is not None and line.indent > block.indent
        if line.after_blank:
            return indented and self._text[line.line_start] != "\u3000"
        if indented:
            return True
        if self._is_after_sentence(number, block):
            if before.endswith(_JAPANESE_STOPS):
                return False
            return self._layout.has_wrapped_lines and self._layout.is_full(number)
        if _UNFINISHED.search(before) or self._text[line.start].islower():
            return True
        if self.is_inseparable(number, block):
            return True
        if line.after_page:
            new_item = ends_with_semicolon(before) and _EMPHASIS_OPENS.match(self._text, line.start)
            return not new_item and not self._is_after_heading(number, block)
        # One more column of indent counts only after a colon. Elsewhere it may be the space
        # between two words.
        step = line.indent - self._lines[number - 1].indent - (not ends_with_colon(before))
        if not block.marker and step > 0:
            return self._layout.is_full(number)
        return not self._is_after_title(number, block)

    def is_inseparable(self, number: int, block: Block) -> bool:
        """Return whether no author would end a line before this line.

        This is so within brackets or emphasis, and before a comma.
        """
        line = self._lines[number]
        if cannot_start_line(self._text[line.start]):
            return True
        return not line.after_page and self._is_enclosed(number, block)

    def _is_after_sentence(self, number: int, block: Block) -> bool:
        """Return whether a sentence of a block ends with the line before a line."""
        before, line = self._lines[number - 1], self._lines[number]
        return sentence_ends_at(self._text, Span(block.start, line.end), before.end)

    def _is_enclosed(self, number: int, block: Block) -> bool:
        """Return whether brackets or emphasis are opened in a block and closed after its end."""
        start = self._lines[number].start
        if self._text.count(_STRONG, max(block.start, start - _STRONG_REACH), start) % 2:
            return self._text.find(_STRONG, start, start + MAX_HEADING) >= start
        return in_brackets(self._text, block.start, start)

    def _is_after_title(self, number: int, block: Block) -> bool:
        """Return whether the block directly above a line is surely a title."""
        if block.marker or not self._layout.margin.reliable:
            return False
        if not self._is_emphasised(block):
            no_line_wrapped = len(block.author_ends) == len(block.lines) - 1
            if not (no_line_wrapped and is_title(self._layout.line_before(number))):
                return False
        return self._is_after_heading(number, block)

    def _is_after_heading(self, number: int, block: Block) -> bool:
        """Return whether the block above a line is a heading, and no part of a sentence."""
        # Each line has at least one code point, so a block of more lines is too long.
        if len(block.lines) > MAX_HEADING:
            return False
        wraps, emphasised = self._layout.has_wrapped_lines, self._is_emphasised(block)
        length = sum(line.end - line.start for line in block.lines)
        max_length = MAX_HEADING if wraps or emphasised else _MAX_PLAIN_HEADING
        if self._layout.is_full(number) or length > max_length:
            return False
        if wraps and not (emphasised or self._layout.margin.reliable):
            return False
        return emphasised or len(split_sentences(self._text, block.span)) == 1

    def _is_emphasised(self, block: Block) -> bool:
        """Return whether a block ends with the emphasis of a heading in Markdown."""
        # Each line has at least one code point, so a block of more lines is too long.
        if len(block.lines) > MAX_HEADING:
            return False
        words = block.span.of(self._text)
        if not _EMPHASIS_CLOSES.search(words):
            return False
        return bool(_EMPHASIS_OPENS.match(words)) or words.count(_STRONG) % 2 == 1
