"""The card of a statement: what tells it from other statements, as one short text.

The model reads the card, so that the words of a question that name a meeting are compared with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.records import Passage, Statement

MAX_OPENING = 400  # code points of the first sentences
_FIRST_PASSAGES = 3


def card_text(statement: Statement) -> str:
    """Return the title, the venue and the opening of a statement, as one line."""
    provenance = statement.provenance
    opening = " ".join(opening_sentences(statement.source.text, statement.passages))
    parts = (provenance.title, provenance.title_en, provenance.venue, opening[:MAX_OPENING])
    return ". ".join(" ".join(part.split()) for part in parts if part)


def opening_sentences(text: str, passages: Sequence[Passage]) -> list[str]:
    """Return the headings at the top, and the first two sentences of the paragraph below them."""
    sentences: list[str] = []
    for passage in passages[:_FIRST_PASSAGES]:
        sentences += [span.of(text) for span in passage.sentences[:2]]
        if passage.kind != "heading":
            break
    return sentences
