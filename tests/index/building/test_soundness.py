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
from damaging import assert_never_misquoted, assert_sound, change, problems, repair, rows

from index.store import schema
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

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


def overwrite(folder: Path, table: str, column: str, value: str) -> bool:
    """Put a value in all rows of a column that allow it; return whether a row changed."""
    new = value.format(f'"{column}"')
    command = f'UPDATE OR IGNORE {table} SET "{column}" = {new} WHERE "{column}" IS NOT {new}'
    if "substr" in value:
        # The last of many digits of a number would not matter.
        command += f" AND typeof(\"{column}\") <> 'real'"
    try:
        return change(folder, command) > 0
    except sqlite3.DatabaseError:  # The table does not allow the value, or is too damaged.
        return False


def test_a_rebuild_of_a_sound_folder_changes_no_row(
    folder: Path, caching_encoder: CachingEncoder
) -> None:
    assert_sound(folder, caching_encoder)
    before = rows(folder)
    repair(folder, caching_encoder)
    assert_sound(folder, caching_encoder)
    assert rows(folder) == before
    assert len(list((folder / "derived").iterdir())) == 1


@pytest.mark.parametrize(("table", "names"), columns().items(), ids=columns())
def test_damage_of_each_column_is_found_and_repaired(
    sound: Path, tmp_path: Path, caching_encoder: CachingEncoder, table: str, names: Sequence[str]
) -> None:
    all_damaged = Path(shutil.copytree(sound, tmp_path / "all"))
    for column in names:
        damaged = 0
        for number, value in enumerate(DAMAGED_VALUES):
            folder = Path(shutil.copytree(sound, tmp_path / f"{column}-{number}"))
            if not overwrite(folder, table, column, value):
                continue
            damaged += 1
            assert problems(folder), (column, value)
            assert_never_misquoted(folder, caching_encoder)
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
    folder: Path, caching_encoder: CachingEncoder, damage: str
) -> None:
    assert change(folder, damage) or damage.startswith("DROP")
    assert problems(folder)
    assert_never_misquoted(folder, caching_encoder)
    repair(folder, caching_encoder)
    assert_sound(folder, caching_encoder)


@pytest.mark.parametrize("table", ["embeddings", "sentences", "passage_words_data", "meta"])
def test_a_damaged_page_is_found_and_repaired(
    folder: Path, caching_encoder: CachingEncoder, table: str
) -> None:
    with contextlib.closing(sqlite3.connect(folder / "shutten.db")) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    with (folder / "shutten.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    assert problems(folder)
    assert_never_misquoted(folder, caching_encoder)
    repair(folder, caching_encoder)
    assert_sound(folder, caching_encoder)
