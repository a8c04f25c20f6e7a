"""The command line with odd words and odd files: every command ends as it is documented."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from command_line import BUNDLED, CommandResult, Shutten
from fuzzing import ROOT, Fuzz
from odd import QUESTIONS, OddValues, encoded

from web.security.password_hashes import hash_password

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]
TEXT = (ROOT / "corpus" / "statements" / f"{BUNDLED}.txt").read_bytes()[:1500]
TEXT = TEXT[: TEXT.rindex("。".encode()) + 3]
PROVENANCE = """title = "第2回 会合"
title_en = "Second meeting"
date = 2023-05-26
issuers = ["経済産業省", "商務省"]
status = "仮訳"
url = "https://example.org/a"
""".encode()
ROW = {"gold": [], "history": [], "kind": "unanswerable"}
JSONL = b"\n".join(encoded({"id": str(n), "question": QUESTIONS[n], **ROW}) for n in range(3))
CSV = f'question,gold,history\n{QUESTIONS[0]},,\n"{QUESTIONS[1]}",,a\n'.encode()
QUOTE = {"text": "両省", "start": 0, "end": 2, "statement": BUNDLED, "sha256": "0" * 64}
ANSWER = {"status": "answered", "question": "q", "quotes": [QUOTE], "nearest": [QUOTE]}
SQUAD_QUESTION = {
    "question": "半導体とは",
    "id": "a",
    "answers": [{"text": "半導体", "answer_start": 0}],
}
PARAGRAPH = {"context": "半導体は、物質である。", "qas": [SQUAD_QUESTION]}
SQUAD = encoded({"data": [{"title": "t", "paragraphs": [PARAGRAPH]}]})
ACCOUNTS = f"# accounts\nann:{hash_password('correct horse')}\n".encode()
MAX_QUESTIONS = 1500  # bytes of a file of questions, so that no command takes long


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        words: The words after `shutten`.
        files: The files that they name.
        typed: What the user types.
    """

    words: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    typed: bytes = b""


def draw_command(odd: OddValues) -> Command:
    command = odd.choice(COMMANDS)(odd)
    if odd.random() < 0.1:
        command.words.insert(odd.randrange(len(command.words) + 1), odd.text())
    return command


def ask(odd: OddValues) -> Command:
    words = ["ask", odd.text()]
    for _ in range(odd.choice([0, 0, 1, 3])):
        words += ["--history", odd.text()]
    if odd.random() < 0.5:
        words += ["-k", odd.either(["1", "3", "12"], lambda: str(odd.number()))]
    return Command(words + ["--json"] * odd.randrange(2))


def ask_batch(odd: OddValues) -> Command:
    lines = odd.file(JSONL)[:MAX_QUESTIONS]
    out = odd.either(["out.jsonl"], lambda: odd.choice(["in.jsonl", "", ".", "/dev/null/x"]), 0.2)
    return Command(["ask", "--batch", "in.jsonl", "--out", out], {"in.jsonl": lines})


def verify(odd: OddValues) -> Command:
    answers = odd.either([ANSWER], lambda: {"answers": [ANSWER]}, 0.3)
    lines = odd.choice(
        [odd.json_bytes(answers), odd.file(encoded(ANSWER) + b"\n" + encoded(ANSWER))]
    )
    files, words = {"a.json": lines}, ["verify", "a.json"]
    if odd.random() < 0.3:
        files["s.txt"], words = odd.file(TEXT), [*words, "--source", "s.txt"]
    return Command(words + ["--json"] * odd.randrange(2), files)


def check(odd: OddValues) -> Command:
    claim = odd.either([odd.text()], lambda: odd.damaged(TEXT)[:900].decode("utf-8", "replace"))
    return Command(["check", claim, *filters(odd)] + ["--json"] * odd.randrange(2))


def filters(odd: OddValues) -> list[str]:
    """Draw a filter of statements, often none."""
    good = {"--statement": BUNDLED, "--from": "2023", "--to": "2023-05", "--party": "日本"}
    name = odd.choice(list(good))
    return [name, odd.either([good[name]], odd.text)] if odd.random() < 0.3 else []


def add(odd: OddValues) -> Command:
    """Add a statement of which the text, the provenance or the id may be odd."""
    name = odd.choice(["s.txt", "s.md"])
    files = {name: odd.either([TEXT], lambda: odd.file(TEXT), 0.6)}
    if odd.random() < 0.6:
        files["s.toml"] = provenance(odd)
    words = ["index", "add", odd.either([name], odd.short_text, 0.1)]
    return Command(words + (["--id", odd.short_text()] if odd.random() < 0.1 else []), files)


def provenance(odd: OddValues) -> bytes:
    """Draw a damaged file, or one with a value of another type."""
    if odd.random() < 0.5:
        return odd.file(PROVENANCE)
    key = odd.choice(["title", "date", "issuers", "url", "language", "sha256", "nothing"])
    values = [
        json.dumps(odd.short_text()),
        str(odd.number()).lower(),
        "[" * odd.choice([1, 50, 2000]),
    ]
    values += ["1979-05-27T07:32:00Z", "07:32:00", "0001-01-01", "{a = 1}", "[[1], ['x']]"]
    return PROVENANCE.replace(b"title_en", b"venue") + f"{key} = {odd.choice(values)}\n".encode()


def index(odd: OddValues) -> Command:
    words = odd.choice([["list"], ["list", "--json"], ["check"], ["remove", odd.text()]])
    home = ["--home", odd.either(["nowhere"], odd.short_text)] if odd.random() < 0.3 else []
    return Command(["index", *words, *home])


def facts(odd: OddValues) -> Command:
    """Show facts of a statement, or set some."""
    statement = odd.either([BUNDLED], odd.text, 0.2)
    if odd.random() < 0.3:
        return Command(["index", "show", statement] + ["--json"] * odd.randrange(2))
    good = ["date=2023-05-26", "parties=JP,米国", "title=", "number=2", "language=ja", "venue=x"]
    keys = ["date", "title", "url", "issuers", "parties", "number", "kind", "origins", ""]
    words = [
        odd.either(good, lambda: f"{odd.choice(keys)}={odd.text()}", 0.4)
        for _ in range(odd.choice([1, 1, 3]))
    ]
    return Command(["index", "set", statement, *words])


def evaluate(odd: OddValues) -> Command:
    name, good = odd.choice([("q.jsonl", JSONL), ("q.csv", CSV)])
    words = ["eval", name] + ["--split", odd.short_text()] * (odd.random() < 0.2)
    words += ["--system", odd.choice(["full", "lexical", "x"])] * odd.randrange(2) + filters(odd)
    return Command(words, {name: odd.file(good)[:MAX_QUESTIONS]})


def evaluate_squad(odd: OddValues) -> Command:
    files, data = {"p.json": SQUAD, "q.json": SQUAD}, json.loads(SQUAD)
    files[odd.choice(list(files))] = odd.choice([odd.file(SQUAD), odd.json_bytes(data)])
    words = ["eval", "squad", "--passages", "p.json", "--questions", "q.json"]
    if odd.random() < 0.3:
        words += ["--sample", str(odd.number()), "--seed", str(odd.number())]
    return Command(words, {name: data[: 10 * MAX_QUESTIONS] for name, data in files.items()})


def add_account(odd: OddValues) -> Command:
    words = ["chat", "--auth-file", odd.either(["who"], lambda: "nowhere/who", 0.1)]
    words += ["--add-user", odd.either(["ann"], odd.short_text)]
    typed = odd.text().encode("utf-8", "surrogatepass") + b"\n"
    return Command(
        words, {"who": odd.file(ACCOUNTS)}, odd.either([b"correct horse\n"], lambda: typed)
    )


def any_words(odd: OddValues) -> Command:
    """Draw words in any order, but none that starts the chat or loads another model."""
    words = ["ask", "verify", "check", "index", "eval", "feedback", "model", "list", "build"]
    words += ["--json", "--home", "--help", "-k", "--version", "--history", "--out", "--"]
    return Command([odd.either(words, odd.text, 0.3) for _ in range(odd.randrange(5))])


COMMANDS = [
    *(ask, ask_batch, verify, check, add, index, facts, evaluate, evaluate_squad, add_account),
    any_words,
]


def test_every_command_ends_as_documented(
    fuzz: Fuzz,
    shutten: Shutten,
    own_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write_files(command: Command) -> None:
        shutil.rmtree(folder)
        folder.mkdir()
        os.chdir(folder)
        for name, data in command.files.items():
            (folder / name).write_bytes(data)

    def check_in_this_process(command: Command) -> None:
        write_files(command)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(command.typed), "utf-8"))
        check_end(shutten(*command.words))

    def check_in_another_process(command: Command) -> None:
        write_files(command)
        words = [word.encode("utf-8", "surrogatepass") for word in command.words]
        if any(b"\0" in word or len(word) > 100_000 for word in words):
            return  # no shell passes such words
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"}
        run = [sys.executable, "-m", "cli", *words]
        ended = subprocess.run(
            run, input=command.typed, env=environment, capture_output=True, timeout=60
        )
        check_end(CommandResult(ended.returncode, ended.stdout.decode(), ended.stderr.decode()))

    write_files(Command([], {"p.json": SQUAD}))
    shutten("eval", "squad", "--passages", "p.json", "--questions", "p.json")  # encodes it once
    fuzz.run("commands", draw_command, check_in_this_process)
    fuzz.run("processes", draw_command, check_in_another_process, share=0.03)
    shutten("index", "check").succeeded()


def check_end(result: CommandResult) -> None:
    """Check that the exit code is documented, and that a usage error is explained in one line."""
    assert result.code in (0, 1, 2), result
    assert "Traceback" not in result.err, result.err[-500:]
    if result.code == 2:
        assert result.error_text.splitlines()[-1].startswith("shutten: "), result
