"""Facts of a statement, which are recorded beside its text. They are never shown as quotes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from corpus.records import Provenance, Statement


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one statement as a whole.

    Attributes:
        statement: Id of the statement.
        provenance: What is recorded beside the text. Unknown fields are empty.
        passages: Number of passages.
        characters: Length of the text in code points.
    """

    statement: str
    provenance: Provenance
    passages: int
    characters: int

    @classmethod
    def of(cls, statement: Statement) -> Facts:
        """Return the facts of a statement."""
        text = statement.source.text
        return cls(statement.id, statement.provenance, len(statement.passages), len(text))

    def to_json(self) -> dict[str, Any]:
        """Return the facts as every interface gives them, without what is not recorded."""
        recorded = {name: value for name, value in asdict(self.provenance).items() if value}
        counted = {"passages": self.passages, "characters": self.characters}
        return {"statement": self.statement, **recorded, **counted}
