"""Folders and archives of documents are added, kept alike, and watched."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Shutten
from processes import start_python
from project import DATA

from index.building.checking import check
from index.store.local import LocalStore

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

PDFS = DATA / "documents" / "pdf"
WAIT = 120.0  # seconds for what a process does meanwhile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a text, two PDFs, one of them further below, and a scan."""
    folder = tmp_path / "folder"
    (folder / "2026").mkdir(parents=True)
    (folder / "town.txt").write_text("両市は、橋の建設について一致した。\n", "utf-8")
    for name, place in (("ruby", ""), ("table", "2026"), ("scanned", "2026")):
        shutil.copy(PDFS / f"{name}.pdf", folder / place)
    return folder


@pytest.fixture
def empty_home(own_home: Path, shutten: Shutten) -> Path:
    shutten("index", "remove", "jucip-2023-05-26.ja").succeeded()
    return own_home


def ids(shutten: Shutten) -> list[str]:
    rows = json.loads(shutten("index", "list", "--json").succeeded())
    return sorted(row["id"] for row in rows)


# -- adding -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("empty_home")
def test_a_folder_is_added_and_a_bad_file_has_its_line(shutten: Shutten, folder: Path) -> None:
    done = shutten("index", "add", folder)
    assert done.code == 2
    lines = done.out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["ruby", "town", "table"]
    assert lines[0].endswith("PDF of 1 page")
    assert lines[-1] == "3 added, 1 refused"
    refused = [line for line in done.err.replace("\r", "\n").splitlines() if "not added" in line]
    assert len(refused) == 1
    assert f"not added: {folder / '2026' / 'scanned.pdf'}: is a scan" in refused[0]
    assert ids(shutten) == ["ruby", "table", "town"]
    again = shutten("index", "add", folder)
    assert again.out.splitlines()[-1] == "1 refused, 3 unchanged"
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("unchanged")
def test_if_a_named_file_is_bad_none_is_added(shutten: Shutten, folder: Path) -> None:
    done = shutten("index", "add", folder / "ruby.pdf", folder / "2026" / "scanned.pdf")
    done.refused(folder / "2026" / "scanned.pdf", "is a scan")


@pytest.mark.usefixtures("empty_home")
def test_an_archive_is_added(shutten: Shutten, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(folder / "town.txt", "a/town.txt")
        packed.writestr("a/town.toml", 'title = "橋の声明"\n')
        packed.write(folder / "ruby.pdf", "../../ruby.pdf")
        packed.write(folder / "ruby.pdf", "b/notes.xlsx")
    shutten("index", "add", archive).succeeded()
    assert ids(shutten) == ["ruby", "town"]
    shown = json.loads(shutten("index", "show", "town", "--json").succeeded())
    assert shown["title"] == "橋の声明"
    assert shown["origin"] == f"{archive}!a/town.txt"
    assert list(tmp_path.rglob("ruby.pdf")) == [folder / "ruby.pdf"]
    answer = json.loads(shutten("ask", "海洋協力", "--json").out)
    assert answer["quotes"][0]["original"]["pages"] == [1]


@pytest.mark.usefixtures("empty_home")
def test_files_of_one_name_get_ids_of_their_own(shutten: Shutten, folder: Path) -> None:
    (folder / "2026" / "town.txt").write_text("両市は、祭りを毎年開く。\n", "utf-8")
    (folder / "town.md").write_text("両市は、港を整備する。\n", "utf-8")
    os.remove(folder / "2026" / "scanned.pdf")
    shutten("index", "add", folder).succeeded()
    assert ids(shutten) == ["2026-town", "ruby", "table", "town", "town.txt"]
    assert "5 unchanged" in shutten("index", "add", folder).succeeded()


@pytest.mark.usefixtures("empty_home")
def test_the_original_is_left_out_on_request(shutten: Shutten, folder: Path) -> None:
    shutten("index", "add", "--no-keep", folder / "ruby.pdf").succeeded()
    answer = folder / "answer.json"
    answer.write_text(shutten("ask", "海洋協力", "--json").out, "utf-8")
    assert "the original file is not kept" in shutten("verify", answer).succeeded()
    shutten("index", "add", folder / "ruby.pdf").succeeded()


# -- keeping alike ----------------------------------------------------------------------------


@pytest.mark.usefixtures("empty_home")
def test_what_is_new_changed_moved_and_gone(shutten: Shutten, folder: Path) -> None:
    os.remove(folder / "2026" / "scanned.pdf")
    shutten("index", "sync", folder).succeeded()
    shutten("index", "set", "town", "title=橋").succeeded()
    (folder / "town.txt").write_text("両市は、橋の建設を取りやめた。\n", "utf-8")
    (folder / "new.txt").write_text("両市は、港を整備する。\n", "utf-8")
    shutil.move(folder / "ruby.pdf", folder / "2026" / "renamed.pdf")
    os.remove(folder / "2026" / "table.pdf")
    out = shutten("index", "sync", folder).succeeded()
    assert "new: added" in out
    assert "town: changed" in out
    assert "kept as set by hand: title" in out
    assert f"ruby: moved to {folder / '2026' / 'renamed.pdf'}" in out
    assert f"gone from {folder}: table\nthey stay; `--remove` removes them" in out
    assert ids(shutten) == ["new", "ruby", "table", "town"]
    assert "table: removed" in shutten("index", "sync", "--remove", folder).succeeded()
    assert ids(shutten) == ["new", "ruby", "town"]
    out = shutten("index", "sync", folder).succeeded()
    assert "gone" not in out
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("empty_home")
def test_statements_from_elsewhere_stay(shutten: Shutten, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "folder2"  # its name begins like that of the folder
    other.mkdir()
    (other / "far.txt").write_text("両市は、港を整備する。\n", "utf-8")
    shutten("index", "add", other / "far.txt").succeeded()
    os.remove(other / "far.txt")
    os.remove(folder / "2026" / "scanned.pdf")
    assert "gone" not in shutten("index", "sync", "--remove", folder).succeeded()
    assert "far" in ids(shutten)


@pytest.mark.usefixtures("unchanged")
def test_a_file_is_no_folder_to_keep_alike(shutten: Shutten, folder: Path) -> None:
    shutten("index", "sync", folder / "town.txt").refused("is no folder")
    shutten("index", "sync", folder / "nowhere").refused("is no folder")


# -- processes --------------------------------------------------------------------------------


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def stored(home: Path) -> list[str]:
    with contextlib.closing(LocalStore(home)) as store:
        return store.statement_ids()


def test_a_folder_is_watched(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    os.remove(folder / "2026" / "scanned.pdf")
    command = ("-m", "cli", "index", "sync", folder, "--watch", "--remove", "--home", home)
    with start_python(*command, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            assert any(line.startswith(f"watching {folder}") for line in lines)
            assert stored(home) == ["ruby", "table", "town"]
            shutil.copy(PDFS / "bullets.pdf", folder / "later.pdf")
            wait_until(lambda: "later" in stored(home))
            os.remove(folder / "town.txt")
            wait_until(lambda: "town" not in stored(home))
            process.send_signal(signal.SIGINT)
            assert process.wait(WAIT) == 130
        finally:
            process.kill()
    with contextlib.closing(LocalStore(home)) as store:
        assert check(store) == []


def test_adding_a_folder_is_killed_and_goes_on(tmp_path: Path) -> None:
    folder, home = tmp_path / "folder", tmp_path / "home"
    folder.mkdir()
    names = ["ruby", "table", "bullets", "footnotes-ja", "toc", "landscape", "watermark"]
    for name in names:
        for number in range(6):
            text = (PDFS / f"{name}.pdf").read_bytes()
            # A comment at the end makes another file of it, but not another text.
            path = folder / f"{name}-{number}.pdf"
            path.write_bytes(text + b"\n%% %d\n" % number if number else text)
    command = ("-m", "cli", "index", "add", folder, "--home", home)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    counts = [0]
    for seconds in (3.0, 5.0, 7.0):
        with start_python(*command, **quiet) as process:
            time.sleep(seconds)
            process.kill()
        if (home / "shutten.db").exists():
            with contextlib.closing(LocalStore(home)) as store:
                assert check(store) == []
                counts.append(len(store.statement_ids()))
    assert counts == sorted(counts)
    with start_python(*command, **quiet) as process:
        assert process.wait(WAIT) == 0
    assert stored(home) == sorted(f"{name}-0" for name in names)
