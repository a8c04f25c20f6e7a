"""Adding, editing, removing and rebuilding, over a real model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import ShuttenError
from corpus.library import load_statement
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoded, Encoder, Role
from index.search.searcher import Searcher
from index.store import search_arrays
from index.store.store import Store

TEXT = """会合の記録

両省は次を決めた。

- 港を整備する。
- 橋を架ける。期限は三月とする。
- 学校を建てる。
"""


def made(text: str = TEXT, name: str = "town") -> tuple[Statement, str]:
    return Statement(Source(name, text.encode()), Provenance(), parse(text)), f"{name}.txt"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def test_adding_twice_changes_nothing(store: Store, encoder: Encoder) -> None:
    (first,) = adding.add(store, encoder, [made()])
    generation = store.meta("generation")
    (second,) = adding.add(store, encoder, [made()])
    assert (first.outcome, second.outcome) == ("added", "unchanged")
    assert store.meta("generation") == generation
    assert check(store) == []


def test_background_questions_are_read_only_once(store: Store, encoder: Encoder) -> None:
    class Counting:
        """As another process would come with it: nothing is cached for it."""

        fingerprint = encoder.fingerprint
        trained, reranker = encoder.trained, encoder.reranker
        asked = 0

        def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
            self.asked += role == "query"
            return encoder.encode(texts, role)

        read = staticmethod(encoder.read)

    first, second = Counting(), Counting()
    adding.add(store, first, [made()])
    adding.add(store, second, [made("新しい文。", "new")])
    assert (first.asked, second.asked) == (1, 0)
    assert check(store) == []


def test_editing_one_bullet_embeds_only_that_bullet(store: Store, encoder: Encoder) -> None:
    adding.add(store, encoder, [made()])
    before = {p.span.of(TEXT): p.id for p in store.statement("town").passages}
    edited = TEXT.replace("港を整備する", "港を拡張する")
    (change,) = adding.add(store, encoder, [made(edited)])
    assert (change.outcome, change.embedded) == ("changed", 1)
    after = {p.span.of(edited): p.id for p in store.statement("town").passages}
    assert {text: after[text] for text in before.keys() & after.keys()} == {
        text: id_ for text, id_ in before.items() if "港" not in text
    }
    assert check(store) == []


def test_a_removed_statement_is_found_no_more(store: Store, encoder: Encoder) -> None:
    other = "両省は空港を閉鎖した。"
    adding.add(store, encoder, [made(), made(other, "airport")])
    searcher = Searcher(store, encoder)
    assert searcher.search("空港").hits[0].statement.id == "airport"
    adding.remove(store, "airport")
    assert {hit.statement.id for hit in searcher.search("空港").hits} == {"town"}
    assert check(store) == []


def test_removing_what_is_not_there_says_what_is(store: Store, encoder: Encoder) -> None:
    adding.add(store, encoder, [made()])
    with pytest.raises(ShuttenError, match=r"no statement 'village'.*town"):
        adding.remove(store, "village")


def test_an_empty_index_says_what_to_do(store: Store, encoder: Encoder) -> None:
    with pytest.raises(ShuttenError, match="shutten index add"):
        Searcher(store, encoder).search("港")


def test_another_model_is_refused_until_rebuilt(store: Store, encoder: Encoder) -> None:
    class Other:
        fingerprint = "other"
        trained, reranker = encoder.trained, encoder.reranker
        encode, read = staticmethod(encoder.encode), staticmethod(encoder.read)

    adding.add(store, encoder, [made()])
    with pytest.raises(ShuttenError, match="shutten index rebuild"):
        adding.add(store, Other(), [made("新しい文。", "new")])
    with pytest.raises(ShuttenError, match="shutten index rebuild"):
        Searcher(store, Other())
    assert rebuild(store, Other()) > 0
    assert Searcher(store, Other()).search("橋").hits
    assert check(store) == []


def test_a_namesake_from_elsewhere_is_refused_unless_meant(store: Store, encoder: Encoder) -> None:
    adding.add(store, encoder, [made()])
    namesake = (made("別の町の声明。")[0], "elsewhere/town.txt")
    with pytest.raises(ShuttenError, match=r"already added from town\.txt"):
        adding.add(store, encoder, [namesake])
    (change,) = adding.add(store, encoder, [namesake], replace_origin=True)
    assert change.outcome == "changed"


def test_a_failure_in_the_middle_leaves_the_state_before(
    store: Store, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding.add(store, encoder, [made()])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "tokens")

    monkeypatch.setattr(search_arrays, "write", full)
    with pytest.raises(ShuttenError, match=r"No space left on device.*free space"):
        adding.add(store, encoder, [made("新しい文。", "new")])
    monkeypatch.undo()
    assert store.statement_ids() == ["town"]
    assert check(store) == []


@pytest.mark.parametrize("lost", ["all", "manifest.json", "sentences.faiss"])
def test_derived_files_that_were_deleted_are_made_again(
    store: Store, encoder: Encoder, lost: str
) -> None:
    adding.add(store, encoder, [made()])
    folder = search_arrays.folder(store, store.meta("generation") or "")
    shutil.rmtree(folder) if lost == "all" else (folder / lost).unlink()
    assert Searcher(store, encoder).search("橋").hits[0].span.of(TEXT) == "橋を架ける。"
    assert check(store) == []


def test_derived_files_that_were_cut_are_noticed_and_made_again(
    store: Store, encoder: Encoder
) -> None:
    adding.add(store, encoder, [made()])
    file = search_arrays.folder(store, store.meta("generation") or "") / "tokens.bin"
    file.write_bytes(file.read_bytes()[:-8])
    assert any("checksum" in problem for problem in check(store))
    assert Searcher(store, encoder).search("橋").hits[0].span.of(TEXT) == "橋を架ける。"
    assert check(store) == []


def test_a_searcher_sees_what_another_process_added(store: Store, encoder: Encoder) -> None:
    adding.add(store, encoder, [made()])
    searcher = Searcher(store, encoder)
    assert searcher.search("空港").total == 5
    adding.add(Store(store.home), encoder, [made("両省は空港を閉鎖した。", "airport")])
    ranking = searcher.search("空港")
    assert (ranking.total, ranking.hits[0].statement.id) == (6, "airport")


def test_a_second_writer_waits_and_says_so(store: Store) -> None:
    second = Store(store.home).writing(wait=0.1)
    with store.writing(), pytest.raises(ShuttenError, match="another process"):
        second.__enter__()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE sentences SET start = start + 1", "are other words"),
        ("UPDATE statements SET data = CAST('changed.' AS BLOB)", "sha256"),
        ("DELETE FROM sentence_words WHERE rowid = 1", "sentence_words"),
        ("UPDATE embeddings SET vector = zeroblob(length(vector))", "not of length 1"),
    ],
)
def test_check_notices_a_broken_invariant(
    store: Store, encoder: Encoder, damage: str, problem: str
) -> None:
    adding.add(store, encoder, [made()])
    with store.writing():
        store._connection.execute(damage)
    assert any(problem in found for found in check(store))


def test_the_stored_statement_is_the_file(store: Store, encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "crlf.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    statement = load_statement(path)
    adding.add(store, encoder, [(statement, str(path))])
    stored = store.statement("crlf")
    assert stored == statement
    assert replace(stored.source).text == path.read_bytes().decode("utf-8")
