"""The bundled JUCIP statement, laid out as ministries do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

STATEMENT = Path(__file__).parents[4] / "corpus" / "statements" / "jucip-2023-05-26.ja.txt"
_BASE = "body { font: 10.5pt/1.7 'IPAMincho'; text-align: justify; line-break: strict; margin: 0 }"
_PARTS = """
h1 { font: 13pt/1.6 'IPAGothic'; text-align: center; margin-block: 0 .5em }
p { margin-block: 0 .9em; text-indent: 1em }
.right { text-align: end; text-indent: 0 }
.bullet { padding-inline-start: 1em; text-indent: -1em }
.item { padding-inline-start: 3.5em; text-indent: -1.8em }
.keep { white-space: nowrap }
"""
ONE_COLUMN = """
h1 { font-weight: bold }
@page { size: A4; margin: 30mm 28mm;
  @top-right { content: "仮訳"; font: 9pt 'IPAMincho' }
  @bottom-center { content: "- " counter(page) " -"; font: 10pt 'IPAMincho' } }
"""
TWO_COLUMNS = """
@page { size: A4; margin: 22mm 20mm;
  @bottom-center { content: counter(page); font: 9pt 'IPAMincho' } }
body { font-size: 9.5pt }
main { columns: 2; column-gap: 9mm }
"""
VERTICAL = """
@page { size: A4 landscape; margin: 30mm 25mm;
  @bottom-center { content: counter(page) "／" counter(pages); font: 9pt 'IPAMincho';
    writing-mode: horizontal-tb } }
html { writing-mode: vertical-rl }
body { font-size: 12pt }
"""


def blocks(provisional: bool) -> Iterator[tuple[str, int, str]]:
    """Yield the kind, the depth and the words of each block, with the marker that is printed.

    Args:
        provisional: Whether 「(仮訳)」 at the top is in the text, not in the page header.
    """
    kinds = iter(["right", "h1", "right"])
    for line in STATEMENT.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        if line.startswith("- "):
            yield "bullet", 0, "・" + line[2:]
        elif line.startswith(" - "):
            yield "item", 1, line[3:]
        else:
            kind = next(kinds, "p")
            if provisional or line != "(仮訳)":
                yield kind, 0, line


def text(provisional: bool = True) -> str:
    """Return what a reader should give."""
    return "\n\n".join(f"{'  ' * depth}{words}" for _, depth, words in blocks(provisional)) + "\n"


def html(style: str, provisional: bool = True) -> str:
    """Return the statement as a web page. The first blocks stand above the columns, if any."""
    rows = [
        f"<h1>{escape(words)}</h1>" if kind == "h1" else f'<p class="{kind}">{_kept(words)}</p>'
        for kind, _, words in blocks(provisional)
    ]
    head = 3 if provisional else 2
    body = f"{''.join(rows[:head])}<main>{''.join(rows[head:])}</main>"
    return f'<!DOCTYPE html><html lang="ja"><style>{_BASE}{_PARTS}{style}</style>{body}</html>'


def _kept(words: str) -> str:
    """Return words as HTML that break nowhere at a blank beside Japanese: it would be lost."""
    beside = r"\S (?=[^\x00-\x7f])[^\x00-\x7f]|[^\x00-\x7f] \S"
    return re.sub(beside, lambda found: f'<span class="keep">{found[0]}</span>', escape(words))
