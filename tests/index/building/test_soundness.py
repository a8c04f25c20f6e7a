"""A damaged data folder: `check` finds it, no question gets a wrong quote, `rebuild` repairs it.

Every column of every table is damaged in turn, so that columns that are added later are tried, too.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from damaging import (
    assert_never_misquoted,
    assert_quoted_at_most,
    assert_sound,
    change,
    problems,
    repair,
    rows,
    segments,
)

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
            # SQLite itself keeps `sqlite_sequence`. Other tests damage the other three.
            if table not in ("meta", "statements", "documents", "sqlite_sequence"):
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
    assert len(segments(folder)) == 1


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


COLUMNS = "statement, id, kind, start, end, marker, section, number, parent, lead_in, sentences"
DAMAGE = {
    "passage": f"INSERT INTO passages SELECT 99, {COLUMNS}, wording FROM passages WHERE row = 1",
    "passage of nothing": "INSERT INTO passages SELECT 99, 99, 'p', 'bullet', 0, 1, '', 1, '[]',"
    " NULL, NULL, x'0000000001000000', zeroblob(16)",
    "passages in another order": "UPDATE passages SET row = 6 - row WHERE row IN (1, 5)",
    "a segment twice": "INSERT INTO segments SELECT 'x', first_row, passages, size, checksum"
    " FROM segments",
    "a segment that is nowhere": "INSERT INTO segments VALUES ('x', 9, 9, 9, '9')",
    "a segment above the folder": "UPDATE segments SET name = '../' || name",
    "no segments": "DELETE FROM segments",
    "two background rows": "INSERT INTO background SELECT * FROM background",
    "no background": "DELETE FROM background",
    "no sentences": "UPDATE passages SET sentences = x''",
    "impossible sentence": "UPDATE passages SET sentences = zeroblob(8) WHERE row = 3",
    "sentences beyond the passage": "UPDATE passages SET sentences = x'00000000ff000000'",
    "beyond the text": "UPDATE passages SET end = 999 WHERE row = 4",
    "other words": "UPDATE passages SET wording = zeroblob(16) WHERE row = 2",
    "another card": "UPDATE statements SET card = zeroblob(16)",
    "no card": "UPDATE statements SET card = NULL",
    "another row of the statement": "UPDATE statements SET row = 9",
    "no generation": "DELETE FROM meta WHERE key = 'generation'",
    "no fingerprint": "DELETE FROM meta WHERE key = 'fingerprint'",
    "no version": "DELETE FROM meta WHERE key = 'schema'",
    "no settings": "DROP TABLE meta",
    "no table of passages": "DROP TABLE passages",
    "no table of segments": "DROP TABLE segments",
    "no table of the background": "DROP TABLE background",
    "no rows": "DELETE FROM passages",
    "another encoding": "UPDATE statements SET encoding = 'utf_16_le'",
    "an unknown encoding": "UPDATE statements SET encoding = 'klingon'",
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


@pytest.mark.parametrize("table", ["passages", "segments", "background", "meta"])
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


def damaged_somewhere(path: Path, draw: random.Random) -> None:
    """Overwrite some bytes of a file in one place."""
    content = bytearray(path.read_bytes())
    place, length = draw.randrange(len(content)), draw.choice([1, 2, 8, 64, 4096])
    before = bytes(content)
    while content == before:
        content[place : place + length] = draw.randbytes(len(content[place : place + length]))
    path.write_bytes(content)


@pytest.mark.parametrize("seed", range(4))
def test_changed_bytes_of_a_segment_are_found_and_never_lead_to_wrong_words(
    sound: Path, tmp_path: Path, caching_encoder: CachingEncoder, seed: int
) -> None:
    draw = random.Random(seed)
    (original,) = segments(sound)
    content = original.read_bytes()
    folder = Path(shutil.copytree(sound, tmp_path / "data"))
    (path,) = segments(folder)
    for number in range(60):
        path.unlink()  # What is mapped stays as it was.
        path.write_bytes(content)
        damaged_somewhere(path, draw)
        if number % 10 == 0:
            assert any(str(path) in problem for problem in problems(folder))
        assert_quoted_at_most(folder, caching_encoder)
    repair(folder, caching_encoder)
    assert_sound(folder, caching_encoder)
