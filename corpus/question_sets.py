"""Question sets: questions with the exact words that answer them, as JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import arguments
from corpus.characters.folding import key_of
from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.records import Span, Statement


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its gold.

    Attributes:
        id: Unique in its set.
        text: As a user would type it.
        language: ISO 639-1 code.
        kind: `fact`, `who`, `when`, `where`, `why`, `list`, `multi`, `followup`, `unanswerable`.
        split: `dev` for choosing, `test` for reporting.
        gold: Words of the statement; a complete answer quotes every one of them.
        also: Words that serve as an answer equally well, without being asked of a complete one.
        history: The user's earlier questions.
        family: Names questions that ask the same in several languages; empty for the others.
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
        """Whether the statement answers it."""
        return bool(self.gold)


def load_questions(path: Path) -> list[Question]:
    """Read a question set: JSON Lines, or CSV with the same names in its first line.

    A cell of CSV that holds several (`gold`, `also`, `history`) has one a line; where there is no
    `id`, the number of the row is it.

    Raises:
        ShuttenError: The file or one of its lines cannot be used; the message names the line.
    """
    path = arguments.require_path(path, "a question set")
    rows = read_csv(path) if path.suffix.lower() == ".csv" else read_json_lines(path)
    questions = [question_of(path, number, row) for number, row in rows]
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise ShuttenError(f"{path}: the id {question.id!r} occurs twice; ids must be unique")
        seen.add(question.id)
    return questions


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line numbers and objects of a JSON Lines file; blank lines are passed over.

    Raises:
        ShuttenError: The file cannot be read, is empty, or a line is no JSON object.
    """
    return json_lines(path, read_text(path, stdin=True))


def json_lines(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The same of what was read already.

    Args:
        path: Where it was read.
        text: The lines.

    Raises:
        ShuttenError: There is none, or one is no JSON object.
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
    """Numbers of rows and their cells; what is empty is left out.

    Raises:
        ShuttenError: The file cannot be read, has no row, or is no CSV.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise ShuttenError(f"{path}: not CSV ({error}); mend it") from None
    if not rows:
        raise ShuttenError(f"{path}: there is no row in it; write the names of columns, then rows")
    for number, row in enumerate(rows, 1):
        cells: dict[str, Any] = {name: cell for name, cell in row.items() if name and cell}
        for name in _SEVERAL & cells.keys():
            cells[name] = [line for line in cells[name].splitlines() if line.strip()]
        if cells:
            cells.setdefault("kind", "fact" if "gold" in cells else "unanswerable")
            yield number, {"id": str(number), **cells}


_SEVERAL = {"gold", "also", "history"}


def field(path: Path, number: int, row: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    """A field of a row, checked to be of `kind`; lists hold strings. No default: it must be there.

    Raises:
        ShuttenError: It is missing or of another kind.
    """
    if name not in row and default is not None:
        return default
    value = row.get(name)
    strings = not isinstance(value, list) or all(isinstance(item, str) for item in value)
    if not isinstance(value, kind) or not strings:
        wanted = "a list of strings" if kind is list else "a string"
        raise ShuttenError(f"{path}, line {number}: {name!r} must be {wanted}")
    return value


def check_gold(questions: Iterable[Question], statement: Statement) -> list[str]:
    """What is wrong with a question set, in words; an empty list when all is well.

    Every gold fragment must occur exactly once in the statement, within one sentence; other
    good answers must occur. An unanswerable question has neither. Line breaks, widths, signs and
    the like may differ.
    """
    problems = []
    whole = key_of(statement.source.text)
    for question in questions:
        for fragment in question.gold:
            count = len(sentences_with(fragment, statement))
            occurrences = statement.source.text.count(fragment) or whole.count(key_of(fragment))
            if (count, occurrences) != (1, 1):
                problems.append(
                    f"{question.id}: gold {fragment!r} occurs {occurrences} times, "
                    f"whole in {count} sentences"
                )
        problems += [
            f"{question.id}: {fragment!r} is in no sentence"
            for fragment in question.also
            if not sentences_with(fragment, statement)
        ]
        if (question.kind == "unanswerable") == question.answerable:
            problems.append(f"{question.id}: kind {question.kind} and its gold disagree")
    return problems


def sentences_with(fragment: str, statement: Statement) -> list[Span]:
    """The sentences that hold `fragment` whole, or else those that do when both are folded."""
    text, key = statement.source.text, key_of(fragment)
    sentences = [sentence for passage in statement.passages for sentence in passage.sentences]
    exact = [one for one in sentences if fragment in one.of(text)]
    return exact or [one for one in sentences if key and key in key_of(one.of(text))]


def question_of(path: Path, number: int, row: dict[str, Any]) -> Question:
    """The question in one row of a question set.

    Args:
        path: The file, for the error.
        number: The line, for the error.
        row: Its fields.

    Raises:
        ShuttenError: A field is missing or of another kind.
    """

    def get(name: str, kind: type, default: Any = None) -> Any:
        return field(path, number, row, name, kind, default)

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
