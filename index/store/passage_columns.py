"""Passages as the columns of a table."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement, passage_id
from index.store.originals import Original

_PAIR = struct.Struct("<II")  # the start and the end of a sentence, in code points of the passage


def to_columns(passage: Passage) -> tuple[Any, ...]:
    """Return the columns of a passage. They hold offsets into the text, not the text itself."""
    return (
        *(passage.id, passage.kind, passage.marker, passage.section, json.dumps(passage.number)),
        *(passage.parent, passage.lead_in, passage.span.start, passage.span.end, _packed(passage)),
    )


def parsed_statement(
    original: Original,
    passages: Sequence[Sequence[Any]],
    inconsistency: Callable[[str], ShuttenError],
) -> Statement:
    """Return a statement as it was parsed when it was added.

    Args:
        original: The statement as it was added. Its bytes are intact.
        passages: Its passages, as `to_columns` gives them.
        inconsistency: Returns the error for data that do not fit together.

    Raises:
        ShuttenError: The text cannot be read, or the passages do not fit it.
    """
    part = "encoding"
    try:
        source = original.source()
        part = "provenance"
        provenance = original.parse_provenance()
        part = "list of passages"
        parsed = tuple(_passage(source, *row) for row in passages)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise inconsistency(f"the {part} of {original.id!r} is damaged ({error})") from error
    return Statement(source, provenance, parsed)


def _packed(passage: Passage) -> bytes:
    """Return the sentences of a passage as they are stored."""
    start = passage.span.start
    return b"".join(_PAIR.pack(span.start - start, span.end - start) for span in passage.sentences)


def _passage(
    source: Source,
    name: str,
    kind: Any,
    marker: str,
    section: int,
    number: str,
    parent: str | None,
    lead_in: str | None,
    start: int,
    end: int,
    sentences: bytes,
) -> Passage:
    """Return a passage of a text.

    Raises:
        ValueError: Its span does not fit the text that was read.
    """
    span = Span(start, end)
    if not name.startswith(passage_id(span.of(source.text))):
        raise ValueError(f"{start}:{end} are other words than those that were encoded")
    within = tuple(Span(start + first, start + last) for first, last in _unpacked(sentences))
    if not within or not all(map(span.holds, within)):
        raise ValueError(f"passage {name} does not hold its sentences")
    return Passage(name, kind, span, within, marker, section, _number(number), parent, lead_in)


def _unpacked(sentences: bytes) -> list[tuple[int, int]]:
    """Return what `_packed` stored. For so few numbers numpy would take three times as long."""
    bounds = _PAIR.iter_unpack(sentences) if len(sentences) % _PAIR.size == 0 else ()
    return [(first, last) for first, last in bounds]


@lru_cache(maxsize=1 << 10)
def _number(stored: str) -> tuple[int, ...]:
    return tuple(json.loads(stored))
