"""Lists of statements and of their facts, for readers and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from shlex import quote
from typing import Any

from corpus.documents import Area, Document, Format
from corpus.facts.reading import BY_HAND
from corpus.facts.recorded import FACTS
from corpus.formats.encodings import display_name, is_guessed
from corpus.records import Provenance, Source, Statement

_FOUND = {
    "recorded": "recorded in the file beside it",
    "head": "from the head of the file",
    "title": "from the title",
    "text": "from the text",
    BY_HAND: "set by hand",
}
FORMAT_NAMES: dict[Format, str] = {"pdf": "PDF", "html": "web page", "docx": "Word file"}
_MAX_PARTIES = 4  # that a table names


def newest_first(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements by date, the newest first. Those without a date come last."""
    return sorted(statements, key=lambda statement: statement.provenance.date, reverse=True)


def statement_row(statement: Statement) -> dict[str, Any]:
    """Return the JSON object of a statement in a list of statements: its facts and counts.

    `shutten index list --json`, `GET /statements` and the MCP tools give it.
    """
    source = statement.source
    return {
        "id": statement.id,
        **asdict(statement.provenance),
        "passages": len(statement.passages),
        "sentences": _sentences(statement),
        "bytes": len(source.data),
        "sha256": source.sha256,
        "encoding": source.encoding,
        "encoding_guessed": is_guessed(source.data, source.encoding),
        "document": document_row(source.document) if source.document else None,
    }


def document_row(document: Document) -> dict[str, Any]:
    """Return the JSON object of the file that a text was read from."""
    details = document.details
    return {
        "format": document.format,
        "sha256": document.sha256,
        "reader": document.reader,
        "pages": details.pages,
        "cuts": len(details.cuts),
        "ocr": details.recognised,
        "warnings": list(details.warnings),
    }


def table_row(statement: Statement) -> list[str]:
    """Return the cells of a statement in a table: id, date, parties, title, passages, a note."""
    facts = statement.provenance
    more = len(facts.parties) - _MAX_PARTIES
    parties = " ".join([*facts.parties[:_MAX_PARTIES], *([f"+{more}"] if more > 0 else [])])
    title, passages = _one_line(facts.title or facts.title_en), str(len(statement.passages))
    note = source_note(statement.source)
    return [statement.id, facts.date, parties, title, passages, note]


TABLE_HEAD = ("id", "date", "parties", "title", "passages", "")


def fact_lines(statement: Statement, origin: str) -> Iterator[str]:
    """Return the lines that show all that is known of a statement.

    A fact that is not known is shown with the command that sets it.

    Args:
        statement: The statement.
        origin: The path that it was added from.
    """
    source = statement.source
    counts = {
        "passages": f"{len(statement.passages):,}",
        "sentences": f"{_sentences(statement):,}",
        "bytes": f"{len(source.data):,}",
        "sha256": source.sha256,
        "encoding": " ".join([display_name(source.encoding), *_guessed(source)]),
        "added from": origin,
    }
    if document := source.document:
        counts |= {
            "read from": document_note(document),
            "its sha256": document.sha256,
            "cut": f"{len(document.details.cuts):,} pieces (`--cut` shows them)",
        }
    width = max(map(len, (*FACTS, *counts)))
    for name in FACTS:
        yield f"{name:{width}}  {_fact(statement, name)}"
    for name, value in counts.items():
        yield f"{name:{width}}  {value}"


def cut_rows(source: Source) -> list[dict[str, Any]]:
    """Return as JSON objects what of the original file is not in the text, and why."""
    cuts = source.document.details.cuts if source.document else ()
    return [
        {"reason": cut.reason, "text": cut.text}
        | (cut.where.to_json() if isinstance(cut.where, Area) else {"element": cut.where})
        for cut in cuts
    ]


def cut_line(row: Mapping[str, Any]) -> str:
    """Return a row of `cut_rows` in one line."""
    place = f"p. {row['page']}" if "page" in row else row["element"]
    return f"{row['reason']} ({place}): {_one_line(row['text'])}"


def fact_text(value: str | tuple[str, ...]) -> str:
    """Return the value of a fact in one line; empty if it is not known."""
    return _one_line(value if isinstance(value, str) else ", ".join(value))


def changed_facts(before: Provenance, after: Provenance) -> Iterator[str]:
    """Return a line for each fact that changed, with what it was before."""
    for name in FACTS:
        old, new = (fact_text(getattr(facts, name)) or "not known" for facts in (before, after))
        was, found = (facts.origins.get(name, "") for facts in (before, after))
        if old != new:
            yield f"{name}: {new} (before: {old})"
        elif was != found:
            yield f"{name}: {new} ({_FOUND[found]}; before: {_FOUND[was] if was else old})"


def source_note(source: Source) -> str:
    """Return a note on a document, or on an encoding that was guessed; otherwise an empty text."""
    if source.document:
        return document_note(source.document)
    guessed = _guessed(source)
    return " ".join(["read as", display_name(source.encoding), *guessed]) if guessed else ""


def document_note(document: Document) -> str:
    """Return the format of a document in words, such as `PDF of 3 pages, read by OCR`."""
    details = document.details
    pages = f" of {details.pages} {'page' if details.pages == 1 else 'pages'}"
    name = FORMAT_NAMES[document.format] + (pages if details.pages else "")
    return f"{name}, read by OCR" if details.recognised else name


def _guessed(source: Source) -> list[str]:
    return ["(guessed)"] if is_guessed(source.data, source.encoding) else []


def _fact(statement: Statement, name: str) -> str:
    provenance = statement.provenance
    value, found = fact_text(getattr(provenance, name)), provenance.origins.get(name, "")
    if value:
        return f"{value}  ({_FOUND.get(found, found)})"
    emptied = f" ({_FOUND[BY_HAND]})" if found == BY_HAND else ""
    return f"not known{emptied}; set it: `shutten index set {quote(statement.id)} {name}=...`"


def _sentences(statement: Statement) -> int:
    return sum(len(passage.sentences) for passage in statement.passages)


def _one_line(text: str) -> str:
    """Return text in one line, without characters that would move the cursor of a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
