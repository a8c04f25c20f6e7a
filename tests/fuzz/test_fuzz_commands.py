"""The command line with odd words and odd files: an exit code of 0, 1 or 2, and one line."""

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
from command_line import BUNDLED, Done, Shutten
from fuzzing import ROOT, Fuzz
from odd import QUESTIONS, Odd, encoded

from web.security.password_hashes import hash_password

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]
TEXT = (ROOT / "corpus" / "statements" / f"{BUNDLED}.txt").read_bytes()[:1500]
TEXT = TEXT[: TEXT.rindex("。".encode()) + 3]
TOML = """title = "第2回 会合"
title_en = "Second meeting"
date = 2023-05-26
issuers = ["経済産業省", "商務省"]
status = "仮訳"
url = "https://example.org/a"
""".encode()
ROW = {"id": "1", "question": QUESTIONS[1], "gold": [], "history": [], "kind": "unanswerable"}
SET = b"\n".join(encoded(ROW | {"id": str(n), "question": QUESTIONS[n]}) for n in range(3))
TABLE = f'question,gold,history\n{QUESTIONS[0]},,\n"{QUESTIONS[1]}",,a\n'.encode()
SPAN = {"text": "両省", "start": 0, "end": 2, "statement": BUNDLED, "sha256": "0" * 64}
ANSWER = {"status": "answered", "question": "q", "quotes": [SPAN], "nearest": [SPAN]}
ASKED = {"question": "半導体とは", "id": "a", "answers": [{"text": "半導体", "answer_start": 0}]}
ENTRY = {"paragraphs": [{"context": "半導体は、物質である。", "qas": [ASKED]}]}
SQUAD = encoded({"data": [ENTRY | {"title": "t"}]})
NOBODY = f"# accounts\nann:{hash_password('correct horse')}\n".encode()
MOST = 1500  # bytes of a file of questions, lest they take long


@dataclass(frozen=True)
class Command:
    """Words after `shutten`, the files they name, and what is typed."""

    words: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    typed: bytes = b""


def drawn(odd: Odd) -> Command:
    makers = [asking, batch, verifying, checking, adding, index, evaluating, squad, account, any_]
    command = odd.choice(makers)(odd)
    if odd.random() < 0.1:
        command.words.insert(odd.randrange(len(command.words) + 1), odd.text())
    return command


def asking(odd: Odd) -> Command:
    words = ["ask", odd.text()]
    for _ in range(odd.choice([0, 0, 1, 3])):
        words += ["--history", odd.text()]
    if odd.random() < 0.5:
        words += ["-k", odd.either(["1", "3", "12"], lambda: str(odd.number()))]
    return Command(words + ["--json"] * odd.randrange(2))


def batch(odd: Odd) -> Command:
    lines = odd.file(SET)[:MOST]
    out = odd.either(["out.jsonl"], lambda: odd.choice(["in.jsonl", "", ".", "/dev/null/x"]), 0.2)
    return Command(["ask", "--batch", "in.jsonl", "--out", out], {"in.jsonl": lines})


def verifying(odd: Odd) -> Command:
    kept = odd.either([ANSWER], lambda: {"answers": [ANSWER]}, 0.3)
    lines = odd.choice([odd.json_bytes(kept), odd.file(encoded(ANSWER) + b"\n" + encoded(ANSWER))])
    files, words = {"a.json": lines}, ["verify", "a.json"]
    if odd.random() < 0.3:
        files["s.txt"], words = odd.file(TEXT), [*words, "--source", "s.txt"]
    return Command(words + ["--json"] * odd.randrange(2), files)


def checking(odd: Odd) -> Command:
    claim = odd.either([odd.text()], lambda: odd.damaged(TEXT)[:900].decode("utf-8", "replace"))
    return Command(["check", claim] + ["--json"] * odd.randrange(2))


def adding(odd: Odd) -> Command:
    """A statement or its provenance is odd, or both, or the id."""
    name = odd.choice(["s.txt", "s.md"])
    files = {name: odd.either([TEXT], lambda: odd.file(TEXT), 0.6)}
    if odd.random() < 0.6:
        files["s.toml"] = toml(odd)
    words = ["index", "add", odd.either([name], odd.short, 0.1)]
    return Command(words + (["--id", odd.short()] if odd.random() < 0.1 else []), files)


def toml(odd: Odd) -> bytes:
    """A damaged one, or one with a value of another kind."""
    if odd.random() < 0.5:
        return odd.file(TOML)
    key = odd.choice(["title", "date", "issuers", "url", "language", "sha256", "nothing"])
    values = [json.dumps(odd.short()), str(odd.number()).lower(), "[" * odd.choice([1, 50, 2000])]
    values += ["1979-05-27T07:32:00Z", "07:32:00", "0001-01-01", "{a = 1}", "[[1], ['x']]"]
    return TOML.replace(b"title_en", b"venue") + f"{key} = {odd.choice(values)}\n".encode()


def index(odd: Odd) -> Command:
    words = odd.choice([["list"], ["list", "--json"], ["check"], ["remove", odd.text()]])
    home = ["--home", odd.either(["nowhere"], odd.short)] if odd.random() < 0.3 else []
    return Command(["index", *words, *home])


def evaluating(odd: Odd) -> Command:
    name, good = odd.choice([("q.jsonl", SET), ("q.csv", TABLE)])
    words = ["eval", name] + ["--split", odd.short()] * (odd.random() < 0.2)
    words += ["--system", odd.choice(["full", "lexical", "x"])] * odd.randrange(2)
    return Command(words, {name: odd.file(good)[:MOST]})


def squad(odd: Odd) -> Command:
    files, data = {"p.json": SQUAD, "q.json": SQUAD}, json.loads(SQUAD)
    files[odd.choice(list(files))] = odd.choice([odd.file(SQUAD), odd.json_bytes(data)])
    words = ["eval", "squad", "--passages", "p.json", "--questions", "q.json"]
    if odd.random() < 0.3:
        words += ["--sample", str(odd.number()), "--seed", str(odd.number())]
    return Command(words, {name: data[: 10 * MOST] for name, data in files.items()})


def account(odd: Odd) -> Command:
    words = ["chat", "--auth-file", odd.either(["who"], lambda: "nowhere/who", 0.1)]
    words += ["--add-user", odd.either(["ann"], odd.short)]
    typed = odd.text().encode("utf-8", "surrogatepass") + b"\n"
    return Command(
        words, {"who": odd.file(NOBODY)}, odd.either([b"correct horse\n"], lambda: typed)
    )


def any_(odd: Odd) -> Command:
    """Words in any order; none that opens the chat or loads another model."""
    known = ["ask", "verify", "check", "index", "eval", "feedback", "model", "list", "build"]
    known += ["--json", "--home", "--help", "-k", "--version", "--history", "--out", "--"]
    return Command([odd.either(known, odd.text, 0.3) for _ in range(odd.randrange(5))])


def test_every_command_ends_well(
    fuzz: Fuzz,
    shutten: Shutten,
    own_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def prepare(command: Command) -> None:
        shutil.rmtree(folder)
        folder.mkdir()
        os.chdir(folder)
        for name, data in command.files.items():
            (folder / name).write_bytes(data)

    def here(command: Command) -> None:
        prepare(command)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(command.typed), "utf-8"))
        well(shutten(*command.words))

    def apart(command: Command) -> None:
        prepare(command)
        words = [one.encode("utf-8", "surrogatepass") for one in command.words]
        if any(b"\0" in one or len(one) > 100_000 for one in words):
            return  # no shell gives them
        about = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"}
        run = [sys.executable, "-m", "cli", *words]
        done = subprocess.run(run, input=command.typed, env=about, capture_output=True, timeout=60)
        well(Done(done.returncode, done.stdout.decode(), done.stderr.decode()))

    prepare(Command([], {"p.json": SQUAD}))
    shutten("eval", "squad", "--passages", "p.json", "--questions", "p.json")  # reads once
    fuzz.run("commands", drawn, here)
    fuzz.run("processes", drawn, apart, share=0.03)
    shutten("index", "check").succeeded()


def well(done: Done) -> None:
    """An exit code that is stated, and what is wrong in one line."""
    assert done.code in (0, 1, 2), done
    assert "Traceback" not in done.err, done.err[-500:]
    if done.code == 2:
        assert done.said.splitlines()[-1].startswith("shutten: "), done
