"""What is known of a statement besides its words: facts, which are never shown as quotes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from corpus.records import Provenance, Statement


@dataclass(frozen=True, slots=True)
class Facts:
    """A statement as a whole.

    Attributes:
        statement: Its id.
        provenance: What is recorded beside the text; unknown fields are empty.
        passages: How many it has.
        characters: Its length in code points.
    """

    statement: str
    provenance: Provenance
    passages: int
    characters: int

    @classmethod
    def of(cls, statement: Statement) -> Facts:
        """The facts of a statement."""
        text = statement.source.text
        return cls(statement.id, statement.provenance, len(statement.passages), len(text))

    def to_json(self) -> dict[str, Any]:
        """The form every interface gives; what is not recorded is left out."""
        recorded = {name: value for name, value in asdict(self.provenance).items() if value}
        counted = {"passages": self.passages, "characters": self.characters}
        return {"statement": self.statement, **recorded, **counted}
