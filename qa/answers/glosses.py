"""The unofficial translations of quotes from statements that ship with a gloss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.gloss import Gloss, glosses_of
from corpus.library import bundled_paths
from corpus.records import Passage, Span, Statement


@dataclass(frozen=True, slots=True)
class QuoteGloss:
    """An unofficial translation of a quote. It is no quote, and is never cited or proved.

    Attributes:
        language: Code of its language.
        text: The translation.
        status: What kind of translation it is, in words for readers.
    """

    language: str
    text: str
    status: str

    @classmethod
    def of(cls, statement: Statement, passage: Passage, span: Span) -> QuoteGloss | None:
        """Return the translation of whole sentences; None if there is none."""
        for gloss in _shipped().get(statement.source.sha256, ()):
            if text := gloss.of(statement, passage, span):
                return cls(gloss.language, text, gloss.status)
        return None

    def to_json(self) -> dict[str, Any]:
        """Return the translation as every interface gives it."""
        return {"language": self.language, "text": self.text, "status": self.status}


@cache
def _shipped() -> dict[str, tuple[Gloss, ...]]:
    """Return the glosses that ship, by the checksum of the statement."""
    glosses = [gloss for path in bundled_paths() for gloss in glosses_of(path)]
    return {
        sha256: tuple(gloss for gloss in glosses if gloss.sha256 == sha256)
        for sha256 in {gloss.sha256 for gloss in glosses}
    }
