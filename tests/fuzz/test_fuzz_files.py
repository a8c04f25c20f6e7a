"""Files of every kind that is read, damaged in every way: read, or refused in one line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from fuzzing import Fuzz
from odd import Odd, encoded
from test_fuzz_commands import TOML

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS as SETS
from corpus.library import load_statement, unknown_key_warnings
from corpus.question_sets import check_gold, load_questions
from corpus.records import Statement
from qa.proof import verification
from qa.proof.kept_answers import load
from qa.rendering.terminal import verdict_to_text
from web.security.accounts import Accounts
from web.security.password_hashes import hash_password

ROWS = (SETS / "jucip-2023.jsonl").read_bytes().splitlines()[:12]
TABLE = 'question,gold,id\n"What, when?","両省は、\n半導体",a\nQ,,b\n'.encode()
LINES = (
    b"# who may come in\n\n"
    + "".join(f"{name}:{hash_password('correct horse')}\n" for name in ("ann", "太郎")).encode()
)

pytestmark = pytest.mark.slow


def statement_file(path: Path, statement: Statement) -> None:
    found = load_statement(path)
    for passage in found.passages:
        for sentence in passage.sentences:
            assert sentence.of(found.source.text).strip()
            assert found.source.data[slice(*span(found, sentence))].decode(found.source.encoding)


def span(statement: Statement, sentence: object) -> tuple[int, int]:
    found = statement.source.byte_span(sentence)  # type: ignore[arg-type]
    return found.start, found.end


def provenance(path: Path, statement: Statement) -> None:
    beside = path.with_suffix(".txt")
    beside.write_bytes(statement.source.data)
    unknown_key_warnings(beside)
    load_statement(beside)


def questions(path: Path, statement: Statement) -> None:
    check_gold(load_questions(path), statement)


def kept_answers(path: Path, statement: Statement) -> None:
    verdicts = verification.verify_all(load(path), [statement.id], lambda _: statement)
    json.dumps(verification.report(verdicts))
    assert all(map(verdict_to_text, verdicts))


def account_file(path: Path, statement: Statement) -> None:
    known = Accounts(path)
    for header in ("Basic YW5uOmNvcnJlY3QgaG9yc2U=", "Basic é", "x", ""):
        known.admits(header)
        known.remembers(header)


def kept(statement: Statement) -> bytes:
    """Answers as they are kept, one a line."""
    text, spans = statement.source.text, [one.span for one in statement.passages]
    quotes = [
        {"text": one.of(text), "start": one.start, "end": one.end, "statement": statement.id}
        for one in spans[:3]
    ]
    answer = {"status": "answered", "quotes": quotes, "nearest": quotes[:1], "question": "q"}
    return encoded(answer) + b"\n" + encoded(answer | {"quotes": []})


READERS: dict[str, tuple[str, Callable[[Path, Statement], None]]] = {
    "statement": (".txt", statement_file),
    "statement in Markdown": (".md", statement_file),
    "provenance": (".toml", provenance),
    "questions": (".jsonl", questions),
    "questions as CSV": (".csv", questions),
    "kept answers": (".json", kept_answers),
    "accounts": ("", account_file),
}


def good(name: str, statement: Statement) -> bytes:
    markdown = b"---\ntitle: x\n---\n\n# A\n\n- **b** [c](http://d)\n  1. e\n\n| f | g |\n"
    return {
        "statement": statement.source.data,
        "statement in Markdown": markdown + statement.source.data,
        "provenance": TOML,
        "questions": b"\n".join(ROWS),
        "questions as CSV": TABLE,
        "kept answers": kept(statement),
        "accounts": LINES,
    }[name]


def drawn(odd: Odd, data: bytes, is_json: bool) -> bytes:
    """A damaged file, or a good JSON file with odd values."""
    if not is_json or odd.random() < 0.5:
        return odd.file(data)
    lines = [json.loads(line) for line in data.splitlines()]
    return b"\n".join(odd.json_bytes(line) for line in lines)


@pytest.mark.parametrize(("name", "about"), READERS.items(), ids=READERS)
def test_a_file_is_read_or_refused(
    fuzz: Fuzz,
    name: str,
    about: tuple[str, Callable[[Path, Statement], None]],
    statement: Statement,
    tmp_path: Path,
) -> None:
    suffix, read = about
    path = tmp_path / f"file{suffix}"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(ShuttenError):
            read(path, statement)

    data, is_json = good(name, statement), suffix in (".jsonl", ".json")
    fuzz.run(name, partial(drawn, data=data, is_json=is_json), check)
