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
from corpus.files import text_of
from corpus.formats.documents import ReadDocument, document_format
from corpus.formats.isolation import IsolatedReader, read_isolated
from corpus.formats.reading import UnreadableError
from corpus.formats.text import decode, require_bounded, slug
from corpus.inputs import InputFile
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse

_HERE = Path(__file__).parent
QUESTIONS = _HERE / "questions"
# The keys that the file of a provenance may have.
_KEYS = (*FACTS, "encoding", "sha256")


def bundled_paths() -> tuple[Path, ...]:
    """Return the statement files that are part of the project."""
    return tuple(sorted((_HERE / "statements").glob("*.txt")))


def load_statement(
    path: Path | InputFile,
    statement_id: str | None = None,
    *,
    reader: IsolatedReader | None = None,
    ocr: str = "",
) -> Statement:
    """Read a statement and its provenance, and cut it into passages.

    The provenance is a TOML file of the same name in the same folder. It may be missing.

    Args:
        path: A plain text or Markdown file, a web page, a PDF or a Word file.
        statement_id: Id of the statement; made from the file name when omitted.
        reader: The process in which documents are read; one of its own when omitted.
        ocr: Languages in which the words of scanned pages are recognised, such as `jpn+eng`.

    Raises:
        ShuttenError: The file or its provenance cannot be used; the message says why.
    """
    if isinstance(path, InputFile):
        file = path
    else:
        file = InputFile(arguments.require_path(path, "the file of a statement"))
    if statement_id:
        arguments.require_text(statement_id, "an id")
    source = _read_source(file, statement_id or slug(file.name), reader, ocr)
    passages = parse(source.text)
    if not passages:
        raise ShuttenError(
            f"{file.label}: no text was found in it; give a file that holds a statement"
        )
    recorded = _read_provenance(file, source)
    return Statement(source, complete(recorded, source, passages), passages)


def _read_source(
    file: InputFile, statement_id: str, reader: IsolatedReader | None, ocr: str
) -> Source:
    data = file.data()
    format_ = document_format(data)
    if format_ is None:
        return decode(data, file.label, statement_id)
    read = reader.read if reader else read_isolated
    try:
        source = source_of(read(data, format_, ocr=ocr), statement_id)
    except UnreadableError as error:
        raise ShuttenError(f"{file.label}: {error}") from None
    require_bounded(source, file.label)
    return source


def source_of(read: ReadDocument, statement_id: str) -> Source:
    """Return the text of a document that was read."""
    return Source(statement_id, read.text.encode("utf-8", "replace"), "utf-8", read.document)


def statement_from_text(statement_id: str, text: str) -> Statement:
    """Return the statement that a text makes, without provenance. It may have no passages."""
    return Statement(Source(statement_id, text.encode()), Provenance(), parse(text))


def unknown_key_warnings(file: InputFile) -> list[str]:
    """Return a line for each unknown key in the provenance of the statement in a file."""
    toml = file.beside(".toml")
    warnings = []
    for key in sorted(_read_toml(toml).keys() - _KEYS):
        similar = get_close_matches(key.lower(), _KEYS, 1)
        advice = (
            f"; did you mean {similar[0]!r}?" if similar else f"; the keys are {', '.join(_KEYS)}"
        )
        warnings.append(
            f"{toml.name.name if toml else ''}: the key {key!r} is not known and left out{advice}"
        )
    return warnings


def _read_toml(file: InputFile | None) -> dict[str, Any]:
    """Return the table in a TOML file; an empty one if there is no file.

    Raises:
        ShuttenError: The file is not valid TOML, or has a key of `_KEYS` in another case.
    """
    if file is None:
        return {}
    try:
        table = tomllib.loads(text_of(file.data(MAX_RECORDED), file.label))
    except (ValueError, RecursionError) as error:
        raise ShuttenError(f"{file.label}: not a readable TOML file ({error}); mend it") from None
    for key in table:
        if key not in _KEYS and key.lower() in _KEYS:
            raise ShuttenError(f"{file.label}: the key {key!r} must be written {key.lower()!r}")
    return table


def _read_provenance(file: InputFile, source: Source) -> Provenance:
    toml = file.beside(".toml")
    if toml is None:
        return Provenance()
    table, path = _read_toml(toml), toml.label
    expected = table.get("sha256")
    sha256 = source.document.sha256 if source.document else source.sha256
    if expected and expected != sha256:
        raise ShuttenError(
            f"{path}: the statement's sha256 is {sha256}, not the one recorded here; "
            "restore the statement, or record the new checksum"
        )
    return Provenance(**checked({key: table[key] for key in FACTS if key in table}, path))
