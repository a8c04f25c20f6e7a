"""Reads the quotes of kept answers, which are to be checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.question_sets import parse_json_lines

# A server checks so much at once. It takes seconds, and a minute if the source has megabytes.
MAX_QUOTES, MAX_CHARACTERS = 100, 50_000


@dataclass(frozen=True, slots=True)
class ClaimedQuote:
    """A quote as a kept answer gives it, before it is checked.

    Attributes:
        text: The text.
        start: Offset of the first code point in the file, as the answer gives it.
        end: Offset after the last code point, as the answer gives it.
        statement: Id of the statement.
        sha256: Checksum of the file that was quoted; empty if the answer gives none.
    """

    text: str
    start: int
    end: int
    statement: str
    sha256: str = ""


def load(path: Path) -> list[ClaimedQuote]:
    """Read the quotes of kept answers from a file, as `claimed_quotes` does of each answer.

    Args:
        path: What `shutten ask --json` printed, the lines of `ask --batch`, or a conversation that
            the page exported. `-` reads standard input.

    Raises:
        ShuttenError: The file is something else, or has no quote.
    """
    quotes = []
    for number, answer in _answers(path):
        try:
            quotes += claimed_quotes(answer)
        except ShuttenError as error:
            raise ShuttenError(f"{path}, line {number}: {error}") from None
    if not quotes:
        raise ShuttenError(f"{path}: there is no quote in it; nothing to check")
    return quotes


def claimed_quotes(answer: Mapping[str, Any]) -> list[ClaimedQuote]:
    """Return the quotes of a kept answer, with the nearest sentences and all counterparts.

    Args:
        answer: The JSON object of an answer.

    Raises:
        ShuttenError: The object is no answer.
    """
    try:
        rows = [row for key in ("quotes", "nearest") for row in answer[key]]
        return [quote for row in rows for quote in _claimed_pair(row)]
    except (KeyError, TypeError, ValueError) as error:
        raise ShuttenError(
            f"not an answer ({type(error).__name__}: {error}); "
            "give what `shutten ask --json` printed"
        ) from None


def check_size(quotes: Sequence[ClaimedQuote]) -> None:
    """Raise `ShuttenError` if a server should not check so many or such long quotes at once."""
    characters = sum(len(quote.text) for quote in quotes)
    for count, most, noun in (
        (len(quotes), MAX_QUOTES, "quotes"),
        (characters, MAX_CHARACTERS, "characters of quotes"),
    ):
        if count > most:
            raise ShuttenError(f"{count:,} {noun} are too much at once; check {most:,} at a time")


def _answers(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return the JSON objects of the answers in a file, each with a number for error messages."""
    text = read_text(path, stdin=True)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        exported = data.get("answers")  # by the page
        yield from enumerate(exported, 1) if isinstance(exported, list) else [(1, data)]
    else:
        yield from parse_json_lines(path, text)  # its errors say what is wrong, and where


def _claimed_pair(row: Any) -> Iterator[ClaimedQuote]:
    """Return a quote, and then what stands beside it. Older answers have nothing there."""
    yield _claimed_quote(row)
    if row.get("counterpart") is not None:
        yield from _claimed_pair(row["counterpart"])
    if row.get("parallel") is not None:
        yield from map(_claimed_quote, row["parallel"]["quotes"])


def _claimed_quote(row: Any) -> ClaimedQuote:
    if not isinstance(row, dict):
        raise ValueError("a quote must be an object")
    for name, kind in (("text", str), ("start", int), ("end", int), ("statement", str)):
        if not isinstance(row.get(name), kind):
            raise ValueError(f"a quote needs {name!r} ({kind.__name__})")
    return ClaimedQuote(
        text=row["text"],
        start=row["start"],
        end=row["end"],
        statement=row["statement"],
        sha256=str(row.get("sha256") or ""),
    )
