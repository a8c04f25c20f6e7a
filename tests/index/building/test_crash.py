"""`shutten index add` is killed at many moments. The old or the new state remains."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import start_python

from index.building.checking import check
from index.store.store import Store

pytestmark = pytest.mark.slow

KILLS = 50
TEXT = "会合の記録\n\n- 港を整備する。\n- 橋を架ける。\n"


def version(number: int) -> str:
    return TEXT + "".join(
        f"- 第{number}号の{place}を建てる。\n" for place in ("学校", "駅", "病院")
    )


def start_adding(home: Path, path: Path) -> subprocess.Popen[str]:
    return start_python(
        *("-m", "cli", "index", "add", path, "--home", home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def files(home: Path) -> list[tuple[str, int, int]]:
    """Return (name, size, time of the last change) of everything in a data folder."""
    rows = []
    for entry in os.scandir(home):
        try:
            facts = entry.stat()
        except FileNotFoundError:  # deleted meanwhile, which counts as the next change
            continue
        rows.append((entry.name, facts.st_size, facts.st_mtime_ns))
    return sorted(rows)


def watch(home: Path, process: subprocess.Popen[str], changes: int) -> int:
    """Wait until the process ends or has changed the folder `changes` times.

    Returns:
        The number of changes.
    """
    count, before = 0, files(home)
    while count < changes and process.poll() is None:
        if (now := files(home)) != before:
            count, before = count + 1, now
        else:
            time.sleep(0.0005)
    return count


def test_killing_an_add_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    """Moments are counted in changes of files, so that they are the same on a slow machine."""
    home, path = tmp_path / "home", tmp_path / "town.txt"
    path.write_text(version(0), "utf-8")
    assert start_adding(home, path).wait() == 0
    text = version(1)
    path.write_text(text, "utf-8")
    moments = watch(home, start_adding(home, path), sys.maxsize)
    assert moments > 3
    outcomes = []
    for number in range(KILLS):
        new = version(number + 2)
        path.write_text(new, "utf-8")
        process = start_adding(home, path)
        watch(home, process, number % (moments + 2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with contextlib.closing(Store(home)) as store:
            stored = store.statement("town").source.text
            assert stored in (text, new)
            outcomes.append(stored == new)
            assert check(store) == []
        text = stored
    assert True in outcomes  # Some processes had committed,
    assert outcomes.count(False) > KILLS // (moments + 2)  # and some died between two changes.
    assert start_adding(home, path).wait() == 0
    with contextlib.closing(Store(home)) as store:
        assert store.statement("town").source.text == version(KILLS + 1)
