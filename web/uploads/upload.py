"""An uploaded file, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from corpus.records import Statement
from web.uploads.preview import preview
from web.uploads.reading import Reading

State = Literal["waiting", "reading", "ready", "refused", "adding", "added", "cancelled"]
WITH_FILE = ("waiting", "reading", "ready", "adding")  # states in which the file is needed
BUSY = ("waiting", "reading", "adding")  # states that end by themselves


@dataclass(eq=False)
class Upload:
    """A file that a reader sent.

    Attributes:
        id: Its id, which nobody can guess.
        name: Its name; see `cleaned_name`.
        size: Its bytes.
        ocr: Languages in which words are recognised in pictures; empty for none.
        file: Where it lies.
        heard: When the page last asked for it, by the clock.
        state: How far it is.
        error: Why it was refused, or not added.
        ocr_choices: The languages in which its words could be recognised, if that helps.
        reading: The process that reads it.
        statement: The statement in it, once it was read.
        statement_id: The id of the statement, or the one that it would get.
        copy_of: The id of a statement with the same text.
        changes: The id of a statement from a file of the same name, with another text.
    """

    id: str
    name: str
    size: int
    ocr: str
    file: Path
    heard: float
    state: State = "waiting"
    error: str = ""
    ocr_choices: list[str] = field(default_factory=list)
    reading: Reading | None = None
    statement: Statement | None = None
    statement_id: str = ""
    copy_of: str = ""
    changes: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what the page learns of it."""
        row: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "bytes": self.size,
            "state": self.state,
            "error": self.error,
            "ocr": self.ocr_choices,
            "statement": self.statement_id,
            "copy_of": self.copy_of,
            "changes": self.changes,
        }
        statement = self.statement  # another thread may take it away
        if self.state == "ready" and statement:
            row["preview"] = preview(statement)
        return row
