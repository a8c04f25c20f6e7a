"""Question sets: questions with the words of the statement that answer them.

A question set is a file of JSON Lines or CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import arguments
from corpus.characters.folding import key_of
from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.records import Span, Statement

_LIST_FIELDS = {"gold", "also", "history"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the words of the statement that answer it.

    Attributes:
        id: Unique in its question set.
        text: The question as a user would type it.
        language: ISO 639-1 code.
        kind: `fact`, `who`, `when`, `where`, `why`, `list`, `multi`, `followup`, `unanswerable`.
        split: `dev` for choosing parameters, `test` for reporting.
        gold: Fragments of the statement. A complete answer quotes each of them.
        also: Fragments that are right answers too, but that a complete answer need not quote.
        history: Earlier questions of the user, oldest first.
        family: Name shared by questions with one meaning in several languages; otherwise empty.
    """

    id: str
    text: str
    language: str = ""
    kind: str = "fact"
    split: str = ""
    gold: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    family: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the statement answers the question."""
        return bool(self.gold)


def load_questions(path: Path) -> list[Question]:
    """Read a question set.

    A CSV file has the same field names in its first line. In the columns `gold`, `also` and
    `history`, each line of a cell is one value. Without an `id`, the row number is the id.

    Raises:
        ShuttenError: The file or one of its lines cannot be used; the message names the line.
    """
    path = arguments.require_path(path, "a question set")
    rows = read_csv(path) if path.suffix.lower() == ".csv" else read_json_lines(path)
    questions = [parse_question(path, number, row) for number, row in rows]
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise ShuttenError(f"{path}: the id {question.id!r} occurs twice; ids must be unique")
        seen.add(question.id)
    return questions


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line numbers and objects of a JSON Lines file. Blank lines are skipped.

    Raises:
        ShuttenError: The file cannot be read, is empty, or has a line that is no JSON object.
    """
    return parse_json_lines(path, read_text(path, stdin=True))


def parse_json_lines(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line numbers and objects of a text of JSON Lines. Blank lines are skipped.

    Args:
        path: File that the text was read from, for error messages.
        text: Content of the file.

    Raises:
        ShuttenError: The text is empty, or has a line that is no JSON object.
    """
    empty = True
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        empty = False
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ShuttenError(f"{path}, line {number}: not JSON ({error}); mend it") from None
        if not isinstance(row, dict):
            raise ShuttenError(f"{path}, line {number}: not a JSON object; write {{...}}")
        yield number, row
    if empty:
        raise ShuttenError(f"{path}: the file is empty; write one JSON object a line")


def read_csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the row numbers and cells of a CSV file. Empty rows and cells are left out.

    Raises:
        ShuttenError: The file cannot be read, has no row, or is not CSV.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise ShuttenError(f"{path}: not CSV ({error}); mend it") from None
    if not rows:
        raise ShuttenError(f"{path}: there is no row in it; write the names of columns, then rows")
    for number, row in enumerate(rows, 1):
        cells: dict[str, Any] = {name: cell for name, cell in row.items() if name and cell}
        for name in _LIST_FIELDS & cells.keys():
            cells[name] = [line for line in cells[name].splitlines() if line.strip()]
        if cells:
            cells.setdefault("kind", "fact" if "gold" in cells else "unanswerable")
            yield number, {"id": str(number), **cells}


def typed_field(
    path: Path, number: int, row: dict[str, Any], name: str, kind: type, default: Any
) -> Any:
    """Return a field of a row, after a check of its type.

    Args:
        path: File of the row, for error messages.
        number: Line number of the row, for error messages.
        row: The row.
        name: Name of the field.
        kind: `str`, or `list` for a list of strings.
        default: Value of a missing field; None if the field is required.

    Raises:
        ShuttenError: The field is missing or has another type.
    """
    if name not in row and default is not None:
        return default
    value = row.get(name)
    holds_strings = not isinstance(value, list) or all(isinstance(item, str) for item in value)
    if not isinstance(value, kind) or not holds_strings:
        wanted = "a list of strings" if kind is list else "a string"
        raise ShuttenError(f"{path}, line {number}: {name!r} must be {wanted}")
    return value


def sentences_with(fragment: str, statement: Statement) -> list[Span]:
    """Return the sentences of a statement that hold all of `fragment`.

    If no sentence holds the exact words, the folded keys of both are compared.
    """
    text, key = statement.source.text, key_of(fragment)
    sentences = [sentence for passage in statement.passages for sentence in passage.sentences]
    exact = [sentence for sentence in sentences if fragment in sentence.of(text)]
    return exact or [sentence for sentence in sentences if key and key in key_of(sentence.of(text))]


def right_sentences(question: Question, statement: Statement) -> list[Span]:
    """Return the sentences that hold a fragment of `gold` or `also`, in the order of the fragments.

    A sentence that holds several fragments comes several times.
    """
    return [
        sentence
        for fragment in (*question.gold, *question.also)
        for sentence in sentences_with(fragment, statement)
    ]


def parse_question(path: Path, number: int, row: dict[str, Any]) -> Question:
    """Return the question in a row of a question set.

    Args:
        path: File of the row, for error messages.
        number: Line number of the row, for error messages.
        row: Fields of the question.

    Raises:
        ShuttenError: A field is missing or has another type.
    """

    def get(name: str, kind: type, default: Any = None) -> Any:
        return typed_field(path, number, row, name, kind, default)

    return Question(
        id=get("id", str),
        text=get("question", str),
        language=get("language", str, ""),
        kind=get("kind", str, "fact"),
        split=get("split", str, ""),
        gold=tuple(get("gold", list, [])),
        also=tuple(get("also", list, [])),
        history=tuple(get("history", list, [])),
        family=get("family", str, ""),
    )
