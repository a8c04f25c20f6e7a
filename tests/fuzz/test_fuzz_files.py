"""Files of every kind, damaged in many ways, are read or refused with a `ShuttenError`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fuzzing import Fuzz
from gold import check_gold
from odd import OddValues, encoded
from test_fuzz_commands import PROVENANCE

from corpus.errors import ShuttenError
from corpus.inputs import InputFile
from corpus.library import QUESTIONS as SETS
from corpus.library import load_statement, unknown_key_warnings
from corpus.question_sets import load_questions
from corpus.records import Statement
from qa.proof import verification
from qa.proof.kept_answers import load
from qa.rendering.terminal import verdict_to_text
from web.security.accounts import Accounts
from web.security.password_hashes import hash_password

ROWS = (SETS / "jucip-2023.jsonl").read_bytes().splitlines()[:12]
CSV = 'question,gold,id\n"What, when?","両省は、\n半導体",a\nQ,,b\n'.encode()
ACCOUNTS = (
    b"# who may come in\n\n"
    + "".join(f"{name}:{hash_password('correct horse')}\n" for name in ("ann", "太郎")).encode()
)

pytestmark = pytest.mark.slow


def read_statement(path: Path, _: Statement) -> None:
    """Read a statement, and check that each sentence is found in the bytes of the file."""
    statement = load_statement(path)
    source = statement.source
    for passage in statement.passages:
        for sentence in passage.sentences:
            assert sentence.of(source.text).strip()
            span = source.byte_span(sentence)
            assert source.data[span.start : span.end].decode(source.encoding)


def read_provenance(path: Path, statement: Statement) -> None:
    text = path.with_suffix(".txt")
    text.write_bytes(statement.source.data)
    unknown_key_warnings(InputFile(text))
    load_statement(text)


def read_questions(path: Path, statement: Statement) -> None:
    check_gold(load_questions(path), statement)


def read_answers(path: Path, statement: Statement) -> None:
    verdicts = verification.verify_all(load(path), [statement.id], lambda _: statement)
    json.dumps(verification.report(verdicts))
    assert all(map(verdict_to_text, verdicts))


def read_accounts(path: Path, _: Statement) -> None:
    accounts = Accounts(path)
    for header in ("Basic YW5uOmNvcnJlY3QgaG9yc2U=", "Basic é", "x", ""):
        accounts.admits(header)
        accounts.remembers(header)


def kept_answers(statement: Statement) -> bytes:
    """Return two answers as JSON, one in a line."""
    text, spans = statement.source.text, [passage.span for passage in statement.passages]
    quotes: list[dict[str, Any]] = [
        {"text": span.of(text), "start": span.start, "end": span.end, "statement": statement.id}
        for span in spans[:3]
    ]
    quotes[0] |= {"counterpart": quotes[1]}
    answer = {"status": "answered", "quotes": quotes, "nearest": quotes[:1], "question": "q"}
    return encoded(answer) + b"\n" + encoded(answer | {"quotes": []})


# How each kind of file is named and read.
READERS: dict[str, tuple[str, Callable[[Path, Statement], None]]] = {
    "statement": (".txt", read_statement),
    "statement in Markdown": (".md", read_statement),
    "provenance": (".toml", read_provenance),
    "questions": (".jsonl", read_questions),
    "questions as CSV": (".csv", read_questions),
    "kept answers": (".json", read_answers),
    "accounts": ("", read_accounts),
}


def good_file(name: str, statement: Statement) -> bytes:
    markdown = b"---\ntitle: x\n---\n\n# A\n\n- **b** [c](http://d)\n  1. e\n\n| f | g |\n"
    return {
        "statement": statement.source.data,
        "statement in Markdown": markdown + statement.source.data,
        "provenance": PROVENANCE,
        "questions": b"\n".join(ROWS),
        "questions as CSV": CSV,
        "kept answers": kept_answers(statement),
        "accounts": ACCOUNTS,
    }[name]


def draw_file(odd: OddValues, data: bytes, is_json: bool) -> bytes:
    """Draw a damaged file, or a file of JSON with odd values."""
    if not is_json or odd.random() < 0.5:
        return odd.file(data)
    lines = [json.loads(line) for line in data.splitlines()]
    return b"\n".join(odd.json_bytes(line) for line in lines)


@pytest.mark.parametrize("name", READERS)
def test_a_file_is_read_or_refused(
    fuzz: Fuzz, name: str, statement: Statement, tmp_path: Path
) -> None:
    suffix, read = READERS[name]
    path = tmp_path / f"file{suffix}"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(ShuttenError):
            read(path, statement)

    data, is_json = good_file(name, statement), suffix in (".jsonl", ".json")
    fuzz.run(name, partial(draw_file, data=data, is_json=is_json), check)
