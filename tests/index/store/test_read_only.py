"""A data folder that cannot be written can still be read."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from command_line import BUNDLED, OPEN_RAN, Shutten, bound_by_modes

from index.building.checking import check
from index.store.local import LocalStore
from qa.assistant import Assistant

pytest_plugins = ["command_line"]


@contextlib.contextmanager
def without_permission(home: Path) -> Iterator[None]:
    """Take away the permission to write the folder and its files."""
    paths = [home, *home.rglob("*")]
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        with bound_by_modes():
            yield
    finally:
        for path in paths:
            path.chmod(0o700 if path.is_dir() else 0o600)


@contextlib.contextmanager
def folder_without_permission(home: Path) -> Iterator[None]:
    """Take away the permission to create files. The existing files may be written."""
    home.chmod(0o500)
    try:
        with bound_by_modes():
            yield
    finally:
        home.chmod(0o700)


@contextlib.contextmanager
def on_a_read_only_medium(home: Path) -> Iterator[None]:
    """Mount the folder as read-only, or take away permissions if the system does not allow that."""
    mounts = [["mount", "--bind", home, home], ["mount", "-o", "remount,ro,bind", home]]
    try:
        for command in mounts:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        subprocess.run(["umount", home], check=False, capture_output=True)
        with without_permission(home):
            yield
        return
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", home], check=True)


ReadOnly = Callable[[Path], AbstractContextManager[None]]
READ_ONLY: list[ReadOnly] = [without_permission, folder_without_permission, on_a_read_only_medium]
READING_COMMANDS = {
    "ask": ["ask", OPEN_RAN],
    "list": ["index", "list"],
    "check": ["index", "check"],
    "models": ["model", "list"],
    "claim": ["check", "両国はオープンRANについて一致した。"],
}

WRITING_COMMANDS = [
    ["index", "remove", BUNDLED],
    ["index", "rebuild"],
    ["model", "use", "multilingual-e5-small"],
]


@pytest.fixture(autouse=True)
def closed(own_home: Path) -> None:
    """Close the connections of earlier commands, whose logs would lie beside the database."""
    gc.collect()


@pytest.mark.parametrize("read_only", READ_ONLY, ids=lambda read_only: read_only.__name__)
def test_a_folder_that_cannot_be_written_can_be_read(
    shutten: Shutten, own_home: Path, tmp_path: Path, read_only: ReadOnly
) -> None:
    before = {name: shutten(*command) for name, command in READING_COMMANDS.items()}
    gc.collect()
    text = tmp_path / "town.txt"
    text.write_text("両市は、橋を架ける。\n", "utf-8")
    files = sorted(own_home.rglob("*"))
    with read_only(own_home):
        for name, command in READING_COMMANDS.items():
            assert shutten(*command) == before[name]
        for command in (*WRITING_COMMANDS, ["index", "add", text]):
            shutten(*command).refused(own_home, "cannot be written")
        assert sorted(own_home.rglob("*")) == files
    assert shutten("index", "add", text).code == 0


def test_a_reader_without_permission_sees_what_another_user_adds(
    own_home: Path, shutten: Shutten, tmp_path: Path
) -> None:
    text = tmp_path / "town.txt"
    text.write_text("両市は、橋を架ける。\n", "utf-8")
    with without_permission(own_home):
        assistant = Assistant.open(own_home)
        assert assistant.ask(OPEN_RAN).statements == 1
    assert shutten("index", "add", text).code == 0
    with without_permission(own_home):
        assert assistant.ask(OPEN_RAN).statements == 2


def test_changes_that_are_only_in_the_log_are_not_overlooked(
    own_home: Path, shutten: Shutten, tmp_path: Path
) -> None:
    """A writer that is killed leaves such a log. Without it the data would be older."""
    killed = tmp_path / "killed"
    with contextlib.closing(sqlite3.connect(own_home / "shutten.db")) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("INSERT INTO meta VALUES ('x', 'y')")
        connection.commit()
        shutil.copytree(own_home, killed)
    (killed / "shutten.db-shm").unlink()
    with without_permission(killed):
        shutten("ask", OPEN_RAN, "--home", killed).refused("shutten.db-wal", "cannot be written")
    shutten("index", "list", "--home", killed).succeeded()
    with without_permission(killed):
        assert shutten("ask", OPEN_RAN, "--home", killed).code == 0


def test_nothing_is_created_in_an_empty_folder(tmp_path: Path, shutten: Shutten) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    with without_permission(home):
        shutten("ask", OPEN_RAN, "--home", home).refused(home)
        assert os.listdir(home) == []


def test_a_lost_segment_is_named(own_home: Path, shutten: Shutten) -> None:
    shutil.rmtree(own_home / "segments")
    with without_permission(own_home):
        shutten("ask", OPEN_RAN).refused(own_home / "segments", "shutten index rebuild")
        shutten("index", "rebuild").refused(own_home, "cannot be written")
        with contextlib.closing(LocalStore(own_home)) as store:
            assert check(store)
