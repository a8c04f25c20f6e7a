"""Pipes, sockets and devices may never end, so each reader of files refuses them at once."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import OPEN_RAN, Shutten
from processes import start_python

from corpus.errors import ShuttenError
from corpus.files import MAX_DATA
from corpus.question_sets import load_questions
from web.security import accounts

pytest_plugins = ["command_line"]


@pytest.fixture(autouse=True)
def _time_limit() -> Iterator[None]:
    """Fail a test that waits for a pipe that nothing is written to."""

    def fail(*_: object) -> None:
        raise TimeoutError("the test waits for a pipe")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=["pipe", "socket", "device", "folder"])
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "endless"
    if request.param == "pipe":
        os.mkfifo(path)
        yield path
    elif request.param == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            yield path
    elif request.param == "folder":
        path.mkdir()
        yield path
    else:
        yield Path("/dev/zero")


Reader = Callable[[Path, Shutten, Path], object]


def command(*words: object) -> Reader:
    """Return a reader that runs a command with the path in the place of PATH."""

    def run(path: Path, shutten: Shutten, folder: Path) -> None:
        quote = {"text": "x", "start": 0, "end": 1, "statement": "s"}
        (folder / "kept").write_text(json.dumps({"quotes": [quote], "nearest": []}), "utf-8")
        replacements = {"OUT": folder / "x", "KEPT": folder / "kept", "PATH": path}
        done = shutten(*(replacements.get(str(word), word) for word in words))
        done.refused(path)
        raise ShuttenError(done.error_text)

    return run


READERS: dict[str, Reader] = {
    "add": command("index", "add", "PATH"),
    "batch": command("ask", "--batch", "PATH", "--out", "OUT"),
    "verify": command("verify", "PATH"),
    "source": command("verify", "KEPT", "--source", "PATH"),
    "eval": command("eval", "PATH"),
    "squad passages": command("eval", "squad", "--passages", "PATH", "--questions", __file__),
    "accounts": lambda path, *_: accounts.Accounts(path),
    "a new account": lambda path, *_: accounts.add(path, "ann", "a long password"),
    "questions": lambda path, *_: load_questions(path),
}


@pytest.mark.parametrize("linked", [False, True], ids=["itself", "by a link"])
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_other_kinds_of_files_are_refused(
    reader: Reader, endless: Path, linked: bool, shutten: Shutten, tmp_path: Path
) -> None:
    path = endless
    if linked:
        path = tmp_path / "link"
        path.symlink_to(endless)
    with pytest.raises(
        ShuttenError, match=r"is a (?:device or a pipe|folder)|is not a regular"
    ) as refusal:
        reader(path, shutten, tmp_path)
    assert str(path) in str(refusal.value)
    assert not (tmp_path / "x").exists()


def test_csv_files(endless: Path, tmp_path: Path) -> None:
    (tmp_path / "set.csv").symlink_to(endless)
    with pytest.raises(ShuttenError, match=r"set\.csv: is a "):
        load_questions(tmp_path / "set.csv")


def test_provenance_beside_a_statement(endless: Path, shutten: Shutten, tmp_path: Path) -> None:
    (tmp_path / "town.txt").write_text("両市は、橋の建設について一致した。\n", "utf-8")
    (tmp_path / "town.toml").symlink_to(endless)
    shutten("index", "add", tmp_path / "town.txt").refused(f"{tmp_path / 'town.toml'}: is a ")


def test_dev_stdin_is_a_pipe_and_a_dash_reads_it(home: Path, assistant: object) -> None:
    kept = json.dumps({"quotes": [], "nearest": []})
    for name, words in (("/dev/stdin", "is a device or a pipe; give a file, or -"), ("-", "quote")):
        command = ("-m", "cli", "verify", name, "--home", home)
        process = start_python(*command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        out, errors = process.communicate(kept)
        assert (process.returncode, out) == (2, "")
        assert errors.startswith(f"shutten: {name}: ")
        assert words in errors


def test_a_batch_through_a_pipe(
    shutten: Shutten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = json.dumps({"id": "1", "question": OPEN_RAN}).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(row)))
    assert shutten("ask", "--batch", "-", "--out", tmp_path / "OUT.jsonl").succeeded() == ""
    answer = json.loads((tmp_path / "OUT.jsonl").read_text("utf-8"))
    assert answer["status"] == "answered"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(answer).encode())))
    assert "exact" in shutten("verify", "-").succeeded()


@pytest.mark.parametrize("argv", [["ask", "--batch", "-", "--out", "x"], ["verify", "-"]])
def test_a_pipe_that_never_ends(
    shutten: Shutten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with open("/dev/zero", "rb") as zeros, io.TextIOWrapper(zeros) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        shutten(*argv).refused("-: over the limit of 20 MB")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_file_that_is_too_large(reader: Reader, shutten: Shutten, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(10 * MAX_DATA)
    with pytest.raises(ShuttenError, match="200,000,000 bytes is over the limit of"):
        reader(path, shutten, tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000, ""], ids=ascii)
def test_names_that_no_file_can_have(name: str) -> None:
    for path in (Path(name), Path(f"{name}.csv")):
        with pytest.raises(ShuttenError) as refusal:
            load_questions(path)
        assert "\n" not in str(refusal.value)
