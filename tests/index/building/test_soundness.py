"""A damaged data folder: `check` finds it, no question gets a wrong quote, `rebuild` repairs it.

Every column of every table is damaged in turn, so that columns that are added later are tried, too.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import Shutten

from corpus.errors import ShuttenError
from corpus.library import load_statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store import schema
from index.store.originals import DamagedError, Originals
from index.store.store import Store
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

TEXT = "会合の記録\n\n両省は次を決めた。\n\n- 港を整備する。\n- 橋を架ける。期限は三月とする。\n"
TITLE = 'title = "町の会合"\nissuers = ["町"]\n'
QUESTION, ANSWER = "期限はいつですか", "期限は三月とする。"
SENTENCES = {"会合の記録", "両省は次を決めた。", "港を整備する。", "橋を架ける。", ANSWER}
DAMAGED_VALUES = [  # SQL expressions; {0} is the column
    "NULL",
    "'[\"?'",
    "97",
    "substr({0}, 1, length({0}) - 1)",
    "CAST(x'E38181FF' AS TEXT)",  # not UTF-8
]


def columns() -> dict[str, list[str]]:
    """The columns to damage, by table."""
    columns: dict[str, list[str]] = {}
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        schema.create_tables(connection)
        for table, column in sorted(schema.columns(connection)):
            # `_df` is a view of another table. `_idx` is only used in large tables. Other tests
            # damage `meta` and `statements`.
            if not table.endswith(("_df", "_idx")) and table not in ("meta", "statements"):
                columns.setdefault(table, []).append(column)
    return columns


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, caching_encoder: CachingEncoder) -> Path:
    """A data folder with one statement and its provenance. Tests only copy it."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "town.txt").write_text(TEXT, "utf-8")
    (folder / "town.toml").write_text(TITLE, "utf-8")
    added = load_statement(folder / "town.txt"), str(folder / "town.txt")
    with contextlib.closing(Store(folder / "data")) as store:
        adding.add(store, caching_encoder, [added], progress=False)
    return folder / "data"


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "data"))


def change(home: Path, *commands: str) -> int:
    """Change the database and return the number of rows that changed."""
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        for command in commands:
            connection.execute(command)
        connection.commit()
        return connection.total_changes


def overwrite(home: Path, table: str, column: str, value: str) -> bool:
    """Put a value in all rows of a column that allow it; return whether a row changed."""
    new = value.format(f'"{column}"')
    command = f'UPDATE OR IGNORE {table} SET "{column}" = {new} WHERE "{column}" IS NOT {new}'
    if "substr" in value:
        # The last of many digits of a number would not matter.
        command += f" AND typeof(\"{column}\") <> 'real'"
    try:
        return change(home, command) > 0
    except sqlite3.DatabaseError:  # The table does not allow the value, or is too damaged.
        return False


def problems(home: Path) -> list[str]:
    try:
        with contextlib.closing(Store(home)) as store:
            return check(store)
    except ShuttenError as error:
        return [str(error)]


def ask(home: Path, encoder: Encoder) -> list[str]:
    """The sentences for a question, best first."""
    with contextlib.closing(Store(home)) as store:
        hits = Searcher(store, encoder).search(QUESTION).hits
        return [hit.span.of(hit.statement.source.text) for hit in hits]


def assert_never_misquoted(home: Path, encoder: Encoder) -> None:
    """A question ends in an error of one line or in the sentences of the text."""
    sentences, problem = SENTENCES, ""
    try:
        sentences = set(ask(home, encoder))
    except ShuttenError as error:
        problem = str(error)
    assert sentences == SENTENCES
    assert "\n" not in problem


def repair(home: Path, encoder: Encoder) -> None:
    with contextlib.closing(Originals(home)) as store:
        rebuild(store, encoder, progress=False)


def assert_sound(home: Path, encoder: Encoder) -> None:
    assert problems(home) == []
    assert ask(home, encoder)[0] == ANSWER


def rows(home: Path) -> list[list[tuple[object, ...]]]:
    tables = ("statements", "passages", "sentences", "embeddings", "background")
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def test_a_rebuild_of_a_sound_folder_changes_no_row(
    home: Path, caching_encoder: CachingEncoder
) -> None:
    assert_sound(home, caching_encoder)
    before = rows(home)
    repair(home, caching_encoder)
    assert_sound(home, caching_encoder)
    assert rows(home) == before
    assert len(list((home / "derived").iterdir())) == 1


@pytest.mark.parametrize(("table", "names"), columns().items(), ids=columns())
def test_damage_of_each_column_is_found_and_repaired(
    sound: Path, tmp_path: Path, caching_encoder: CachingEncoder, table: str, names: Sequence[str]
) -> None:
    all_damaged = Path(shutil.copytree(sound, tmp_path / "all"))
    for column in names:
        damaged = 0
        for number, value in enumerate(DAMAGED_VALUES):
            home = Path(shutil.copytree(sound, tmp_path / f"{column}-{number}"))
            if not overwrite(home, table, column, value):
                continue
            damaged += 1
            assert problems(home), (column, value)
            assert_never_misquoted(home, caching_encoder)
            overwrite(all_damaged, table, column, value)
        assert damaged, column
    repair(all_damaged, caching_encoder)
    assert_sound(all_damaged, caching_encoder)


DAMAGE = {
    "passage": "INSERT INTO passages SELECT 99, 'x', id, kind, start, end, marker, section, number,"
    " parent, lead_in, embedding, introduced FROM passages WHERE row = 1",
    "sentence": "INSERT INTO sentences SELECT 99, 99, start, end, embedding, first_token,"
    " last_token, background FROM sentences WHERE row = 1",
    "words": "INSERT INTO sentence_words(rowid, terms) VALUES (99, '期限')",
    "words with a negative row": "INSERT INTO passage_words(rowid, terms) VALUES (-1, '期限')",
    "two background rows": "INSERT INTO background SELECT * FROM background",
    "impossible span": "UPDATE sentences SET end = start WHERE row = 3",
    "beyond the text": "UPDATE passages SET end = 999 WHERE row = 4",
    "tokens out of bounds": "UPDATE sentences SET first_token = 0, last_token = 9999",
    "tokens of another sentence": "UPDATE sentences SET first_token = 0, last_token = 1"
    " WHERE row = 5",
    "no generation": "DELETE FROM meta WHERE key = 'generation'",
    "no such generation": "UPDATE meta SET value = 'x' WHERE key = 'generation'",
    "no fingerprint": "DELETE FROM meta WHERE key = 'fingerprint'",
    "no version": "DELETE FROM meta WHERE key = 'schema'",
    "no settings": "DROP TABLE meta",
    "no sentences": "DROP TABLE sentences",
    "no words": "DROP TABLE passage_words",
    "half of the words": "DROP TABLE passage_words_data",
    "no rows": "DELETE FROM passages",
    "another encoding": "UPDATE statements SET encoding = 'utf_16_le'",
    "an unknown encoding": "UPDATE statements SET encoding = 'klingon'",
    "no name": "UPDATE statements SET id = NULL",
    "a broken name": "UPDATE statements SET id = CAST(x'FF' AS TEXT)",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_other_damage_is_found_and_repaired(
    home: Path, caching_encoder: CachingEncoder, damage: str
) -> None:
    assert change(home, damage) or damage.startswith("DROP")
    assert problems(home)
    assert_never_misquoted(home, caching_encoder)
    repair(home, caching_encoder)
    assert_sound(home, caching_encoder)


@pytest.mark.parametrize("table", ["embeddings", "sentences", "passage_words_data", "meta"])
def test_a_damaged_page_is_found_and_repaired(
    home: Path, caching_encoder: CachingEncoder, table: str
) -> None:
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    with (home / "shutten.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    assert problems(home)
    assert_never_misquoted(home, caching_encoder)
    repair(home, caching_encoder)
    assert_sound(home, caching_encoder)


PROVENANCES = [
    "",
    "{",
    "[]",
    "97",
    '{"titel": ""}',
    '{"title": 5}',
    '{"issuers": "町"}',
    "[" * 9999,
]


@pytest.mark.parametrize("origin", ["there", "gone", "changed"])
@pytest.mark.parametrize("recorded", PROVENANCES, ids=range(len(PROVENANCES)))
def test_damaged_provenance_is_read_again_or_said_to_be_lost(
    home: Path,
    caching_encoder: CachingEncoder,
    capsys: pytest.CaptureFixture[str],
    recorded: str,
    origin: str,
) -> None:
    file = home.parent / "town.txt"
    if origin != "gone":
        file.write_text(TEXT + (origin == "changed") * "新しい文。", "utf-8")
        file.with_suffix(".toml").write_text(TITLE, "utf-8")
    change(home, f"UPDATE statements SET provenance = '{recorded}', origin = '{file}'")
    assert any("provenance" in problem for problem in problems(home))
    with pytest.raises(ShuttenError, match=r"provenance.*index rebuild"):
        ask(home, caching_encoder)
    repair(home, caching_encoder)
    notices = capsys.readouterr().err
    with contextlib.closing(Store(home)) as store:
        title = store.statement("town").provenance.title
    if origin == "there":
        assert title == "町の会合"
        assert f"read again from {file.with_suffix('.toml')}" in notices
    else:
        assert title == ""
        assert "town: its provenance was damaged and is empty now" in notices
    assert_sound(home, caching_encoder)


def test_a_damaged_original_does_not_prevent_repair_of_the_rest(
    home: Path, caching_encoder: CachingEncoder
) -> None:
    change(home, "UPDATE statements SET data = x'61'", "DROP TABLE sentences")
    with contextlib.closing(Originals(home)) as store:
        recorded = store.original("town").sha256
        with pytest.raises(DamagedError, match="add --id town"):
            rebuild(store, caching_encoder, progress=False)
        assert store.original("town").sha256 == recorded
    remaining = problems(home)
    assert remaining
    assert all("add the file again" in problem for problem in remaining)


def test_commands_advise_a_rebuild(shutten: Shutten, home: Path) -> None:
    change(home, "UPDATE sentences SET end = start WHERE row = 3")
    shutten("ask", QUESTION, "--home", home).refused(home / "shutten.db", "shutten index rebuild")
    shutten("index", "list", "--home", home).refused("town", "shutten index rebuild")
    checked = shutten("index", "check", "--home", home)
    assert (checked.code, checked.out) == (2, "")
    assert checked.err.splitlines()[-1].endswith("run `shutten index rebuild`")
    assert "rebuilt 1 statements" in shutten("index", "rebuild", "--home", home).succeeded()
    assert "all well" in shutten("index", "check", "--home", home).succeeded()
    shutten("index", "list", "--home", home).succeeded()


def test_check_notices_that_another_model_was_chosen(
    shutten: Shutten, home: Path, caching_encoder: CachingEncoder
) -> None:
    change(home, "UPDATE meta SET value = 'other' WHERE key = 'fingerprint'")
    shutten("index", "check", "--home", home).refused("other", "index rebuild")
    shutten("index", "rebuild", "--home", home).succeeded()
    shutten("index", "check", "--home", home).succeeded()


@pytest.mark.parametrize("damage", ["deleted", "empty", "without tables"])
def test_a_lost_database_is_not_taken_for_a_new_folder(
    shutten: Shutten, home: Path, damage: str
) -> None:
    copy = (home / "shutten.db").read_bytes()
    (home / "shutten.db").unlink()
    if damage == "empty":
        (home / "shutten.db").touch()
    if damage == "without tables":
        change(home, "PRAGMA journal_mode = WAL")
    text = home.parent / "new.txt"
    text.write_text("新しい文。\n", "utf-8")
    for command in (["ask", QUESTION], ["index", "list"], ["index", "check"], ["index", "rebuild"],
                    ["index", "add", text], ["model", "list"]):  # fmt: skip
        shutten(*command, "--home", home).refused(
            home / "shutten.db", "gone or empty", "put a copy"
        )
    assert (home / "shutten.db").exists() == (damage != "deleted")
    (home / "shutten.db").write_bytes(copy)
    assert "all well" in shutten("index", "check", "--home", home).succeeded()
