"""Damages a small data folder, and tells whether it is sound."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library import load_statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.originals import Originals

TEXT = "会合の記録\n\n両省は次を決めた。\n\n- 港を整備する。\n- 橋を架ける。期限は三月とする。\n"
TITLE = 'title = "町の会合"\nissuers = ["町"]\n'
QUESTION, ANSWER = "期限はいつですか", "期限は三月とする。"
SENTENCES = {"会合の記録", "両省は次を決めた。", "港を整備する。", "橋を架ける。", ANSWER}


def make_sound_folder(folder: Path, encoder: Encoder) -> Path:
    """Make a data folder with one statement and its provenance."""
    (folder / "town.txt").write_text(TEXT, "utf-8")
    (folder / "town.toml").write_text(TITLE, "utf-8")
    added = load_statement(folder / "town.txt"), str(folder / "town.txt")
    with contextlib.closing(LocalStore(folder / "data")) as store:
        adding.add(store, encoder, [added], progress=False)
    return folder / "data"


def change(home: Path, *commands: str) -> int:
    """Change the database and return the number of rows that changed."""
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        for command in commands:
            connection.execute(command)
        connection.commit()
        return connection.total_changes


def rows(home: Path) -> list[list[tuple[object, ...]]]:
    """Return all rows of the tables, without settings and the names of segments."""
    selected = {
        "statements": "*",
        "passages": "*",
        "background": "*",
        "segments": "first_row, passages, size, checksum",
    }
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        return [
            connection.execute(f"SELECT {columns} FROM {table}").fetchall()
            for table, columns in selected.items()
        ]


def segments(home: Path) -> list[Path]:
    """Return everything in the folder of segments."""
    return sorted(home.glob("segments/*"))


# What can happen to the file of a segment.
FILE_DAMAGE: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "empty": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut by a byte": lambda path: os.truncate(path, path.stat().st_size - 1),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "overwritten": lambda path: path.write_bytes(b"\xa5" * path.stat().st_size),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


def problems(home: Path) -> list[str]:
    """Return what is wrong with a data folder."""
    try:
        with contextlib.closing(LocalStore(home)) as store:
            return check(store)
    except ShuttenError as error:
        return [str(error)]


def ask(home: Path, encoder: Encoder) -> list[str]:
    """Return the sentences for the question, best first."""
    with contextlib.closing(LocalStore(home)) as store:
        hits = Searcher(store, encoder).search(QUESTION).hits
        return [hit.span.of(hit.statement.source.text) for hit in hits]


def repair(home: Path, encoder: Encoder) -> None:
    """Rebuild a data folder."""
    with contextlib.closing(Originals(home)) as store:
        rebuild(store, encoder, progress=False)


def assert_sound(home: Path, encoder: Encoder) -> None:
    """Nothing is wrong, and the question is answered."""
    assert problems(home) == []
    assert ask(home, encoder)[0] == ANSWER


def assert_never_misquoted(home: Path, encoder: Encoder) -> None:
    """The question ends in an error of one line, or in the sentences of the text."""
    sentences, problem = SENTENCES, ""
    try:
        sentences = set(ask(home, encoder))
    except ShuttenError as error:
        problem = str(error)
    assert sentences == SENTENCES
    assert "\n" not in problem


def assert_quoted_at_most(home: Path, encoder: Encoder) -> None:
    """The question ends in an error with an advice, or in marked sentences of the text.

    The passages whose vectors are damaged may be missing.
    """
    quoted, problem = set[str](), "run `shutten index rebuild`"
    try:
        with contextlib.closing(LocalStore(home)) as store:
            for hit in Searcher(store, encoder).search(QUESTION).hits:
                quoted.add(hit.span.of(hit.statement.source.text))
                _ = hit.match.marks()  # must not raise
    except ShuttenError as error:
        problem = str(error)
    assert quoted <= SENTENCES
    assert problem.endswith("run `shutten index rebuild`")
