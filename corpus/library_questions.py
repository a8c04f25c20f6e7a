"""Question sets over a library of statements: their gold fragments name the statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.question_sets import read_json_lines, sentences_with, typed_field
from corpus.records import Span, Statement

_FRAGMENT_FIELDS = ("gold", "also", "elsewhere")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of one sentence of a statement.

    Attributes:
        statement: The id of the statement.
        text: The words.
    """

    statement: str
    text: str

    def sentences(self, statements: Mapping[str, Statement]) -> set[tuple[str, Span]]:
        """Return the (statement id, span) of each sentence that holds the words."""
        statement = statements.get(self.statement)
        spans = sentences_with(self.text, statement) if statement else []
        return {(self.statement, span) for span in spans}


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question to a library, and the sentences that answer it.

    Attributes:
        id: Unique in its question set.
        text: The question as a user would type it.
        language: ISO 639-1 code.
        kind: `single` names one statement; `any` names none; `list`, `latest` and `change` ask for
            that; `wrong` names a statement that does not say it, or a meeting without a statement;
            `near` asks for something close that no statement says; `off` is about other things.
        split: `dev` for choosing parameters, `test` for reporting.
        meant: Ids of the statements that the question names.
        gold: What a complete answer quotes.
        also: Other right answers, which a complete answer need not quote.
        elsewhere: For `wrong`: where other statements say it.
        history: Earlier questions of the user, oldest first.
        family: Name shared by questions with one meaning in several languages; otherwise empty.
    """

    id: str
    text: str
    language: str
    kind: str
    split: str = ""
    meant: tuple[str, ...] = ()
    gold: tuple[Fragment, ...] = ()
    also: tuple[Fragment, ...] = ()
    elsewhere: tuple[Fragment, ...] = ()
    history: tuple[str, ...] = ()
    family: str = ""


def load_library_questions(path: Path) -> list[LibraryQuestion]:
    """Read a question set over a library, a file of JSON Lines.

    Raises:
        ShuttenError: The file or one of its lines cannot be used; the message names the line.
    """
    return [_parse(path, number, row) for number, row in read_json_lines(path)]


def _parse(path: Path, number: int, row: dict[str, Any]) -> LibraryQuestion:
    def get(name: str, kind: type, default: Any = None) -> Any:
        return typed_field(path, number, row, name, kind, default)

    fragments = {name: _fragments(path, number, row, name) for name in _FRAGMENT_FIELDS}
    return LibraryQuestion(
        id=get("id", str),
        text=get("question", str),
        language=get("language", str, ""),
        kind=get("kind", str),
        split=get("split", str, ""),
        meant=tuple(get("meant", list, [])),
        history=tuple(get("history", list, [])),
        family=get("family", str, ""),
        **fragments,
    )


def _fragments(path: Path, number: int, row: dict[str, Any], name: str) -> tuple[Fragment, ...]:
    values = row.get(name, [])
    try:
        return tuple(Fragment(str(value["statement"]), str(value["text"])) for value in values)
    except (TypeError, KeyError):
        example = '[{"statement": "...", "text": "..."}]'
        raise ShuttenError(f"{path}, line {number}: {name!r} must be {example}") from None
