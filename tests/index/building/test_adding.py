"""Statements are added, edited and removed, with the real model."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from damaging import FILE_DAMAGE, segments
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.library import load_statement
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoded, Encoder, Role
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.segments import folder as segment_folder

TEXT = """会合の記録

両省は次を決めた。

- 港を整備する。
- 橋を架ける。期限は三月とする。
- 学校を建てる。
"""
SENTENCE = "両省は空港を閉鎖した。"


class OtherEncoder:
    """The same model with another fingerprint, which counts the background questions it encodes.

    Nothing is cached for it, as for the model of another process.
    """

    def __init__(self, encoder: Encoder, fingerprint: str) -> None:
        self.model, self.fingerprint = encoder, fingerprint
        self.trained, self.reranker = encoder.trained, encoder.reranker
        self.rerank = encoder.rerank
        self.query_batches = 0

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        self.query_batches += role == "query"
        return self.model.encode(texts, role)


def added(text: str = TEXT, name: str = "town") -> tuple[Statement, str]:
    """A statement, and the path it is added from."""
    return statement_from(text, name), f"{name}.txt"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(tmp_path / "data")) as store:
        yield store


def test_adding_again_changes_nothing(store: LocalStore, encoder: Encoder) -> None:
    (first,) = adding.add(store, encoder, [added()])
    generation = store.meta("generation")
    (second,) = adding.add(store, encoder, [added()])
    assert (first.outcome, second.outcome) == ("added", "unchanged")
    assert (first.passages, second.embedded) == (5, 0)
    assert store.meta("generation") == generation
    assert check(store) == []


def test_background_questions_are_encoded_only_once(store: LocalStore, encoder: Encoder) -> None:
    first, second, third = (OtherEncoder(encoder, encoder.fingerprint) for _ in range(3))
    adding.add(store, first, [added()])
    stored = store.background().to_row()
    adding.add(store, second, [added("新しい文。", "new")])
    adding.add(store, third, [added(TEXT.replace("港", "空港"))])
    encoders = (first, second, third)
    assert [encoder.query_batches for encoder in encoders] == [1, 0, 0]
    assert store.background().to_row() == stored
    assert check(store) == []


def test_editing_a_bullet_encodes_only_that_bullet(store: LocalStore, encoder: Encoder) -> None:
    def ids(text: str) -> dict[str, str]:
        passages = store.statement("town").passages
        return {passage.span.of(text): passage.id for passage in passages}

    adding.add(store, encoder, [added()])
    before = ids(TEXT)
    edited = TEXT.replace("港を整備する", "港を拡張する")
    (change,) = adding.add(store, encoder, [added(edited)])
    assert (change.outcome, change.embedded) == ("changed", 1)
    after = ids(edited)
    assert {text: after.get(text) for text in before if "港" not in text} == {
        text: id_ for text, id_ in before.items() if "港" not in text
    }
    assert check(store) == []


def test_a_removed_statement_is_not_found_any_more(store: LocalStore, encoder: Encoder) -> None:
    adding.add(store, encoder, [added(), added(SENTENCE, "airport")])
    searcher = Searcher(store, encoder)
    assert searcher.search("空港").hits[0].statement.id == "airport"
    adding.remove(store, "airport")
    assert {hit.statement.id for hit in searcher.search("空港").hits} == {"town"}
    assert check(store) == []


def test_the_error_for_an_unknown_statement_lists_the_known_ones(
    store: LocalStore, encoder: Encoder
) -> None:
    adding.add(store, encoder, [added()])
    with pytest.raises(ShuttenError, match=r"no statement 'village'.*town"):
        adding.remove(store, "village")


def test_the_error_for_an_empty_index_says_what_to_do(store: LocalStore, encoder: Encoder) -> None:
    with pytest.raises(ShuttenError, match="shutten index add"):
        Searcher(store, encoder).search("港")


def test_another_model_is_refused_until_a_rebuild(store: LocalStore, encoder: Encoder) -> None:
    other = OtherEncoder(encoder, "other")
    adding.add(store, encoder, [added()])
    with pytest.raises(ShuttenError, match="shutten index rebuild"):
        adding.add(store, other, [added("新しい文。", "new")])
    with pytest.raises(ShuttenError, match="shutten index rebuild"):
        Searcher(store, other)
    assert rebuild(store, other) > 0
    assert Searcher(store, other).search("橋").hits
    assert check(store) == []


def test_a_statement_from_another_path_is_refused_unless_allowed(
    store: LocalStore, encoder: Encoder
) -> None:
    adding.add(store, encoder, [added()])
    statement, _ = added("別の町の声明。")
    with pytest.raises(ShuttenError, match=r"already added from town\.txt"):
        adding.add(store, encoder, [(statement, "elsewhere/town.txt")])
    (change,) = adding.add(store, encoder, [(statement, "elsewhere/town.txt")], replace_origin=True)
    assert change.outcome == "changed"


def test_a_copy_is_left_out_if_asked(store: LocalStore, encoder: Encoder) -> None:
    adding.add(store, encoder, [added()])
    (change,) = adding.add(store, encoder, [added(name="copy")], leave_copies=True)
    assert (change.outcome, change.original) == ("copy", "town")
    assert store.statement_ids() == ["town"]
    (change,) = adding.add(store, encoder, [added(name="copy")])
    assert change.outcome == "added"


def test_an_error_in_the_middle_leaves_the_state_before(
    store: LocalStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding.add(store, encoder, [added()])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "tokens")

    with monkeypatch.context() as patch:
        patch.setattr(segment_folder, "write_arrays", full)
        with pytest.raises(ShuttenError, match="No space left on device"):
            adding.add(store, encoder, [added("新しい文。", "new")])
    assert store.statement_ids() == ["town"]
    assert [path.name for path in segments(store.home)] == [
        file.name for file in store.segment_files()
    ]
    assert check(store) == []


@pytest.mark.parametrize("damage", FILE_DAMAGE.values(), ids=FILE_DAMAGE)
def test_a_segment_that_is_lost_or_damaged_is_named_until_a_rebuild(
    store: LocalStore, encoder: Encoder, damage: Callable[[Path], object]
) -> None:
    adding.add(store, encoder, [added()])
    adding.add(store, encoder, [added(SENTENCE, "airport")])
    first, _ = store.segment_files()
    path = store.home / "segments" / first.name
    damage(path)
    assert any(str(path) in problem and "index rebuild" in problem for problem in check(store))
    edited = added(TEXT.replace("港", "空港"))
    for use in (
        lambda: Searcher(store, encoder).search("橋"),
        lambda: adding.add(store, encoder, [edited]),
        lambda: adding.set_facts(store, encoder, "town", {"title": "Another title"}),
        lambda: adding.remove(store, "airport"),
    ):
        with pytest.raises(ShuttenError) as error:
            use()
        problem = re.escape(str(path)) + ": is (gone|damaged).*; run `shutten index rebuild`"
        assert re.fullmatch(problem, str(error.value))
    rebuild(store, encoder, progress=False)
    assert Searcher(store, encoder).search("橋").hits[0].span.of(TEXT) == "橋を架ける。"
    assert check(store) == []


def test_copies_in_one_command_are_left_out_if_asked(store: LocalStore, encoder: Encoder) -> None:
    both = [added(), added(name="copy"), added(SENTENCE, "airport")]
    changes = adding.add(store, encoder, both, leave_copies=True)
    outcomes = [(change.outcome, change.original) for change in changes]
    assert outcomes == [("added", ""), ("copy", "town"), ("added", "")]
    assert store.statement_ids() == ["airport", "town"]


def test_the_same_statement_twice_in_one_command_is_added_once(
    store: LocalStore, encoder: Encoder
) -> None:
    changes = adding.add(store, encoder, [added(), added()])
    assert [change.outcome for change in changes] == ["added", "unchanged"]
    assert len(store.segment_files()) == 1


def test_words_that_are_stored_are_not_encoded_again(store: LocalStore, encoder: Encoder) -> None:
    adding.add(store, encoder, [added(), added(name="copy")])
    (change,) = adding.add(store, encoder, [added(TEXT + "\n" + SENTENCE, "longer")])
    assert (change.passages, change.embedded) == (6, 2)  # the new passage and the card
    adding.remove(store, "town")
    adding.remove(store, "copy")
    (change,) = adding.add(store, encoder, [added(TEXT, "again")])
    assert (change.passages, change.embedded) == (5, 1)
    assert check(store) == []


def test_a_searcher_sees_what_another_process_added(store: LocalStore, encoder: Encoder) -> None:
    adding.add(store, encoder, [added()])
    searcher = Searcher(store, encoder)
    assert searcher.search("空港").total == 5
    with contextlib.closing(LocalStore(store.home)) as other:
        adding.add(other, encoder, [added(SENTENCE, "airport")])
    ranking = searcher.search("空港")
    assert (ranking.total, ranking.hits[0].statement.id) == (6, "airport")


def test_a_second_writer_waits_and_then_gives_up(store: LocalStore) -> None:
    with (
        contextlib.closing(LocalStore(store.home)) as second,
        store.writing(),
        pytest.raises(ShuttenError, match="another process"),
        second.writing(wait=0.1),
    ):
        pass


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE passages SET start = start + 1, end = end + 1", "are other words"),
        ("UPDATE statements SET data = CAST('changed.' AS BLOB)", "sha256"),
        ("UPDATE passages SET wording = zeroblob(16)", "recorded with other words"),
        ("UPDATE statements SET card = zeroblob(16)", "recorded with other words"),
        ("UPDATE segments SET checksum = 'x'", "checksum"),
        ("UPDATE segments SET first_row = 0", "lacks 5 passages"),
        ("DELETE FROM segments", "lacks the cards of 1 statements"),
    ],
)
def test_check_names_the_damage(
    store: LocalStore, encoder: Encoder, damage: str, problem: str
) -> None:
    adding.add(store, encoder, [added()])
    with contextlib.closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(damage)
    assert any(problem in line for line in check(store))


def test_the_stored_statement_is_the_file(
    store: LocalStore, encoder: Encoder, tmp_path: Path
) -> None:
    path = tmp_path / "crlf.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    statement = load_statement(path)
    adding.add(store, encoder, [(statement, str(path))])
    stored = store.statement("crlf")
    assert stored == statement
    assert stored.source.data == path.read_bytes()
    assert stored.source.text == path.read_bytes().decode("utf-8")
