"""Wrapping a statement does not change its sentences, at any width and indent.

Each statement is laid out again: at a width, with an indent, with hanging indents or without, and
with page numbers. Apart from white space and page numbers, its sentences must be the same.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import BESIDE

from corpus.characters.widths import columns, is_wide
from corpus.formats.text import read_source
from corpus.library import bundled_paths
from corpus.segmentation.parsing import parse
from corpus.segmentation.sentences import ends_sentence
from training.datasets import texts

FILES = [*bundled_paths(), *sorted(BESIDE.glob("*.md"))]
STATEMENTS = {path.stem[:40]: read_source(path).text for path in FILES} | {
    text.statement.id: text.statement.source.text for text in texts("practice")
}
PAGE_NUMBER = re.compile(r"\s*\n- \d+ -\n\s*")
INDENTS = ["", " ", "  ", "    ", "        ", "\u3000", "\u3000\u3000"]
layouts = st.fixed_dictionaries(
    {
        "width": st.integers(20, 120),
        "indent": st.sampled_from(INDENTS),
        "hanging": st.booleans(),
        "page": st.sampled_from([0, 0, 7, 25, 40]),
        "by_character": st.booleans(),
    }
)


def unwrapped(text):
    """Join lines. Nothing is put between two wide characters, and a space elsewhere."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    joined = lines[0]
    for line in lines[1:]:
        joined += line if is_wide(joined[-1]) and is_wide(line[0]) else f" {line}"
    return joined


def pieces(text):
    """Cut a text into pieces between which a line may be wrapped.

    A piece is a word, or a wide character with the characters that cannot start a line. A number
    after a finished sentence stays on its line, and so does an asterisk that is alone: at the
    beginning of a line, a reader would take them for a marker.
    """
    word = r"[^\s\u3000-\uffef]"
    return re.findall(
        rf"\s+|{word}+(?:(?<=\.)\s+\d+\.(?=\s)|\s+\*(?=\s))?|[\u3000-\uffef][、。，．）」』！？]*",
        text,
    )


def wrap(text, width, first, others):
    """Return lines of at most `width` columns, with the indents `first` and `others`."""
    lines, line, filled = [], first, False
    for piece in pieces(text):
        if piece.isspace():
            line += " " if filled else ""
        elif filled and columns(line + piece) > width:
            lines.append(line.rstrip(" "))
            line = others + piece
        else:
            line, filled = line + piece, True
    return [*lines, line]


def wrap_by_character(text, width, first, others):
    """Return lines of `width` characters. White space may be at the ends of lines."""
    lines, place = [], 0
    while place < len(text):
        indent = others if lines else first
        end = place + width - len(indent)
        if text[place:end].strip():
            lines.append(indent + text[place:end])
        place = end
    return lines


def blocks(text):
    """Return marker, depth and words of each passage, and of each line of a heading."""
    parts = []
    for passage in parse(text):
        if passage.kind == "heading":
            parts += [("", 0, unwrapped(line.of(text))) for line in passage.sentences]
            continue
        depth = max(0, len(passage.number) - 1)
        parts.append((passage.marker, depth, unwrapped(passage.span.of(text))))
    return parts


def laid_out(text, width, indent, hanging, page, by_character):
    if by_character:  # room for the innermost items
        width = max(width, len(indent) + 20)
    fill = wrap_by_character if by_character else wrap
    lines, printed, pages = [], 0, 0
    for marker, depth, words in blocks(text):
        first = indent + "  " * depth
        others = first + " " * columns(f"{marker} ") if marker and hanging else first
        wrapped = fill(words, width, first + (f"{marker} " if marker else ""), others)
        for number, line in enumerate(wrapped, 1):
            lines.append(line)
            printed += 1
            # After a heading, a page number would replace the blank line that ends the heading.
            if page and printed >= page and (number < len(wrapped) or ends_sentence(words)):
                printed, pages = 0, pages + 1
                lines += ["", f"- {pages} -", ""]
        lines.append("")
    return "\n".join(lines)


def sentences(text):
    """Return the sentences of a text without page numbers and white space."""
    spans = [span for passage in parse(text) for span in passage.sentences]
    return ["".join(PAGE_NUMBER.sub("\n", span.of(text)).split()) for span in spans]


@pytest.mark.parametrize("name", STATEMENTS)
@settings(deadline=None, max_examples=4, derandomize=True)
@given(layouts)
def test_wrapping_changes_no_sentence(name, layout):
    text = STATEMENTS[name]
    # Text without spaces is wrapped at any character, other text between words.
    by_character = layout["by_character"] and sum(map(is_wide, text)) > len(text) / 2
    wrapped = laid_out(text, **{**layout, "by_character": by_character})
    assert sentences(wrapped) == sentences(text)
