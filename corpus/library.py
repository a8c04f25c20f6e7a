"""Statements that ship with the project, and loading one from a path."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.parsing import parse
from corpus.reading import read_source
from corpus.records import Provenance, Source, Statement

_HERE = Path(__file__).parent
QUESTIONS = _HERE / "questions"
# Invented statements with questions: to fit the calibration, and to train the model.
PRACTICE = _HERE / "practice"
TRAINING = _HERE / "training"
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
    source = read_source(path, statement_id)
    passages = parse(source.text)
    if not passages:
        raise ShuttenError(f"{path}: no text was found in it; give a file that holds a statement")
    return Statement(source, _provenance(path.with_suffix(".toml"), source), passages)


def _provenance(path: Path, source: Source) -> Provenance:
    if not path.is_file():
        return Provenance()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ShuttenError(f"{path}: not a readable TOML file ({error}); mend it") from None
    expected = table.get("sha256")
    if expected and expected != source.sha256:
        raise ShuttenError(
            f"{path}: the statement's sha256 is {source.sha256}, not the one recorded here; "
            "restore the statement, or record the new checksum"
        )
    known = {field.name for field in fields(Provenance)} & table.keys()
    values = {name: str(table[name]) for name in known - {"issuers"}}
    url = values.get("url", "")
    if url and not _ADDRESS.fullmatch(url):
        raise ShuttenError(f"{path}: url is {url!r}; give an address that begins with https://")
    issuers = table.get("issuers", [])
    if isinstance(issuers, str):
        issuers = [issuers]
    if not isinstance(issuers, list):
        raise ShuttenError(f'{path}: issuers must be a list of names; write issuers = ["..."]')
    return Provenance(**values, issuers=tuple(map(str, issuers)))
