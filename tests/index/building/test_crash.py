"""`shutten index add` is killed at many moments. The old or the new state remains."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from damaging import segments
from processes import start_python
from statements import statement_from

from index.building import adding
from index.building.checking import check
from index.models.encoder import Encoder
from index.store.local import LocalStore

pytestmark = pytest.mark.slow

KILLS, MERGING_KILLS = 50, 30
TEXT = "会合の記録\n\n- 港を整備する。\n- 橋を架ける。\n"


def version(number: int) -> str:
    return TEXT + "".join(
        f"- 第{number}号の{place}を建てる。\n" for place in ("学校", "駅", "病院")
    )


# The command, with a transaction for each statement and a merge as often as possible.
MERGING = """
import sys
from cli.main import main
from index.building import adding
from index.store.segments import merging

merging.FANOUT, adding.PASSAGES_AT_ONCE = 2, 1
sys.exit(main(sys.argv[1:]))
"""
COMMAND = ("-m", "cli")


def start_adding(
    home: Path, *paths: Path, command: Sequence[str] = COMMAND
) -> subprocess.Popen[str]:
    return start_python(
        *(*command, "index", "add", *paths, "--home", home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def files(home: Path) -> list[tuple[str, int, int]]:
    """Return (path, size, time of the last change) of everything in a data folder."""
    rows = []
    for entry in [*home.glob("*"), *home.glob("segments/*")]:
        try:
            facts = entry.stat()
        except FileNotFoundError:  # deleted meanwhile, which counts as the next change
            continue
        rows.append((str(entry), facts.st_size, facts.st_mtime_ns))
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
        with contextlib.closing(LocalStore(home)) as store:
            stored = store.statement("town").source.text
            assert stored in (text, new)
            outcomes.append(stored == new)
            assert check(store) == []
        text = stored
    assert True in outcomes  # Some processes had committed,
    assert outcomes.count(False) > KILLS // (moments + 2)  # and some died between two changes.
    assert start_adding(home, path).wait() == 0
    with contextlib.closing(LocalStore(home)) as store:
        assert store.statement("town").source.text == version(KILLS + 1)


def named(store: LocalStore) -> list[str]:
    return sorted(file.name for file in store.segment_files())


def texts(store: LocalStore, names: Sequence[str]) -> dict[str, str]:
    """Return the texts of those statements that are there."""
    return {name: store.statement(name).source.text for name in names if store.has(name)}


def test_killing_an_add_of_several_statements_leaves_each_of_them_whole(
    tmp_path: Path, encoder: Encoder
) -> None:
    """While their segments are merged, too. What is left over goes with the next change."""
    home, names = tmp_path / "home", [f"town{number}" for number in range(5)]
    paths = [tmp_path / f"{name}.txt" for name in names]
    command = ("-c", MERGING)

    def write(version_number: int) -> dict[str, str]:
        new = {name: version(10 * version_number + n) for n, name in enumerate(names)}
        for path in paths:
            path.write_text(new[path.stem], "utf-8")
        return new

    write(0)
    measured = start_adding(tmp_path / "measured", *paths, command=command)
    moments = watch(tmp_path / "measured", measured, sys.maxsize)
    assert moments > 20
    before: dict[str, str] = {}
    partly, left_over = 0, 0
    for number in range(MERGING_KILLS):
        after = write(number + 1)
        process = start_adding(home, *paths, command=command)
        watch(home, process, 1 + number * moments // MERGING_KILLS)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with contextlib.closing(LocalStore(home)) as store:
            assert check(store) == []
            stored = texts(store, names)
            assert all(stored[name] in (before.get(name), after[name]) for name in stored)
            assert stored.keys() >= before.keys()
            new = [name for name in names if stored.get(name) == after[name]]
            assert new == names[: len(new)]  # They are added in this order.
            partly += 0 < len(new) < len(names)
            on_disk = [path.name for path in segments(home)]
            assert set(named(store)) <= set(on_disk)
            left_over += on_disk != named(store)
            village = statement_from(f"第{number}号の村。\n", "village"), "village.txt"
            adding.add(store, encoder, [village], progress=False)
            assert [path.name for path in segments(home)] == named(store)
            assert check(store) == []
        before = stored
    assert partly
    assert left_over
    assert start_adding(home, *paths, command=command).wait() == 0
    with contextlib.closing(LocalStore(home)) as store:
        assert texts(store, names) == after
        assert [path.name for path in segments(home)] == named(store)
        assert check(store) == []
