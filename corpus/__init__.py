"""Statements as they lie on disk: text, passages, offsets, provenance, question sets."""

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement

__all__ = ["Passage", "ShuttenError", "Source", "Span", "Statement"]
