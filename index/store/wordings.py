"""What of a statement is embedded, and the keys of the embeddings."""

from __future__ import annotations

import hashlib

from corpus.records import Passage, Statement

Reading = tuple[str, str]  # what a wording is read after, and the wording
MAX_INTRODUCTION = 600  # code points; the model reads about 500 tokens at once


def wording_key(wording: str, introduction: str = "") -> str:
    """The key of an embedding: sha256 of the wording, and of what it is read after."""
    text = f"{introduction}\0{wording}" if introduction else wording
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def introduction(statement: Statement, passage: Passage) -> str:
    """What a passage is read after, as a search key: its parent bullet, unless that is too long."""
    parent = statement.parent_span(passage)
    joined = f"{parent.of(statement.source.text)} " if parent else ""
    return joined if len(joined) <= MAX_INTRODUCTION else ""


def readings(statement: Statement) -> dict[str, Reading]:
    """All that is embedded, by key."""
    text = statement.source.text
    found: dict[str, Reading] = {}
    for passage in statement.passages:
        wording, before = passage.span.of(text), introduction(statement, passage)
        found[wording_key(wording, before)] = before, wording
        alone = [span.of(text) for span in (passage.span, *passage.sentences)]
        found |= {wording_key(wording): ("", wording) for wording in alone}
    return found
