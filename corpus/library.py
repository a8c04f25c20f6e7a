"""Loads statements, with their provenance. Some statements are part of the project."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.facts.reading import complete
from corpus.facts.recorded import FACTS, MAX_RECORDED, checked
from corpus.files import read_text
from corpus.formats.text import read_source
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse

_HERE = Path(__file__).parent
QUESTIONS = _HERE / "questions"
# The keys that the file of a provenance may have.
_KEYS = (*FACTS, "encoding", "sha256")


def bundled_paths() -> tuple[Path, ...]:
    """Return the statement files that are part of the project."""
    return tuple(sorted((_HERE / "statements").glob("*.txt")))


def load_statement(path: Path, statement_id: str | None = None) -> Statement:
    """Read a statement and its provenance, and cut it into passages.

    The provenance is a TOML file of the same name in the same folder. It may be missing.

    Args:
        path: A plain text file.
        statement_id: Id of the statement; made from the file name when omitted.

    Raises:
        ShuttenError: The file or its provenance cannot be used; the message says why.
    """
    path = arguments.require_path(path, "the file of a statement")
    source = read_source(path, statement_id and arguments.require_text(statement_id, "an id"))
    passages = parse(source.text)
    if not passages:
        raise ShuttenError(f"{path}: no text was found in it; give a file that holds a statement")
    recorded = _read_provenance(path.with_suffix(".toml"), source)
    return Statement(source, complete(recorded, source, passages), passages)


def statement_from_text(statement_id: str, text: str) -> Statement:
    """Return the statement that a text makes, without provenance. It may have no passages."""
    return Statement(Source(statement_id, text.encode()), Provenance(), parse(text))


def unknown_key_warnings(path: Path) -> list[str]:
    """Return a line for each unknown key in the provenance of the statement at `path`."""
    toml_path = path.with_suffix(".toml")
    warnings = []
    for key in sorted(_read_toml(toml_path).keys() - _KEYS):
        similar = get_close_matches(key.lower(), _KEYS, 1)
        advice = (
            f"; did you mean {similar[0]!r}?" if similar else f"; the keys are {', '.join(_KEYS)}"
        )
        warnings.append(f"{toml_path.name}: the key {key!r} is not known and left out{advice}")
    return warnings


def _read_toml(path: Path) -> dict[str, Any]:
    """Return the table in a TOML file; an empty one if there is no file.

    Raises:
        ShuttenError: The file is not valid TOML, or has a key of `_KEYS` in another case.
    """
    if not (path.exists() or path.is_symlink()):
        return {}
    try:
        table = tomllib.loads(read_text(path, MAX_RECORDED))
    except (ValueError, RecursionError) as error:
        raise ShuttenError(f"{path}: not a readable TOML file ({error}); mend it") from None
    for key in table:
        if key not in _KEYS and key.lower() in _KEYS:
            raise ShuttenError(f"{path}: the key {key!r} must be written {key.lower()!r}")
    return table


def _read_provenance(path: Path, source: Source) -> Provenance:
    table = _read_toml(path)
    expected = table.get("sha256")
    if expected and expected != source.sha256:
        raise ShuttenError(
            f"{path}: the statement's sha256 is {source.sha256}, not the one recorded here; "
            "restore the statement, or record the new checksum"
        )
    return Provenance(**checked({key: table[key] for key in FACTS if key in table}, str(path)))
