"""What of a statement is embedded, and the keys of the embeddings."""

from __future__ import annotations

import hashlib

from corpus.records import Passage, Statement
from corpus.segmentation.window import CONTEXT_CHARACTERS

EncoderInput = tuple[str, str]  # what a wording is read after, and the wording


def wording_key(wording: str, context_before: str = "") -> str:
    """The key of an embedding: sha256 of the wording, and of what it is read after."""
    text = f"{context_before}\0{wording}" if context_before else wording
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def context_before(statement: Statement, passage: Passage) -> str:
    """What a passage is read after, as a search key: its parent bullet, unless that is too long."""
    parent = statement.parent_span(passage)
    joined = f"{parent.of(statement.source.text)} " if parent else ""
    return joined if len(joined) <= CONTEXT_CHARACTERS else ""


def encoder_inputs(statement: Statement) -> dict[str, EncoderInput]:
    """All that is embedded, by key."""
    text = statement.source.text
    found: dict[str, EncoderInput] = {}
    for passage in statement.passages:
        wording, before = passage.span.of(text), context_before(statement, passage)
        found[wording_key(wording, before)] = before, wording
        alone = [span.of(text) for span in (passage.span, *passage.sentences)]
        found |= {wording_key(wording): ("", wording) for wording in alone}
    return found
