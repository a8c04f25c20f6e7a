"""A data folder of an older version is rebuilt when it is first used.

`tests/data/older` has the tables as the older versions created them.
"""

from __future__ import annotations

import contextlib
import json
import pkgutil
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from command_line import BUNDLED, OPEN_RAN, Shutten, bound_by_modes, disk_full
from damaging import segments
from project import ROOT
from statements import statement_from

from corpus.records import Statement
from index.store import schema
from index.store.local import LocalStore
from index.store.originals import Originals

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

OLDER = ROOT / "tests" / "data" / "older"
CHECKSUM = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
COMMANDS = {
    "ask": ["ask", OPEN_RAN],
    "list": ["index", "list"],
    "check": ["index", "check"],
    "add": ["index", "add", str(ROOT / "corpus" / "statements" / f"{BUNDLED}.txt")],
    "claim": ["check", "オープンRAN"],
}


# The steps of a migration, and whether it is complete after the step.
STEPS = [
    ("index.building.rebuilding.add", False),
    ("index.store.local.write_segment", False),
    ("index.store.segments.folder.move", False),
    ("index.store.database.Database.copy_from", True),
]


def make_older(home: Path, version: str, statement: Statement, *, sha256: str = "") -> Path:
    """Create a data folder as an older version left it."""
    (home / "derived" / "old").mkdir(parents=True)
    (home / "derived" / "old" / "tokens.bin").write_bytes(b"old")
    provenance = asdict(statement.provenance)
    # Older versions had less.
    for newer in ("url", "number", "parties", "kind", "signatories", "occasion", "origins"):
        del provenance[newer]
    source = statement.source
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        connection.executescript((OLDER / f"{version}.sql").read_text("utf-8"))
        settings = {"schema": version, "generation": "old", "fingerprint": "old"}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", settings.items())
        row = (source.id, source.data, source.encoding, sha256 or source.sha256, "old.txt")
        connection.execute(
            "INSERT INTO statements(id, data, encoding, sha256, origin, provenance)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*row, json.dumps(provenance)),
        )
        with contextlib.suppress(sqlite3.OperationalError):  # the newest has no such table
            connection.execute("INSERT INTO passage_words(rowid, terms) VALUES (1, 'old')")
        connection.commit()
    return home


@pytest.fixture
def older(tmp_path: Path, statement: Statement) -> Callable[..., Path]:
    def make(version: str, older_statement: Statement = statement, **options: str) -> Path:
        return make_older(tmp_path / "older", version, older_statement, **options)

    return make


def test_there_are_tables_of_every_older_version() -> None:
    assert sorted(path.stem for path in OLDER.glob("*.sql")) == sorted(schema.OLDER_VERSIONS)


@pytest.mark.parametrize("version", schema.OLDER_VERSIONS)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_an_older_folder_is_rebuilt(
    shutten: Shutten, older: Callable[..., Path], version: str, command: list[str]
) -> None:
    home = older(version)
    first = shutten(*command, "--home", home)
    assert first.code == 0
    assert first.err.count("\n") == 1
    assert f"{home}/shutten.db: made by an older Shutten (data version {version})" in first.err
    assert shutten(*command, "--home", home).err == ""
    assert "all well: 1 statements" in shutten("index", "check", "--home", home).succeeded()
    assert "オープンRAN" in shutten("ask", OPEN_RAN, "--home", home).succeeded()
    (row,) = json.loads(shutten("index", "list", "--json", "--home", home).succeeded())
    assert (row["date"], row["origin"]) == ("2023-05-26", "old.txt")
    assert not (home / "derived").exists()


def test_the_chosen_model_is_kept(shutten: Shutten, older: Callable[..., Path]) -> None:
    home = older("3")
    shutten("model", "use", "multilingual-e5-small", "--home", home)
    with contextlib.closing(Originals(home)) as store:
        assert store.version == "3"  # choosing a model does not migrate
    shutten("index", "list", "--home", home)
    with contextlib.closing(LocalStore(home)) as store:
        assert store.meta("model") == "multilingual-e5-small"


def test_a_damaged_original_stays_as_it_is(shutten: Shutten, older: Callable[..., Path]) -> None:
    home = older("2", sha256=CHECKSUM)
    assert shutten("ask", OPEN_RAN, "--home", home).code == 2
    shutten("ask", OPEN_RAN, "--home", home).refused(f"add --id {BUNDLED}")
    with contextlib.closing(LocalStore(home)) as store:
        assert store.original(BUNDLED).sha256 == CHECKSUM
    assert "changed" in shutten(*COMMANDS["add"], "--id", BUNDLED, "--home", home).succeeded()
    shutten("index", "check", "--home", home).succeeded()


def test_a_statement_without_a_name_is_called_as_its_file(
    shutten: Shutten, older: Callable[..., Path]
) -> None:
    home = older("5")
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        connection.execute("UPDATE statements SET id = NULL")
        connection.commit()
    assert "it is called 'old' now" in shutten("index", "list", "--home", home).err
    shutten("index", "check", "--home", home).succeeded()


def test_an_older_folder_that_cannot_be_written_is_refused(
    shutten: Shutten, older: Callable[..., Path]
) -> None:
    home = older("3")
    for path in (home / "shutten.db", home):
        path.chmod(0o500 if path.is_dir() else 0o400)
    with bound_by_modes():
        shutten("ask", OPEN_RAN, "--home", home).refused(home, "cannot be written", "older")
    home.chmod(0o700)


@pytest.mark.parametrize("value", ["99", str(schema.SCHEMA_VERSION + 1)])
def test_a_newer_folder_is_refused(
    shutten: Shutten, older: Callable[..., Path], value: str
) -> None:
    home = older("3")
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (value,))
        connection.commit()
    before = (home / "shutten.db").read_bytes()
    for command in (*COMMANDS.values(), ["index", "rebuild"]):
        shutten(*command, "--home", home).refused("newer Shutten", f"data version {value}")
    assert (home / "shutten.db").read_bytes()[100:] == before[100:]


@pytest.mark.parametrize(("step", "last"), STEPS, ids=[step for step, _ in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_killed_migration_leaves_the_old_or_the_new_folder(
    shutten: Shutten,
    older: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    last: bool,
    after: bool,
) -> None:
    """A copy of the folder before or after a step is what a process leaves that is killed then."""
    home = older("3", statement_from("両市は、橋を架ける。\n"))
    left = tmp_path / "left"
    module, name = step.rsplit(".", 1)
    owner = pkgutil.resolve_name(module)
    run_step = getattr(owner, name)

    def copy_folder(*arguments: object, **named: object) -> object:
        if not after and not left.exists():
            shutil.copytree(home, left)
        result = run_step(*arguments, **named)
        if after and not left.exists():
            shutil.copytree(home, left)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, copy_folder)
        assert shutten("index", "list", "--home", home).code == 0
    with contextlib.closing(Originals(left)) as store:
        assert store.version == (str(schema.SCHEMA_VERSION) if after and last else "3")
        assert store.original("town").intact
    assert shutten("index", "list", "--home", left).code == 0
    shutten("index", "check", "--home", left).succeeded()
    shutten("index", "remove", "town", "--home", left).succeeded()
    assert segments(left) == []


@pytest.mark.parametrize(
    "step", ["index.store.segments.folder.move", "index.store.database.Database.copy_from"]
)
def test_a_step_that_fails_leaves_the_folder_as_it_was(
    shutten: Shutten, older: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    home = older("1")
    with monkeypatch.context() as full:
        full.setattr(step, disk_full)
        assert "No space left" in shutten("index", "list", "--home", home).err
    with contextlib.closing(Originals(home)) as store:
        assert store.version == "1"
    assert not (home / "rebuilding").exists()
    assert shutten("index", "list", "--home", home).code == 0
    shutten("index", "check", "--home", home).succeeded()
    assert len(segments(home)) == 1
