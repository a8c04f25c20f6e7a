"""What a program gives: of the kind it should be, or refused in one line."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError


def text(value: Any, what: str) -> str:
    """A text.

    Args:
        value: What was given.
        what: What it is, for the error.

    Raises:
        ShuttenError: It is something else.
    """
    if isinstance(value, str):
        return value
    raise ShuttenError(f"{what} must be a text (str), not {_kind(value)}")


def texts(value: Any, what: str) -> list[str]:
    """Several texts; one text is not taken for its letters.

    Args:
        value: What was given.
        what: What they are, for the error.

    Raises:
        ShuttenError: It is something else.
    """
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise ShuttenError(f"{what} must be a list of texts, not {_kind(value)}")
    return [text(one, f"each of {what}") for one in value]


def count(value: Any, what: str, least: int, most: int | None = None) -> int:
    """A whole number within bounds.

    Args:
        value: What was given.
        what: What it counts, for the error.
        least: No smaller one.
        most: No larger one, if there is a bound.

    Raises:
        ShuttenError: It is something else.
    """
    try:
        if isinstance(value, bool):
            raise TypeError  # Python itself would take True for 1
        number = operator.index(value)
    except TypeError:
        raise ShuttenError(f"{what} must be a whole number, not {_kind(value)}") from None
    if number < least or (most is not None and number > most):
        wanted = f"at least {least}" if most is None else f"{least} to {most}"
        # A number of thousands of digits is not even written out.
        shown = f"{number}" if abs(number) < 10**9 else "far out of range"
        raise ShuttenError(f"{what} is {shown}; ask for {wanted}")
    return number


def path(value: Any, what: str) -> Path:
    """The path of a file or folder.

    Args:
        value: What was given.
        what: What it is, for the error.

    Raises:
        ShuttenError: It is none.
    """
    given = os.fspath(value) if isinstance(value, os.PathLike) else value
    named = text(given, what)
    if not named:  # Python itself would take it for the current folder
        raise ShuttenError(f"{what} is empty; name one, or `.` for the folder you are in")
    if "\0" in named:
        raise ShuttenError(f"{what} {named!a} holds a NUL, which no path can; check it")
    return Path(named)


def _kind(value: Any) -> str:
    return "None" if value is None else type(value).__name__
