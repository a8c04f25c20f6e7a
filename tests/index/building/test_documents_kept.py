"""The files that texts were read from are kept, checked, proved, and survive a rebuild."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import DATA

from corpus.documents import Details, TextMap
from corpus.errors import ShuttenError
from corpus.inputs import InputFile
from corpus.library import load_statement
from index.building.adding import add, set_facts
from index.building.checking import check
from index.building.files import FileAdder
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.store.local import LocalStore
from qa.originals import prove_original
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

PDF = DATA / "documents" / "pdf" / "header-in-sentence.pdf"
ID = PDF.stem


def make(home: Path, encoder: Encoder, *, keep: bool = True) -> None:
    """Make a data folder with one PDF."""
    with (
        contextlib.closing(LocalStore(home)) as store,
        FileAdder(store, encoder, keep=keep) as adder,
    ):
        adder.add([adder.read(InputFile(PDF))], progress=False)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, caching_encoder: CachingEncoder) -> Path:
    home = tmp_path_factory.mktemp("kept") / "home"
    make(home, caching_encoder)
    return home


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "home"))


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    with contextlib.closing(LocalStore(home)) as store:
        yield store


def damage(home: Path, command: str) -> None:
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        assert connection.execute(command).rowcount == 1
        connection.commit()


def test_the_file_and_its_map_are_kept(store: LocalStore) -> None:
    statement = store.statement(ID)
    assert statement == load_statement(PDF)
    assert store.document_file(ID) == PDF.read_bytes()
    assert statement.source.document
    assert statement.source.document.sha256 == hashlib.sha256(PDF.read_bytes()).hexdigest()
    assert check(store) == []
    assert prove_original(statement.source, store.document_file(ID)) == "proved"


def test_without_the_file_the_pages_are_known_all_the_same(
    tmp_path: Path, caching_encoder: CachingEncoder
) -> None:
    make(tmp_path / "home", caching_encoder, keep=False)
    with contextlib.closing(LocalStore(tmp_path / "home")) as store:
        assert store.document_file(ID) is None
        assert not store.has_document_file(ID)
        source = store.statement(ID).source
        assert prove_original(source, None) == "not_kept"
        assert source.document
        spans = [passage.span for passage in store.statement(ID).passages]
        assert [source.document.details.map.pages(span) for span in spans] == [(1,), (1, 2), (2, 3)]
        assert check(store) == []


@pytest.mark.parametrize("change", ["facts", "rebuild", "again"])
def test_the_file_stays(home: Path, caching_encoder: CachingEncoder, change: str) -> None:
    with contextlib.closing(LocalStore(home)) as store:
        before = store.statement(ID).source
        if change == "facts":
            set_facts(store, caching_encoder, ID, {"title": "覚書"})
        elif change == "rebuild":
            rebuild(store, caching_encoder, progress=False)
        else:
            with FileAdder(store, caching_encoder) as adder:
                (done,) = adder.add([adder.read(InputFile(PDF))], progress=False)
                assert done.outcome == "unchanged"
        assert store.document_file(ID) == PDF.read_bytes()
        assert store.statement(ID).source == before
        assert check(store) == []


def test_an_unchanged_file_is_known_without_reading_it(
    store: LocalStore, caching_encoder: CachingEncoder
) -> None:
    with FileAdder(store, caching_encoder) as adder:
        unchanged = adder.unchanged(InputFile(PDF))
        assert unchanged
        assert (unchanged.statement, unchanged.outcome) == (ID, "unchanged")
        assert adder.unchanged(InputFile(PDF.with_name("ruby.pdf"))) is None
    with FileAdder(store, caching_encoder, keep=False) as adder:
        assert adder.unchanged(InputFile(PDF)) is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("UPDATE documents SET file = zeroblob(9)", "the kept original"),
        ("UPDATE documents SET sha256 = 'x'", "the checksum of its original"),
        ("UPDATE documents SET details = x'00'", "is damaged"),
        ("UPDATE documents SET details = substr(details, 9)", "is damaged"),
        ("UPDATE documents SET format = 'exe'", "another format or reader"),
        ("UPDATE documents SET reader = ''", "another format or reader"),
        ("UPDATE documents SET statement = 99", "belong to nothing"),
    ],
)
def test_damage_is_found_and_a_rebuild_keeps_the_text(
    home: Path, caching_encoder: CachingEncoder, command: str, words: str
) -> None:
    with contextlib.closing(LocalStore(home)) as store:
        text = store.statement(ID).source.data
    damage(home, command)
    with contextlib.closing(LocalStore(home)) as store:
        problems = check(store)
        assert problems
        assert any(words in problem for problem in problems), problems
        rebuild(store, caching_encoder, progress=False)
        assert check(store) == []
        assert store.statement(ID).source.data == text


def test_a_map_of_another_text_is_found(home: Path) -> None:
    with contextlib.closing(LocalStore(home)) as store:
        document = store.statement(ID).source.document
        assert document
        stretches = document.details.map.stretches
    packed = Details(TextMap(stretches[::-1])).to_bytes()
    with contextlib.closing(sqlite3.connect(home / "shutten.db")) as connection:
        connection.execute("UPDATE documents SET details = ?", (packed,))
        connection.commit()
    with contextlib.closing(LocalStore(home)) as store:
        assert any("does not fit the text" in problem for problem in check(store))


def test_a_file_that_gives_another_text_disproves(store: LocalStore) -> None:
    source = store.statement(ID).source
    assert prove_original(source, PDF.with_name("ruby.pdf").read_bytes()) == "differs"


def test_a_file_that_changed_while_it_was_added_is_refused(
    tmp_path: Path, caching_encoder: CachingEncoder
) -> None:
    path = Path(shutil.copy(PDF, tmp_path / "a.pdf"))
    with (
        contextlib.closing(LocalStore(tmp_path / "home")) as store,
        FileAdder(store, caching_encoder) as adder,
    ):
        statement = adder.read(InputFile(path))
        shutil.copy(PDF.with_name("ruby.pdf"), path)
        with pytest.raises(ShuttenError, match="was changed while it was added"):
            adder.add([statement], progress=False)
        assert store.statement_ids() == []


def test_a_text_has_no_document(tmp_path: Path, caching_encoder: CachingEncoder) -> None:
    path = tmp_path / "town.txt"
    path.write_text("両市は、橋の建設について一致した。\n", "utf-8")
    with contextlib.closing(LocalStore(tmp_path / "home")) as store:
        add(store, caching_encoder, [(load_statement(path), "town.txt")], progress=False)
        source = store.statement("town").source
        assert source.document is None
        assert prove_original(source, store.document_file("town")) == ""
