"""Statements that ship with the project, and loading one from a path."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.formats.text import read_source
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse

_HERE = Path(__file__).parent
QUESTIONS = _HERE / "questions"
MAX_PROVENANCE = 50_000  # bytes
_ADDRESS = re.compile(r"https://[^\s/]+\S*")


def bundled_paths() -> tuple[Path, ...]:
    """The statement files that ship with the project."""
    return tuple(sorted((_HERE / "statements").glob("*.txt")))


def load_statement(path: Path, statement_id: str | None = None) -> Statement:
    """Read, describe and parse one statement.

    A TOML file of the same name beside it is its provenance.

    Raises:
        ShuttenError: The file or its provenance cannot be used; the message says why.
    """
    path = arguments.path(path, "the file of a statement")
    source = read_source(path, statement_id and arguments.text(statement_id, "an id"))
    passages = parse(source.text)
    if not passages:
        raise ShuttenError(f"{path}: no text was found in it; give a file that holds a statement")
    return Statement(source, _provenance(path.with_suffix(".toml"), source), passages)


def unknown_keys(path: Path) -> list[str]:
    """What is said of keys in a statement's provenance that mean nothing here, a line each."""
    beside = path.with_suffix(".toml")
    keys = _keys(beside)
    lines = []
    for key in sorted(_table(beside).keys() - keys):
        near = get_close_matches(key.lower(), keys, 1)
        advice = f"; did you mean {near[0]!r}?" if near else f"; the keys are {', '.join(keys)}"
        lines.append(f"{beside.name}: the key {key!r} is not known and left out{advice}")
    return lines


def _keys(path: Path) -> list[str]:
    """The keys of a provenance.

    Raises:
        ShuttenError: One of them is in the wrong case.
    """
    known = [*(field.name for field in fields(Provenance)), "encoding", "sha256"]
    for key in _table(path).keys() - set(known):
        if key.lower() in known:
            raise ShuttenError(f"{path}: the key {key!r} must be written {key.lower()!r}")
    return known


def _table(path: Path) -> dict[str, Any]:
    """A provenance as it stands in its file; empty when there is none."""
    if not (path.exists() or path.is_symlink()):
        return {}
    try:
        return tomllib.loads(read_text(path, MAX_PROVENANCE))
    except (ValueError, RecursionError) as error:
        raise ShuttenError(f"{path}: not a readable TOML file ({error}); mend it") from None


def _provenance(path: Path, source: Source) -> Provenance:
    table, keys = _table(path), _keys(path)
    expected = table.get("sha256")
    if expected and expected != source.sha256:
        raise ShuttenError(
            f"{path}: the statement's sha256 is {source.sha256}, not the one recorded here; "
            "restore the statement, or record the new checksum"
        )
    issuers = table.get("issuers", [])
    if isinstance(issuers, str):
        issuers = [issuers]
    if not isinstance(issuers, list):
        raise ShuttenError(f'{path}: issuers must be a list of names; write issuers = ["..."]')
    known = [key for key in keys if key in table and key not in ("issuers", "encoding", "sha256")]
    values = {key: _value(path, key, table[key]) for key in known}
    url = values.get("url", "")
    if url and not _ADDRESS.fullmatch(url):
        raise ShuttenError(f"{path}: url is {url!r}; give an address that begins with https://")
    return Provenance(**values, issuers=tuple(map(str, issuers)))


def _value(path: Path, key: str, value: object) -> str:
    """One fact of a provenance: text, or a day.

    Raises:
        ShuttenError: It is neither.
    """
    if key == "date":
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
        except ValueError:
            raise ShuttenError(
                f"{path}: the date {value!r} is no date; write it as date = 2023-05-26"
            ) from None
        return f"{day:%Y-%m-%d}"
    if not isinstance(value, str):
        raise ShuttenError(f'{path}: {key} must be text; write {key} = "..."')
    return value
