"""Statements on disk: files, text, passages, sentences, provenance and question sets."""

from corpus.errors import ShuttenError
from corpus.records import Passage, Source, Span, Statement

__all__ = ["Passage", "ShuttenError", "Source", "Span", "Statement"]
