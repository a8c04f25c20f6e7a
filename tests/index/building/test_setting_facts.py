"""Facts are corrected by hand, with the real model. They outlive adding again and a rebuild."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import ShuttenError
from corpus.library import load_statement
from corpus.records import Provenance
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.segments import folder

TEXT = "Joint Statement of Japan and India\n\nThe ministers met. They agreed on hydrogen.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "meeting.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, encoder: Encoder, file: Path) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(tmp_path / "data")) as store:
        add(store, encoder, file)
        yield store


def add(store: LocalStore, encoder: Encoder, file: Path) -> adding.Change:
    (change,) = adding.add(store, encoder, [(load_statement(file), str(file))])
    return change


def facts(store: LocalStore) -> Provenance:
    return store.statement("meeting").provenance


def test_the_fact_its_origin_and_the_card_change_together(
    store: LocalStore, encoder: Encoder
) -> None:
    searcher = Searcher(store, encoder)
    question = "the Kishida-Modi summit in Guwahati"
    _, before = searcher.cards(question)
    card, text = store.card_key("meeting"), store.statement("meeting").source
    values = {"date": "2023-03-20", "title_en": "Kishida-Modi summit", "venue": "Guwahati"}
    old, new = adding.set_facts(store, encoder, "meeting", values)
    assert (old.date, new.date, new.parties) == ("", "2023-03-20", ("JP", "IN"))
    assert facts(store) == new
    assert {name: new.origins[name] for name in values} == dict.fromkeys(values, "hand")
    assert store.card_key("meeting") != card
    assert store.statement("meeting").source == text
    _, after = searcher.cards(question)
    assert after.similarity[0] > before.similarity[0] + 0.05
    assert check(store) == []


def test_they_outlive_adding_the_same_file_again_and_a_rebuild(
    store: LocalStore, encoder: Encoder, file: Path
) -> None:
    adding.set_facts(store, encoder, "meeting", {"date": "2023-03-20", "kind": ""})
    expected = facts(store)
    change = add(store, encoder, file)
    assert (change.outcome, change.by_hand) == ("unchanged", ("date", "kind"))
    assert facts(store) == expected
    rebuild(store, encoder)
    assert facts(store) == expected
    assert check(store) == []


def test_they_outlive_an_edit_and_win_over_what_is_recorded_later(
    store: LocalStore, encoder: Encoder, file: Path
) -> None:
    adding.set_facts(store, encoder, "meeting", {"date": "2023-03-20"})
    file.write_text(TEXT.replace("India", "Australia"), "utf-8")
    file.with_suffix(".toml").write_text('date = 2020-01-01\nvenue = "Perth"\n', "utf-8")
    assert add(store, encoder, file).outcome == "changed"
    found = facts(store)
    assert (found.date, found.venue, found.parties) == ("2023-03-20", "Perth", ("JP", "AU"))
    adding.remove(store, "meeting")
    add(store, encoder, file)
    assert facts(store).date == "2020-01-01"


def test_an_error_in_the_middle_leaves_the_state_before(
    store: LocalStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = facts(store), store.card_key("meeting")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "tokens")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "write_arrays", full)
        with pytest.raises(ShuttenError, match="No space left"):
            adding.set_facts(store, encoder, "meeting", {"title": "Another title"})
    assert (facts(store), store.card_key("meeting")) == before
    assert check(store) == []


def test_a_card_of_other_words_is_noticed(store: LocalStore) -> None:
    statement = store.statement("meeting")
    facts = replace(statement.provenance, title="Another title")
    with store.writing():
        original = store.original("meeting")
        store.remove_statement("meeting")
        store.put_statement(statement, original.origin)
        store._connection.execute(
            "UPDATE statements SET provenance = replace(provenance, ?, ?)",
            (statement.provenance.title, facts.title),
        )
    assert "meeting: its card is recorded with other words" in check(store)


def test_a_damaged_statement_is_not_touched(
    store: LocalStore, encoder: Encoder, tmp_path: Path
) -> None:
    with store.writing():
        store._connection.execute("UPDATE statements SET data = CAST('x' AS BLOB)")
    copy = shutil.copytree(store.home, tmp_path / "copy")
    with pytest.raises(ShuttenError, match="add the file again"):
        adding.set_facts(store, encoder, "meeting", {"date": "2023-03-20"})
    assert (copy / "shutten.db").read_bytes() == store.path.read_bytes()
