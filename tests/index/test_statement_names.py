"""The names in a statement: what they are, and that they are kept as they were read."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statements import statement_from

from corpus.errors import ShuttenError
from index.building.checking import check
from index.names import Names
from index.store.local import LocalStore

words = st.frozensets(st.text(min_size=1))


def test_names_are_read_from_title_and_opening() -> None:
    text = "The Compact of Nairobi\n\nMinisters met in Mombasa. The compact is new.\n"
    names = Names.of(statement_from(text, title="Compact of Nairobi"))
    assert names.title_terms < names.terms
    assert {"nairobi", "mombasa"} <= names.spoken
    assert names.has_small("compact")
    assert not names.has_small("nairobi")
    assert not names.has_small("compac")


def test_words_that_follow_each_other_in_a_list_are_no_name() -> None:
    names = Names.of(statement_from("A Port\n\nThe east and the room were old.\n", title="A Port"))
    assert names.has_small("east")
    assert names.has_small("old")
    assert not names.has_small("east old")


@given(words, words, words, st.text(), words)
def test_names_are_kept_as_they_were_read(
    terms: frozenset[str],
    title: frozenset[str],
    spoken: frozenset[str],
    small: str,
    parties: frozenset[str],
) -> None:
    names = Names(terms, title, spoken, small, parties)
    assert Names.from_json(names.to_json()) == names


@pytest.mark.parametrize("stored", ["", "None", "{", "[]", "[1, 2, 3, 4]", "7", '[["a"], [], []]'])
def test_damaged_names_are_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Names.from_json(stored)


@pytest.mark.parametrize(
    ("stored", "problem"),
    [("{", "the names of '{id}' are damaged"), ('[[], [], [], [], ""]', "{id}: other names are")],
)
def test_a_check_tells_of_other_names(
    home: Path, tmp_path: Path, stored: str, problem: str
) -> None:
    copy = shutil.copytree(home, tmp_path / "copy")
    with closing(sqlite3.connect(copy / "shutten.db")) as connection, connection:
        connection.execute("UPDATE statements SET names = ?", (stored,))
    with closing(LocalStore(copy)) as store:
        (name,) = store.statement_ids()
        assert any(problem.format(id=name) in found for found in check(store))
        if "damaged" in problem:
            with pytest.raises(ShuttenError, match="index rebuild"):
                store.names()
