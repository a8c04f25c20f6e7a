"""`shutten index add`, killed at random moments: the next start finds the old state or the new."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from index.checking import check
from index.storage import Store

KILLS = 50
OLD = "会合の記録\n\n- 港を整備する。\n- 橋を架ける。\n"


def version(number: int) -> str:
    return OLD + "".join(f"- 第{number}号の{place}を建てる。\n" for place in ("学校", "駅", "病院"))


def start_adding(home: Path, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", "index", "add", str(path), "--home", str(home)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def test_killing_an_add_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "town.txt"
    path.write_text(version(0), "utf-8")
    began = time.monotonic()
    assert start_adding(home, path).wait() == 0
    whole = time.monotonic() - began
    chance = random.Random(20230526)
    texts, outcomes = [version(0)], set()
    for number in range(1, KILLS + 1):
        texts.append(version(number))
        path.write_text(texts[-1], "utf-8")
        process = start_adding(home, path)
        time.sleep(chance.uniform(0.3, 1.2) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = Store(home)
        found = store.statement("town").source.text
        assert found in (texts[-1], texts[-2])
        outcomes.add(found == texts[-1])
        assert check(store) == []
        store.close()
        texts[-1] = found  # what the next try starts from
    assert outcomes == {True, False}  # some were cut short, some had just ended
    assert start_adding(home, path).wait() == 0
    assert Store(home).statement("town").source.text == version(KILLS)
