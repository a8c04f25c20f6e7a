"""`shutten index add`, killed at many moments: the next start finds the old state or the new."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from project import ROOT

from index.building.checking import check
from index.store.store import Store

pytestmark = pytest.mark.slow

KILLS = 50
OLD = "会合の記録\n\n- 港を整備する。\n- 橋を架ける。\n"


def version(number: int) -> str:
    return OLD + "".join(f"- 第{number}号の{place}を建てる。\n" for place in ("学校", "駅", "病院"))


def start_adding(home: Path, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "index", "add", str(path), "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def files(home: Path) -> list[tuple[str, int, int]]:
    """What lies in a data folder, as a disk sees it: names, sizes and times of change."""
    found = []
    for entry in os.scandir(home):
        try:
            facts = entry.stat()
        except FileNotFoundError:  # gone in the meantime, which is the next change
            continue
        found.append((entry.name, facts.st_size, facts.st_mtime_ns))
    return sorted(found)


def watch(home: Path, process: subprocess.Popen[bytes], changes: int) -> int:
    """Wait for the process to end or to change the folder `changes` times; the changes seen."""
    seen, before = 0, files(home)
    while seen < changes and process.poll() is None:
        if (now := files(home)) != before:
            seen, before = seen + 1, now
        else:
            time.sleep(0.0005)
    return seen


def test_killing_an_add_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    """Moments are counted in changes on disk, so that a slow machine meets the same ones."""
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
        store = Store(home)
        found = store.statement("town").source.text
        assert found in (text, new)
        outcomes.append(found == new)
        assert check(store) == []
        store.close()
        text = found  # what the next try starts from
    assert True in outcomes  # some had just ended,
    assert outcomes.count(False) > KILLS // (moments + 2)  # and not all others died before a change
    assert start_adding(home, path).wait() == 0
    assert Store(home).statement("town").source.text == version(KILLS + 1)
