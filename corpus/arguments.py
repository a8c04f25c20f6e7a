"""Checks of the arguments that programs pass: right type and range, or an error of one line."""

from __future__ import annotations

import operator
import os
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError


def require_text(value: Any, name: str) -> str:
    """Return `value` if it is a text.

    Args:
        value: The argument.
        name: What the error message calls it.

    Raises:
        ShuttenError: `value` is not a `str`.
    """
    if isinstance(value, str):
        return value
    raise ShuttenError(f"{name} must be a text (str), not {_type_name(value)}")


def require_texts(value: Any, name: str) -> list[str]:
    """Return `value` as a list if it holds several texts.

    Args:
        value: The argument.
        name: What the error message calls it.

    Raises:
        ShuttenError: `value` is not an iterable of `str`. A single `str` is refused too, since
            Python would take it for a list of letters.
    """
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise ShuttenError(f"{name} must be a list of texts, not {_type_name(value)}")
    return [require_text(item, f"each of {name}") for item in value]


def require_flag(value: Any, name: str) -> bool:
    """Return `value` if it is true or false.

    Args:
        value: The argument.
        name: What the error message calls it.

    Raises:
        ShuttenError: `value` is not a `bool`.
    """
    if isinstance(value, bool):
        return value
    raise ShuttenError(f"{name} must be true or false, not {_type_name(value)}")


def require_count(value: Any, name: str, minimum: int, maximum: int | None = None) -> int:
    """Return `value` if it is a whole number in a range.

    Args:
        value: The argument.
        name: What the error message calls it.
        minimum: The smallest number that is allowed.
        maximum: The largest number that is allowed; None for no limit.

    Raises:
        ShuttenError: `value` is no whole number, or is out of range.
    """
    try:
        if isinstance(value, bool):
            raise TypeError  # operator.index would take True for 1
        number = operator.index(value)
    except TypeError:
        raise ShuttenError(f"{name} must be a whole number, not {_type_name(value)}") from None
    if number < minimum or (maximum is not None and number > maximum):
        wanted = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
        # Python refuses to print a number of thousands of digits.
        shown = f"{number}" if abs(number) < 10**9 else "far out of range"
        raise ShuttenError(f"{name} is {shown}; ask for {wanted}")
    return number


def require_path(value: Any, name: str) -> Path:
    """Return `value` as a path.

    Args:
        value: The argument.
        name: What the error message calls it.

    Raises:
        ShuttenError: `value` is no `str` or path of `str`, is empty, or holds a NUL character.
    """
    text = require_text(os.fspath(value) if isinstance(value, os.PathLike) else value, name)
    if not text:  # Path("") would be the current folder
        raise ShuttenError(f"{name} is empty; name one, or `.` for the folder you are in")
    if "\0" in text:
        raise ShuttenError(f"{name} {text!a} holds a NUL, which no path can; check it")
    return Path(text)


def unknown(kind: str, name: str, names: Collection[str], most: int = 8) -> ShuttenError:
    """Return the error for a name that is not there. It suggests a similar one, or lists some.

    Args:
        kind: What the message calls such a name, such as `statement`.
        name: The name that was given.
        names: The names that there are.
        most: How many of them are listed at most.
    """
    if similar := get_close_matches(name, names, 1, 0.5):
        return ShuttenError(f"there is no {kind} {name!r}; did you mean {similar[0]!r}?")
    shown = list(names)[:most]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    there = f"{', '.join(shown) or 'none'}{more}"
    return ShuttenError(f"there is no {kind} {name!r}; there are: {there}")


def _type_name(value: Any) -> str:
    return "None" if value is None else type(value).__name__
