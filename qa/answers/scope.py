"""Which statements were searched for an answer, and why, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.records import Provenance


@dataclass(frozen=True, slots=True)
class AnswerScope:
    """Which statements were searched, and why.

    Attributes:
        why: See `qa.scope.resolution.Meant`.
        statements: The ids of the statements that were searched; empty for all.
        silent: The ids of newer statements that do not speak of it, newest first.
        earlier: The ids of the statements that were compared with, newest first.
        titles: The title and the date of each statement that is named here, by its id.
    """

    why: str = "all"
    statements: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def titled(self, every: Mapping[str, Provenance]) -> AnswerScope:
        """Return the same scope with the titles of its statements.

        Args:
            every: The provenance of the statements, by id. Those that are missing get no title.
        """
        ids = (*self.statements, *self.silent, *self.earlier)
        titles = {name: _title(name, every[name]) for name in ids if name in every}
        return replace(self, titles=titles)

    def names(self, ids: Sequence[str]) -> str:
        """Return the titles of some statements, for a reader."""
        return " / ".join(self.titles.get(name, name) for name in ids)

    def to_json(self) -> dict[str, Any]:
        """Return the scope as every interface gives it."""
        return {
            "why": self.why,
            "statements": list(self.statements),
            "silent": list(self.silent),
            "earlier": list(self.earlier),
            "titles": dict(self.titles),
        }


def _title(statement: str, provenance: Provenance) -> str:
    """Return the title of a statement and its date, or its id if it has none."""
    title = provenance.title or provenance.title_en or statement
    return f"{title} ({provenance.date})" if provenance.date else title
