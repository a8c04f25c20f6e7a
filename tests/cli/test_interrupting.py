"""A command that a signal stops removes what it was writing, and says so."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from clock import wait_until
from command_line import BUNDLED, OPEN_RAN, Shutten
from processes import start_python

from corpus.errors import ShuttenError
from corpus.files import appearing, replacing
from index.store.segments import folder as segment_folder
from index.store.segments.array_file import write_arrays
from qa.assistant import Assistant
from qa.feedback import Feedback, Remark
from qa.signals import Stopped, stoppable

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
OLD = "what was there before\n"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


@pytest.mark.parametrize("numbers", [*([number] for number in ENDING), ENDING], ids=str)
def test_a_batch_that_is_stopped_leaves_nothing(
    home: Path, tmp_path: Path, numbers: list[signal.Signals]
) -> None:
    questions, answers = tmp_path / "IN.jsonl", tmp_path / "OUT.jsonl"
    row = json.dumps({"id": "1", "question": OPEN_RAN})
    questions.write_text(f"{row}\n" * 20_000, "utf-8")
    answers.write_text(OLD, "utf-8")
    command = ["ask", "--batch", questions, "--out", answers, "--home", home]
    process = start_python("-m", "cli", *command, stderr=subprocess.PIPE, text=False)
    wait_until(lambda: any(path.stat().st_size for path in tmp_path.glob(".*.part")))
    assert process.poll() is None, process.communicate()
    for number in numbers:
        process.send_signal(number)
    out, err = process.communicate(timeout=120)
    message = err.decode().rpartition("\r")[2]
    assert process.returncode in {128 + number for number in numbers}
    assert out == b""
    assert message.startswith("shutten: stopped; the answers to ")
    assert message.endswith(f" of 20000 questions are gone; nothing was written to {answers}\n")
    assert message.count("\n") == 1
    assert names(tmp_path) == {"IN.jsonl", "OUT.jsonl"}
    assert answers.read_text("utf-8") == OLD


@pytest.mark.parametrize("number", ENDING)
def test_every_written_file_is_complete_or_unchanged(
    shutten: Shutten,
    own_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    assistant = Assistant.open(own_home)
    quote = assistant.retrieve(OPEN_RAN, 1)[0]
    words = quote.statement, quote.start, quote.end
    Feedback(own_home, assistant.statement).add(Remark("good", OPEN_RAN, (), (words,)))
    (tmp_path / "set.jsonl").write_text(
        json.dumps({"id": "1", "question": OPEN_RAN, "gold": [quote.text]}), "utf-8"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
    writing = {
        "OUT.jsonl": ["ask", "--batch", tmp_path / "set.jsonl", "--out", folder / "OUT.jsonl"],
        "remarks.jsonl": ["feedback", folder / "remarks.jsonl"],
        "results.json": ["eval", tmp_path / "set.jsonl", "--report", folder],
        "who": ["chat", "--auth-file", folder / "who", "--add-user", "ann"],
    }
    for name in writing:
        (folder / name).write_text("# what was there before\n", "utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def stopped(_: int) -> None:
        signal.raise_signal(number)

    with monkeypatch.context() as stopping:
        stopping.setattr(os, "fsync", stopped)
        for name, command in writing.items():
            done = shutten(*command)
            assert done.code == 128 + number, done
            assert done.error_text.startswith("shutten: stopped; ")
            assert done.error_text.endswith(f"nothing was written to {folder / name}\n")
            assert names(folder) - {"who.lock"} == set(before)
    assert {name: (folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to a device"])
def test_only_a_regular_file_is_ever_replaced(
    shutten: Shutten, own_home: Path, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "target"
    if kind == "pipe":
        os.mkfifo(target)
    elif kind == "folder":
        target.mkdir()
    elif kind == "device":
        target = Path(os.devnull)
    else:
        target.symlink_to(os.devnull)
    before = target.lstat()
    with pytest.raises(ShuttenError, match="is not a regular file"), replacing(target):
        pytest.fail("it was opened")
    assert (target.lstat().st_ino, target.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert not list(tmp_path.glob(".*.part"))


def test_a_link_stays_a_link_and_its_target_gets_the_mode(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    with replacing(link, 0o600) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o600)


@pytest.mark.parametrize("number", ENDING)
def test_the_first_signal_counts(number: signal.Signals, tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in ENDING]

    def tidying() -> None:
        try:
            signal.raise_signal(number)
        finally:
            for later in ENDING:
                signal.raise_signal(later)
            (tmp_path / "tidied").touch()

    with pytest.raises(Stopped) as stop, stoppable():
        tidying()
    assert stop.value.code == 128 + number
    assert names(tmp_path) == {"tidied"}
    assert [signal.getsignal(number) for number in ENDING] == before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", ENDING)
def test_a_folder_appears_complete_or_not_at_all(number: signal.Signals, tmp_path: Path) -> None:
    def fill(name: str) -> None:
        with appearing(tmp_path / "model") as beside:
            (beside / name).touch()
            if name == "half":
                signal.raise_signal(number)

    with pytest.raises(Stopped), stoppable():
        fill("half")
    assert names(tmp_path) == set()
    fill("whole")
    assert names(tmp_path) == {"model", "whole"}


@pytest.fixture
def towns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return three statement files, each of which is added in a transaction of its own."""
    monkeypatch.setattr("index.building.adding.PASSAGES_AT_ONCE", 1)
    paths = [tmp_path / f"town{number}.txt" for number in range(3)]
    for path in paths:
        path.write_text(f"両市は、{path.stem}の橋の建設について一致した。\n", "utf-8")
    return paths


def statements(shutten: Shutten) -> list[dict[str, Any]]:
    """Return the rows of all statements, after a check that nothing is damaged."""
    shutten("index", "check").succeeded()
    rows: list[dict[str, Any]] = json.loads(shutten("index", "list", "--json").succeeded())
    return rows


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("kept", [0, 2])
def test_an_add_that_is_stopped_keeps_what_is_stored(
    shutten: Shutten,
    own_home: Path,
    towns: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    kept: int,
    number: signal.Signals,
) -> None:
    """What it says is true, and the same command adds the others."""
    before, written = statements(shutten), []

    def stop_behind_those(*arguments: Any) -> None:
        if len(written) == kept:
            signal.raise_signal(number)
        written.append(write_arrays(*arguments))

    with monkeypatch.context() as stopping:
        stopping.setattr(segment_folder, "write_arrays", stop_behind_those)
        done = shutten("index", "add", *towns)
    assert (done.code, done.out) == (128 + number, "")
    said = (
        f"stored so far in {own_home}: {kept} of 3 statements; the same command goes on behind them"
        if kept
        else f"nothing was changed in {own_home}"
    )
    assert done.error_text == f"shutten: stopped; {said}\n"
    names = [path.stem for path in towns]
    assert [row["id"] for row in statements(shutten) if row not in before] == names[:kept]
    assert not list(own_home.rglob("*.part"))
    lines = shutten("index", "add", *towns).succeeded().splitlines()
    outcomes = ["unchanged"] * kept + ["added"] * (3 - kept)
    assert [line.split(",")[0] for line in lines] == [
        f"{name}: {outcome}" for name, outcome in zip(names, outcomes, strict=True)
    ]
    assert {row["id"] for row in statements(shutten)} == {*names, *(row["id"] for row in before)}


@pytest.mark.parametrize(
    ("command", "first_step"),
    [
        (["set", BUNDLED, "title=Another title"], "index.store.segments.folder.write_arrays"),
        (["remove", BUNDLED], "index.store.local.LocalStore.remove_statement"),
        (["rebuild"], "index.store.segments.folder.write_arrays"),
    ],
    ids=["set", "remove", "rebuild"],
)
@pytest.mark.parametrize("stored", [False, True], ids=["before", "after"])
def test_a_change_that_is_stopped_says_whether_it_is_stored(
    shutten: Shutten,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    first_step: str,
    stored: bool,
) -> None:
    before, delete_others = statements(shutten), segment_folder.delete_others

    def stop_here(home: Path, names: Collection[str]) -> None:
        if home == own_home:
            signal.raise_signal(signal.SIGINT)
        delete_others(home, names)

    with monkeypatch.context() as stopping:
        if stored:
            stopping.setattr(segment_folder, "delete_others", stop_here)
        else:
            stopping.setattr(first_step, lambda *_: signal.raise_signal(signal.SIGINT))
        done = shutten("index", *command)
    assert (done.code, done.out) == (130, "")
    said = "the change is stored" if stored else "nothing was changed"
    assert done.error_text == f"shutten: stopped; {said} in {own_home}\n"
    assert (statements(shutten) != before) == (stored and command != ["rebuild"])
    assert not (own_home / "rebuilding").exists()
