"""Questions, files and data folders that cannot be used.

Each is refused in one line, and nothing changes.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import shutil
import sqlite3
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import (
    BUNDLED,
    OPEN_RAN,
    CommandResult,
    Shutten,
    bound_by_modes,
    disk_full,
    raising,
)
from damaging import FILE_DAMAGE, segments
from project import ROOT

from cli.main import main
from corpus.formats.text import MAX_BYTES
from index.store.schema import SCHEMA_VERSION

pytest_plugins = ["command_line"]

STATEMENT = (ROOT / "corpus" / "statements" / f"{BUNDLED}.txt").read_bytes().decode("utf-8")
TOWN = "両市は、橋の建設について一致した。\n\n両市は、祭りを毎年開くことを歓迎した。\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa" + bytes(
    range(256)
)

# -- questions --------------------------------------------------------------------------------

NO_QUESTIONS = {
    "empty": "",
    "blank": " \t\r\n ",
    "wide blank": "\u3000\u3000",
    "NUL": "\0\0",
    "control characters": "\x01\x1b\x7f\x85",
    "lone surrogates": "\ud800\udfff",
    "1 MB": "x" * 1_000_000,
    "1 MB of kana": "あ" * 1_000_000,
}
NOTHING_ASKED = {
    "ASCII punctuation": "?!...",
    "quotes": '" * ( OR',
    "Japanese punctuation": "。、！？",
    "long punctuation": "?" * 2000,
    "one emoji": "😀",
    "emoji": "🤷‍♀️ 🇯🇵👍🏽",
    "invisible": "\u200b\u202e\ufeff",
}
ASKED_ALL_THE_SAME = {
    "control characters": "\x1b[31mオープン\x07RANについて\x00何が合意されましたか",
    "lone surrogate": "オープンRANについて何が\ud800合意されましたか",
    "line ends": "\nWhat was\r\nagreed\ton Open RAN?\n",
    "wide blanks": "\u3000オープンRANについて\u3000何が合意されましたか\u3000",
    "search syntax": 'オープンRAN" OR "合意 NEAR(*',
    "direction marks": "\u202eオープンRANについて何が合意されましたか\u202c",
}


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("question", NO_QUESTIONS.values(), ids=NO_QUESTIONS)
def test_no_question_at_all(shutten: Shutten, question: str, form: list[str]) -> None:
    shutten("ask", question, *form).refused("the question ")


@pytest.mark.parametrize("question", NOTHING_ASKED.values(), ids=NOTHING_ASKED)
def test_nothing_asked_is_refused(shutten: Shutten, question: str) -> None:
    done = shutten("ask", question, "--json")
    answer = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert (answer["status"], answer["quotes"]) == ("not_found", [])
    assert answer["question"] == question
    assert shutten("ask", question).code == 1


@pytest.mark.parametrize("question", ASKED_ALL_THE_SAME.values(), ids=ASKED_ALL_THE_SAME)
def test_stray_characters_in_a_question_do_not_matter(shutten: Shutten, question: str) -> None:
    done = shutten("ask", question, "--json")
    answer = json.loads(done.out)
    assert (done.code, done.err, answer["question"]) == (0, "", question)
    assert "オープンRAN" in answer["quotes"][0]["text"]
    text = shutten("ask", question)
    assert (text.code, text.err) == (0, "")
    assert not {char for char in text.out if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}


# A turn of one letter a million times is text: the follow-up is searched with it, and not found.
# The other turns hold no text, so the question stands alone.
TURNS = {name: (turn, int(len(turn) == 1_000_000)) for name, turn in NO_QUESTIONS.items()}
TURNS["emoji"] = "😀", 0


@pytest.mark.parametrize(("turn", "code"), TURNS.values(), ids=TURNS)
def test_history_may_be_anything(shutten: Shutten, turn: str, code: int) -> None:
    done = shutten("ask", "それについて詳しく", "--json", "--history", turn)
    assert (done.code, done.err) == (code, "")
    assert json.loads(done.out)["question"] == "それについて詳しく"


# -- statement files --------------------------------------------------------------------------


def holding(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def unreadable(path: Path) -> None:
    path.write_text(TOWN, "utf-8")
    path.chmod(0)


def over_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "no such file"),
    "a folder": (Path.mkdir, "folder"),
    "below a file": (lambda path: path.parent.write_text(TOWN, "utf-8"), "cannot be read"),
    "unreadable": (unreadable, "cannot be read"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
    "empty": (holding(b""), "empty"),
    "blanks": (holding(" \t\r\n\u3000\n".encode()), "empty"),
    "byte order mark only": (holding(codecs.BOM_UTF8), "empty"),
    "UTF-16 blanks": (holding("\u3000\n".encode("utf-16")), "empty"),
    "no visible character": (holding("\u200b\n\u2028".encode()), "no text"),
    "PNG": (holding(PNG), "is a PNG picture"),
    "NULs": (holding(bytes(1000)), "not a text file"),
    "control characters": (holding(bytes(range(1, 9)) * 9), "not a text file"),
    "damaged UTF-8": (holding(TOWN.encode()[:-2] + b"\xff\xfe\xfd"), "damaged characters"),
    "UTF-32": (holding(TOWN.encode("utf-32")), "UTF-32, which is not read"),
    "UTF-16, odd length": (holding(TOWN.encode("utf-16")[:-1]), "UTF-16, but damaged"),
    "over-large": (over_large, f"{MAX_BYTES + 1:,} bytes"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("make", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_named_and_nothing_is_added(
    shutten: Shutten, tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    good = tmp_path / "good.txt"
    good.write_text(TOWN, "utf-8")
    bad = tmp_path / "bad" / "橋 😀.txt"
    if make is not BAD_FILES["below a file"][0]:
        bad.parent.mkdir()
    make(bad)
    with bound_by_modes():
        for paths in ([bad], [good, bad], [bad, good]):
            shutten("index", "add", *paths).refused(f"shutten: {bad}: ", words)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "toml",
    [b"title = ", b"\xff", b"issuers = 3", b'sha256 = "0000"'],
    ids=["cut short", "not UTF-8", "wrong kind", "another checksum"],
)
def test_bad_provenance_is_named_and_nothing_is_added(
    shutten: Shutten, tmp_path: Path, toml: bytes
) -> None:
    path = tmp_path / "town.txt"
    path.write_text(TOWN, "utf-8")
    path.with_suffix(".toml").write_bytes(toml)
    shutten("index", "add", path).refused(path.with_suffix(".toml"))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["two\nlines.txt", "\udce9.txt", "x" * 300], ids=ascii)
def test_a_name_that_no_file_can_have_is_refused(
    shutten: Shutten, tmp_path: Path, name: str
) -> None:
    shutten("index", "add", tmp_path / name).refused(tmp_path)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("command", ["add", "remove"])
def test_an_id_of_broken_characters(shutten: Shutten, tmp_path: Path, command: str) -> None:
    path = tmp_path / "town.txt"
    path.write_text(TOWN, "utf-8")
    words = ["add", path, "--id", "\udce9"] if command == "add" else ["remove", "\udce9"]
    shutten("index", *words).refused()


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("cp932", ""),
        ("euc_jp", ""),
        ("utf_16_le", "\ufeff"),
        ("utf_16_be", "\ufeff"),
        ("utf_16_le", ""),
        ("utf-8", "\ufeff"),
    ],
)
def test_other_encodings_are_quoted_as_they_lie_on_disk(
    shutten: Shutten, tmp_path: Path, encoding: str, mark: str
) -> None:
    path = tmp_path / "copy.txt"
    path.write_bytes((mark + STATEMENT).encode(encoding))
    shutten("index", "remove", BUNDLED).succeeded()
    shutten("index", "add", path).succeeded()
    (row,) = json.loads(shutten("index", "list", "--json").succeeded())
    assert row["encoding"] == encoding
    answer = json.loads(shutten("ask", OPEN_RAN, "--json").out)
    with path.open(encoding=encoding, newline="") as file:
        text = file.read()
    assert "オープンRAN" in answer["quotes"][0]["text"]
    for quote in answer["quotes"] + answer["nearest"]:
        assert text[quote["start"] : quote["end"]] == quote["text"]
    shutten("index", "check").succeeded()


# -- data folders -----------------------------------------------------------------------------


def change(home: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection, connection:
        connection.execute(statement)


def replaced(home: Path, data: bytes) -> None:
    for path in home.glob("shutten.db*"):
        path.unlink()
    (home / "shutten.db").write_bytes(data)


def cut(home: Path) -> None:
    replaced(home, (home / "shutten.db").read_bytes()[:20_000])


def of_another_program(home: Path) -> None:
    replaced(home, b"")
    change(home, "CREATE TABLE meta (name TEXT)")


def locked(mode: int) -> Callable[[Path], None]:
    return lambda home: home.chmod(mode)


BAD_HOMES: dict[str, tuple[Callable[[Path], object], str]] = {
    "garbage": (lambda home: replaced(home, bytes(range(256)) * 99), "damaged"),
    "cut": (cut, "damaged"),
    "a folder": (lambda home: (replaced(home, b""), (home / "shutten.db").unlink(),
                               (home / "shutten.db").mkdir()), "shutten.db"),
    "of another program": (of_another_program, "shutten.db"),
    "newer": (lambda home: change(home, "UPDATE meta SET value = 99 WHERE key = 'schema'"),
              f"newer Shutten (data version 99, this one reads {SCHEMA_VERSION})"),
    "out of bounds": (locked(0), "permission"),
}  # fmt: skip
COMMANDS = {
    "ask": ["ask", OPEN_RAN],
    "list": ["index", "list"],
    "check": ["index", "check"],
    "add": ["index", "add", str(ROOT / "corpus" / "statements" / f"{BUNDLED}.txt")],
    "remove": ["index", "remove", BUNDLED],
    "rebuild": ["index", "rebuild"],
    "model": ["model", "use", "multilingual-e5-small"],
}


@pytest.mark.parametrize(("damage", "words"), BAD_HOMES.values(), ids=BAD_HOMES)
def test_a_bad_data_folder_is_named(
    shutten: Shutten, own_home: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(own_home)
    with bound_by_modes():
        for command in COMMANDS.values():
            shutten(*command).refused(f"{own_home}/shutten.db", words)


@pytest.mark.parametrize("name", ["file", "file/below", "locked/new"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_home_that_cannot_be_made(
    shutten: Shutten, tmp_path: Path, command: list[str], name: str
) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "locked").mkdir(mode=0o500)
    with bound_by_modes():
        shutten(*command, "--home", tmp_path / name).refused(tmp_path / name)
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "message",
    ["disk I/O error", "database or disk is full", "database is locked", "unable to open database"],
)
def test_every_error_of_sqlite_is_one_line(
    shutten: Shutten, own_home: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    monkeypatch.setattr(sqlite3, "connect", raising(sqlite3.OperationalError(message)))
    for command in COMMANDS.values():
        shutten(*command).refused(own_home / "shutten.db", message)


def test_a_cache_that_cannot_be_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Not the fixture `shutten`, which never builds a model.
    (tmp_path / "file").write_text("mine", "utf-8")
    monkeypatch.setenv("SHUTTEN_CACHE", str(tmp_path / "file"))
    for command in (["model", "build"], ["ask", OPEN_RAN, "--home", str(home)]):
        code = main(command)
        CommandResult(code, *capsys.readouterr()).refused(tmp_path / "file", "SHUTTEN_CACHE")


# -- a full disk ------------------------------------------------------------------------------


WRITE = "index.store.segments.folder.write_arrays"


@pytest.fixture
def writes(tmp_path: Path) -> dict[str, list[str]]:
    """Return commands that write, each with much to write."""
    path = tmp_path / "long.txt"
    text = "".join(f"両市は、第{n}号の橋について一致した。\n" for n in range(40))
    path.write_text(text + 600_000 * " ", "utf-8")
    return {"add": ["index", "add", str(path)], "rebuild": ["index", "rebuild"]}


def leave_pages(pages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit how many pages a database grows by that is opened after this call."""
    connect = sqlite3.connect

    def limited(database: str, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(database, *args, **kwargs)
        if "shutten.db" in database:  # others are in memory
            (used,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {used + pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", limited)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("pages", [0, 5, 100])
def test_a_disk_that_fills_up_under_the_database(
    shutten: Shutten, writes: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    with monkeypatch.context() as full:
        leave_pages(pages, full)
        shutten(*writes["add"]).refused("shutten.db", "full", "free some space")
    assert shutten("ask", OPEN_RAN).code == 0


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("place", [WRITE, "os.replace", "os.fsync", "pathlib.Path.mkdir"])
@pytest.mark.parametrize("command", ["add", "rebuild"])
def test_a_disk_that_fills_up_under_the_segments(
    shutten: Shutten,
    own_home: Path,
    writes: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    place: str,
) -> None:
    files = segments(own_home)
    with monkeypatch.context() as full:
        full.setattr(place, disk_full)
        shutten(*writes[command]).refused(own_home, "No space left")
    assert segments(own_home) == files
    assert shutten("ask", OPEN_RAN).code == 0


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("command", ["add", "rebuild"])
def test_segments_that_may_not_be_written(
    shutten: Shutten, own_home: Path, writes: dict[str, list[str]], command: str
) -> None:
    (own_home / "segments").chmod(0o500)
    with bound_by_modes():
        shutten(*writes[command]).refused(own_home, "Permission denied")
    (own_home / "segments").chmod(0o700)


@pytest.mark.parametrize("place", ["database", "segments"])
def test_a_disk_that_is_full_at_the_first_question(
    shutten: Shutten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("SHUTTEN_HOME", str(tmp_path / "new"))
    with monkeypatch.context() as full:
        if place == "database":
            leave_pages(20, full)
        else:
            full.setattr(WRITE, disk_full)
        shutten("ask", OPEN_RAN).refused("space")
    assert "0 statements" in shutten("index", "check").succeeded()
    assert shutten("ask", OPEN_RAN).code == 0


# -- segments ---------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", FILE_DAMAGE.values(), ids=FILE_DAMAGE)
def test_a_damaged_segment_never_changes_an_answer(
    shutten: Shutten, own_home: Path, damage: Callable[[Path], object]
) -> None:
    before = shutten("ask", OPEN_RAN)
    (path,) = segments(own_home)
    damage(path)
    check = shutten("index", "check")
    assert (check.code, check.out) == (2, "")
    assert str(path) in check.err
    shutten("ask", OPEN_RAN).refused(path, "shutten index rebuild")
    shutten("index", "rebuild").succeeded()
    assert shutten("ask", OPEN_RAN) == before
    shutten("index", "check").succeeded()


@pytest.mark.parametrize("command", ["ask", "remove", "add"])
def test_the_folder_of_segments_is_made_again_by_a_rebuild_only(
    shutten: Shutten, own_home: Path, writes: dict[str, list[str]], command: str
) -> None:
    shutil.rmtree(own_home / "segments")
    shutten(*(COMMANDS | writes)[command]).refused(
        own_home / "segments", "is gone", "shutten index rebuild"
    )
    shutten("index", "rebuild").succeeded()
    shutten("index", "check").succeeded()
    listed = shutten("index", "list").out
    # What was changed before the loss was noticed stays changed.
    assert (BUNDLED in listed, "long" in listed) == (command != "remove", command == "add")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statements SET data = CAST(replace(data, '半導体', '半半体') AS BLOB)",
        "UPDATE passages SET start = start + 1 WHERE row = 3",
        "UPDATE passages SET sentences = x'' WHERE row = 3",
        "UPDATE passages SET wording = x'00' WHERE row = 3",
        "DELETE FROM segments",
        "UPDATE segments SET checksum = '00'",
        "DELETE FROM background",
    ],
    ids=["text", "offset", "sentences", "wordings", "segments", "checksum", "background"],
)
def test_check_notices_a_changed_database(shutten: Shutten, own_home: Path, statement: str) -> None:
    change(own_home, statement)
    check = shutten("index", "check")
    assert (check.code, check.out) == (2, "")
    assert check.err.splitlines()[-1].startswith("shutten: ")
