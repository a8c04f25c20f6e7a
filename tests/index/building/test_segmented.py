"""Search answers do not depend on how the statements lie in segments, with the real model."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from damaging import segments
from processes import start_python
from statements import statement_from

from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.segments import merging

TEXTS = {
    "port": "港の声明\n\n両省は、港を整備する。\n\n両省は、橋を架ける。期限は三月とする。\n",
    "rail": "Joint Statement\n\nThey will build a railway. They will train 300 nurses.\n",
    "road": "道の声明\n\n- 次の二つを決めた。\n - (1) 橋を架ける。\n - (2) 道を直す。\n",
    "long": "長い声明\n\n" + "".join(f"第{n}号の駅を建てる。\n\n" for n in range(12)),
    "sea": "# U.S.-Samoa Joint Statement\n\nThey will lay a sea cable. They will train nurses.\n",
}
QUESTIONS = ["橋の期限はいつですか", "Who trains nurses?", "第5号の駅", "海底ケーブル", "railway"]
Spans = list[tuple[str, int, int, float]]


def added(*names: str) -> list[tuple[Statement, str]]:
    return [(statement_from(TEXTS[name], name), f"{name}.txt") for name in names]


def rankings(store: LocalStore, encoder: Encoder) -> list[Spans]:
    """Return the sentences with their scores for each question, best first.

    Sentences of the same score stand in the order of their statements.
    """
    searcher = Searcher(store, encoder)
    found = []
    for question in QUESTIONS:
        hits = [
            (hit.statement.id, hit.span.start, hit.span.end, hit.score)
            for hit in searcher.search(question).hits
        ]
        found.append(sorted(hits, key=lambda hit: (-round(hit[3], 4), *hit[:3])))
    return found


def at_once(store: LocalStore, encoder: Encoder) -> None:
    adding.add(store, encoder, added(*TEXTS), progress=False)


def one_by_one(store: LocalStore, encoder: Encoder) -> None:
    for name in TEXTS:
        adding.add(store, encoder, added(name), progress=False)


def backwards(store: LocalStore, encoder: Encoder) -> None:
    for name in reversed(TEXTS):
        adding.add(store, encoder, added(name), progress=False)


def removed_and_added_again(store: LocalStore, encoder: Encoder) -> None:
    at_once(store, encoder)
    for name in ("road", "port", "long"):
        adding.remove(store, name)
    adding.add(store, encoder, added("long", "port"), progress=False)
    adding.add(store, encoder, added("road"), progress=False)


def edited(store: LocalStore, encoder: Encoder) -> None:
    others = [(statement_from(f"別の文。\n\n{TEXTS[name]}", name), f"{name}.txt") for name in TEXTS]
    adding.add(store, encoder, others, progress=False)
    one_by_one(store, encoder)


WAYS = [at_once, one_by_one, backwards, removed_and_added_again, edited]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> list[Spans]:
    with contextlib.closing(LocalStore(tmp_path_factory.mktemp("expected"))) as store:
        at_once(store, encoder)
        assert len(store.segment_files()) == 1
        return rankings(store, encoder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(tmp_path / "data")) as store:
        yield store


@pytest.mark.parametrize("fanout", [2, 3, 100])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_ranking_does_not_depend_on_the_segments(
    store: LocalStore,
    encoder: Encoder,
    expected: list[Spans],
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[LocalStore, Encoder], None],
    fanout: int,
) -> None:
    monkeypatch.setattr(merging, "FANOUT", fanout)
    way(store, encoder)
    for found, ranking in zip(rankings(store, encoder), expected, strict=True):
        assert [hit[:3] for hit in found] == [hit[:3] for hit in ranking]
        assert [hit[3] for hit in found] == pytest.approx([hit[3] for hit in ranking], abs=1e-5)
    assert check(store) == []
    assert [path.name for path in segments(store.home)] == sorted(
        file.name for file in store.segment_files()
    )


def test_segments_are_merged_and_their_files_deleted(
    store: LocalStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 2)
    counts = []
    for number in range(8):
        pair = statement_from(f"第{number}号の駅を建てる。\n", f"s{number}"), "s.txt"
        adding.add(store, encoder, [pair], progress=False)
        counts.append(len(segments(store.home)))
    assert counts == [1, 1, 2, 1, 2, 2, 3, 1]
    assert store.segment_files()[0].passages == 8
    for number in range(8):
        adding.remove(store, f"s{number}")
    assert store.segment_files() == segments(store.home) == []


def test_a_segment_of_which_little_is_needed_is_written_anew(
    store: LocalStore, encoder: Encoder
) -> None:
    at_once(store, encoder)
    (before,) = store.segment_files()
    adding.remove(store, "sea")
    assert store.segment_files() == [before]
    adding.remove(store, "long")
    (after,) = store.segment_files()
    remaining = sum(len(statement.passages) for statement, _ in added("port", "rail", "road"))
    assert (after.passages, after.size < before.size) == (remaining, True)
    assert check(store) == []


READER = """
import sys
from pathlib import Path
from index.models.catalogue import open_encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore

store = LocalStore(Path(sys.argv[1]))
searcher = Searcher(store, open_encoder("multilingual-e5-small"))
snapshot, query = searcher.look_up("橋")
print("mapped", flush=True)
for line in sys.stdin:
    from index.search.draft import Draft
    old = Draft(snapshot, query, None).ranking().hits[0]
    new = searcher.search(line).hits[0]
    print(old.span.of(old.statement.source.text), new.statement.id, flush=True)
"""


def test_a_reader_keeps_what_another_process_merges_and_deletes(
    store: LocalStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 2)
    adding.add(store, encoder, added("port"), progress=False)
    mapped = segments(store.home)
    reader = start_python("-c", READER, store.home, stdin=subprocess.PIPE)
    assert reader.stdin
    assert reader.stdout
    with reader:
        assert reader.stdout.readline() == "mapped\n"
        for name in ("rail", "road", "sea"):
            adding.add(store, encoder, added(name), progress=False)
        assert not set(mapped) & set(segments(store.home))
        reader.stdin.write("Who trains nurses?\n")
        reader.stdin.flush()
        old, new = reader.stdout.readline().split()
        assert (old, new in ("rail", "sea")) == ("両省は、橋を架ける。", True)
        reader.stdin.close()
        assert reader.wait(120) == 0


def test_a_segment_that_is_merged_before_it_is_opened_is_looked_for_again(
    store: LocalStore, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process merges between the look at the names of the segments and their opening."""
    monkeypatch.setattr(merging, "FANOUT", 2)
    adding.add(store, encoder, added("port"), progress=False)
    searcher = Searcher(store, encoder)
    read_names, waiting = LocalStore.segment_files, ["rail", "road"]

    def names_before_a_merge(self: LocalStore) -> object:
        files = read_names(self)
        if self is store and waiting:
            name = waiting.pop()
            with contextlib.closing(LocalStore(store.home)) as other:
                adding.add(other, encoder, added(name), progress=False)
        return files

    monkeypatch.setattr(LocalStore, "segment_files", names_before_a_merge)
    assert searcher.search("橋").hits
    assert waiting == []
    assert set(searcher.statements()) == {"port", "rail", "road"}


@pytest.mark.parametrize("way", ["rebuilt", "replaced", "an older copy"])
def test_a_running_search_never_takes_a_statement_for_another_one(
    store: LocalStore, encoder: Encoder, tmp_path: Path, way: str
) -> None:
    """Another statement gets the row that a statement had which was searched before."""
    first, second, third = (
        (statement_from(f"両省は、{place}を整備する。\n", place), f"{place}.txt")
        for place in ("港", "橋", "駅")
    )
    adding.add(store, encoder, [first], progress=False)
    copy = Path(shutil.copytree(store.home, tmp_path / "copy"))
    adding.add(store, encoder, [second], progress=False)
    searcher = Searcher(store, encoder)
    assert len(searcher.search("整備").hits) == 2
    expected = "橋"
    if way == "rebuilt":
        adding.remove(store, "港")
        rebuild(store, encoder, progress=False)
    else:
        with contextlib.closing(LocalStore(copy)) as other:
            expected = "駅"
            adding.add(other, encoder, [third], progress=False)
            if way == "replaced":
                adding.remove(other, "港")
                rebuild(other, encoder, progress=False)
            else:
                expected = "駅港"
        for path in segments(copy):
            shutil.copy(path, store.home / "segments")
        (copy / "shutten.db").replace(store.path)
    hits = searcher.search("整備").hits
    assert "".join(sorted(hit.statement.id for hit in hits)) == "".join(sorted(expected))
    for hit in hits:
        text = hit.span.of(hit.statement.source.text)
        assert text == f"両省は、{hit.statement.id}を整備する。"
    assert check(store) == []
