"""Files of a data folder are cut, replaced, moved or deleted while a program uses it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from damaging import segments
from processes import start_python
from serving import post, served
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from index.store.originals import Originals
from qa.assistant import Assistant

TEXT = "両省は、橋を架ける。\n\n両省は、港を整備する。\n"


def added(name: str, text: str = TEXT) -> tuple[Statement, str]:
    """A statement, and the path it is added from."""
    return statement_from(text, name), f"{name}.txt"


@pytest.fixture
def store(tmp_path: Path, encoder: Encoder) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(tmp_path / "data")) as store:
        adding.add(store, encoder, [added("town")], progress=False)
        yield store


SEARCH_EACH_LINE = """
import sys
from pathlib import Path
from index.models.catalogue import open_encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore

searcher = Searcher(LocalStore(Path(sys.argv[1])), open_encoder("multilingual-e5-small"))
for line in sys.stdin:
    best = searcher.search(line).hits[0]
    print(best.span.of(best.statement.source.text), flush=True)
"""


def test_segments_may_be_deleted_or_replaced_while_a_program_runs(store: LocalStore) -> None:
    """A file that is mapped into memory stays as it was until the program ends."""
    process = start_python("-c", SEARCH_EACH_LINE, store.home, stdin=subprocess.PIPE)
    assert process.stdin
    assert process.stdout

    def ask() -> str:
        process.stdin.write("港はどうなりますか\n")
        process.stdin.flush()
        return process.stdout.readline()

    with process:
        assert ask() == "両省は、港を整備する。\n"
        (path,) = segments(store.home)
        for damage in (Path.unlink, replaced(b"\xa5" * 9999), replaced(b"")):
            damage(path)
            assert check(store)
            assert ask() == "両省は、港を整備する。\n"
        process.stdin.close()
        assert process.wait(60) == 0


# -- the database -----------------------------------------------------------------------------


def moved_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def replaced(content: bytes) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        path.with_name("new").write_bytes(content)
        path.with_name("new").rename(path)

    return replace


def newer(path: Path) -> None:
    shutil.copy(path, path.with_name("new"))
    with contextlib.closing(sqlite3.connect(path.with_name("new"))) as connection:
        connection.execute("UPDATE meta SET value = 99 WHERE key = 'schema'")
        connection.commit()
    path.with_name("new").rename(path)


GONE = {
    "moved away": (moved_away, "moved away"),
    "deleted": (Path.unlink, "moved away"),
    "emptied": (emptied, "moved away"),
    "folder moved away": (lambda path: path.parent.rename(path.parent.with_name("old")), "moved"),
    "garbage": (replaced(b"\xa5" * 9999), "not a database"),
    "of another program": (replaced(Path(sqlite3.__file__).read_bytes()), "not a database"),
    "newer": (newer, "newer Shutten"),
}


@pytest.mark.parametrize(("change", "words"), GONE.values(), ids=GONE)
def test_the_error_names_a_database_that_is_gone_and_none_is_created(
    store: LocalStore, encoder: Encoder, change: Callable[[Path], object], words: str
) -> None:
    searcher = Searcher(store, encoder)
    assert searcher.search("港").hits
    copy = store.path.read_bytes()
    change(store.path)
    left = store.home.exists(), store.path.exists() and store.path.read_bytes()
    new = added("new")
    for use in (
        lambda: searcher.search("港"),
        lambda: searcher.statement("town"),
        lambda: adding.add(store, encoder, [new], progress=False),
        lambda: adding.remove(store, "town"),
        lambda: store.set_meta("model", "x"),
        store.statement_ids,
    ):
        with pytest.raises(ShuttenError, match=words):
            use()
    assert any(words in problem for problem in check(store))
    assert (store.home.exists(), store.path.exists() and store.path.read_bytes()) == left
    if store.home.exists():
        replaced(copy)(store.path)
    else:
        store.home.with_name("old").rename(store.home)
    assert searcher.search("港").hits
    assert check(store) == []
    adding.add(store, encoder, [new], progress=False)
    assert searcher.search("港").total == 4


def test_a_database_that_is_put_back_is_used_again(store: LocalStore, encoder: Encoder) -> None:
    searcher = Searcher(store, encoder)
    assert searcher.search("港").hits
    moved_away(store.path)
    with pytest.raises(ShuttenError, match="put it back"):
        searcher.search("港")
    store.path.with_name("elsewhere.db").rename(store.path)
    assert searcher.search("港").hits


def test_another_database_in_its_place_is_used(
    store: LocalStore, encoder: Encoder, tmp_path: Path
) -> None:
    with contextlib.closing(LocalStore(tmp_path / "other")) as other:
        adding.add(other, encoder, [added("airport", "両市は空港を閉鎖した。")], progress=False)
    searcher = Searcher(store, encoder)
    assert searcher.search("港").hits[0].statement.id == "town"
    # The log of what another process has just added must not be applied to the new file.
    with contextlib.closing(LocalStore(store.home)) as second:
        adding.add(second, encoder, [added("again")], progress=False)
        (tmp_path / "other" / "shutten.db").rename(store.path)
    with pytest.raises(ShuttenError, match="is gone; run `shutten index rebuild`"):
        searcher.search("港")
    rebuild(store, encoder, progress=False)
    assert [hit.statement.id for hit in searcher.search("港").hits] == ["airport"]
    assert check(store) == []
    adding.remove(store, "airport")
    assert store.statement_ids() == []


def test_the_database_file_is_complete_after_each_change(store: LocalStore, tmp_path: Path) -> None:
    """So a copy of the file without its log lacks nothing."""
    with contextlib.closing(LocalStore(store.home)):
        shutil.copy(store.path, tmp_path / "copy.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT id FROM statements").fetchall() == [("town",)]


def test_an_assistant_raises_the_same_error(store: LocalStore) -> None:
    assistant = Assistant.open(store.home)
    assert assistant.ask("港").quotes
    moved_away(store.path)
    with pytest.raises(ShuttenError, match=r"moved away.*put it back"):
        assistant.ask("港")


def test_a_running_program_uses_a_rebuilt_folder(store: LocalStore, encoder: Encoder) -> None:
    searcher = Searcher(store, encoder)
    before = [hit.span for hit in searcher.search("港").hits]
    with contextlib.closing(Originals(store.home)) as other:
        rebuild(other, encoder, progress=False)
    assert [hit.span for hit in searcher.search("港").hits] == before
    assert check(store) == []
    adding.remove(store, "town")
    assert check(store) == []


def test_a_server_reports_a_lost_database_and_recovers(store: LocalStore) -> None:
    with served(Assistant.open(store.home)) as address:
        assert post(address, "ask", {"question": "港"}).status_code == 200
        moved_away(store.path)
        for path in ("ask", "retrieve"):
            answer = post(address, path, {"question": "港"})
            assert (answer.status_code, list(answer.json())) == (500, ["error"])
        assert not store.path.exists()
        store.path.with_name("elsewhere.db").rename(store.path)
        assert post(address, "ask", {"question": "港"}).status_code == 200
