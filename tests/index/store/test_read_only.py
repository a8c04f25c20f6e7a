"""A data folder that cannot be written is read all the same."""

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
from index.store.store import Store
from qa.assistant import Assistant

pytest_plugins = ["command_line"]


@contextlib.contextmanager
def without_permission(home: Path) -> Iterator[None]:
    """Neither the folder nor a file in it may be written by whoever runs this."""
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
    """The files may be written, but none may be made beside them."""
    home.chmod(0o500)
    try:
        with bound_by_modes():
            yield
    finally:
        home.chmod(0o700)


@contextlib.contextmanager
def on_a_read_only_medium(home: Path) -> Iterator[None]:
    """The folder is mounted without writing, where the system lets this process mount."""
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


Bound = Callable[[Path], AbstractContextManager[None]]
WAYS: list[Bound] = [without_permission, folder_without_permission, on_a_read_only_medium]
READING = {
    "ask": ["ask", OPEN_RAN],
    "list": ["index", "list"],
    "check": ["index", "check"],
    "models": ["model", "list"],
    "claim": ["check", "両国はオープンRANについて一致した。"],
}

WRITING = [
    ["index", "remove", BUNDLED],
    ["index", "rebuild"],
    ["model", "use", "multilingual-e5-small"],
]


@pytest.fixture(autouse=True)
def closed(own_home: Path) -> None:
    """No file beside the database is left by a connection of this process."""
    gc.collect()


@pytest.mark.parametrize("bound", WAYS, ids=lambda one: one.__name__)
def test_a_folder_that_cannot_be_written_is_read(
    shutten: Shutten, own_home: Path, tmp_path: Path, bound: Bound
) -> None:
    before = {name: shutten(*command) for name, command in READING.items()}
    gc.collect()
    text = tmp_path / "town.txt"
    text.write_text("両市は、橋を架ける。\n", "utf-8")
    files = sorted(own_home.rglob("*"))
    with bound(own_home):
        for name, command in READING.items():
            assert shutten(*command) == before[name]
        for command in (*WRITING, ["index", "add", text]):
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


def test_changes_that_are_not_in_the_file_yet_are_not_overlooked(
    own_home: Path, shutten: Shutten, tmp_path: Path
) -> None:
    """They wait in the log of a writer that was killed; read without it, the folder is older."""
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


def test_nothing_is_made_in_an_empty_folder(tmp_path: Path, shutten: Shutten) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    with without_permission(home):
        shutten("ask", OPEN_RAN, "--home", home).refused(home)
        assert os.listdir(home) == []


def test_lost_derived_files_cannot_be_made_again(own_home: Path, shutten: Shutten) -> None:
    shutil.rmtree(own_home / "derived")
    with without_permission(own_home):
        shutten("ask", OPEN_RAN).refused(own_home, "cannot be written")
        assert check(Store(own_home))
