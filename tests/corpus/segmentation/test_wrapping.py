"""Wrapping a statement changes none of its sentences, whatever the width and the indent.

Every statement that ships and every one of the shared library is laid out anew: at a width, with
an indent, with items hanging or flush, with page numbers put in. White space and page numbers
aside, its sentences have to be the same as before.
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
    one.statement.id: one.statement.source.text for one in texts("practice")
}
PAGE = re.compile(r"\s*\n- \d+ -\n\s*")
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
    """One line; a line break between wide characters is nothing, any other one a space."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    joined = lines[0]
    for line in lines[1:]:
        joined += line if is_wide(joined[-1]) and is_wide(line[0]) else f" {line}"
    return joined


def pieces(text):
    """What a line may not break: words, and single wide characters with what must follow them.

    A number behind a finished sentence stays with it, and so does an asterisk that stands alone:
    at the beginning of a line, a reader too would take it for the mark of a paragraph.
    """
    word = r"[^\s\u3000-\uffef]"
    return re.findall(
        rf"\s+|{word}+(?:(?<=\.)\s+\d+\.(?=\s)|\s+\*(?=\s))?|[\u3000-\uffef][、。，．）」』！？]*", text
    )


def wrap(text, width, first, others):
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
    """Lines of `width` code points each; blanks stand wherever they fall."""
    lines, place = [], 0
    while place < len(text):
        indent = others if lines else first
        end = place + width - len(indent)
        if text[place:end].strip():
            lines.append(indent + text[place:end])
        place = end
    return lines


def blocks(text):
    """Marker, depth and words of what belongs together, with one entry a line of the heading."""
    found = []
    for passage in parse(text):
        if passage.kind == "heading":
            found += [("", 0, unwrapped(one.of(text))) for one in passage.sentences]
            continue
        marker = passage.marker
        depth = max(0, len(passage.number) - 1)
        found.append((marker, depth, unwrapped(passage.span.of(text))))
    return found


def laid_out(text, width, indent, hanging, page, by_character):
    if by_character:  # room for what stands deepest
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
            # Behind a heading a page number hides the blank line that told it from a sentence.
            if page and printed >= page and (number < len(wrapped) or ends_sentence(words)):
                printed, pages = 0, pages + 1
                lines += ["", f"- {pages} -", ""]
        lines.append("")
    return "\n".join(lines)


def sentences(text):
    found = [s.of(text) for passage in parse(text) for s in passage.sentences]
    return ["".join(PAGE.sub("\n", one).split()) for one in found]


@pytest.mark.parametrize("name", STATEMENTS)
@settings(deadline=None, max_examples=4, derandomize=True)
@given(layouts)
def test_wrapping_changes_no_sentence(name, layout):
    text = STATEMENTS[name]
    # Text without spaces is wrapped at any character, other text between words.
    by_character = layout["by_character"] and sum(map(is_wide, text)) > len(text) / 2
    wrapped = laid_out(text, **{**layout, "by_character": by_character})
    assert sentences(wrapped) == sentences(text)
