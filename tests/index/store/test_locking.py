"""A writer that waits says which process it waits for."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import start_python

from corpus.errors import ShuttenError
from index import locking
from index.store.local import LocalStore

WRITER = """
import sys
from pathlib import Path
from index.store.local import LocalStore

sys.argv = ["/usr/bin/shutten", "index", "add", "statement.txt"]
with LocalStore(Path({home!r})).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    LocalStore(tmp_path / "data").close()
    return tmp_path / "data"


@pytest.fixture
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which holds the write lock until its input ends."""
    script = WRITER.format(home=str(home))
    process = start_python("-c", script, stdin=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    with process:
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.05)


def pattern(process: subprocess.Popen[str]) -> str:
    """Match the line that names a process."""
    return rf"`shutten index add statement\.txt` \(process {process.pid}, since \d\d:\d\d\)"


def test_a_notice_names_the_other_writer_once(
    home: Path, holder: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    end = threading.Timer(1, holder.communicate)
    end.start()
    with LocalStore(home).writing():
        assert (home / "write.holder").read_text("utf-8").count(f"process {os.getpid()},") == 1
    end.join()
    notices = capsys.readouterr().err
    assert re.fullmatch(rf"shutten: waiting for {pattern(holder)}\n", notices), notices
    assert not (home / "write.holder").exists()


def test_the_error_after_the_wait_names_the_other_writer(
    home: Path, holder: subprocess.Popen[str]
) -> None:
    store = LocalStore(home)
    with pytest.raises(ShuttenError, match=pattern(holder)), store.writing(wait=0.3):
        pass


def test_a_writer_that_was_killed_is_not_waited_for(
    home: Path, holder: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    holder.kill()
    holder.wait()
    assert (home / "write.holder").exists()
    with LocalStore(home).writing():
        pass
    assert capsys.readouterr().err == ""
    assert not (home / "write.holder").exists()


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\xff")]
)
def test_a_writer_without_a_readable_name_is_another_process(
    home: Path, holder: subprocess.Popen[str], damage: Callable[[Path], object]
) -> None:
    damage(home / "write.holder")
    store = LocalStore(home)
    with pytest.raises(ShuttenError, match="another process"), store.writing(wait=0.3):
        pass
