"""Changed bytes of a statement are noticed: they are never quoted and never get a new checksum."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command_line import Shutten
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.records import Source
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import rebuild
from index.models.encoder import Encoder
from index.store.local import LocalStore
from index.store.originals import DamagedError
from qa.assistant import Assistant
from qa.proof.kept_answers import claimed_quotes
from qa.proof.verification import verify_all

pytest_plugins = ["command_line"]

TEXT = "会合の記録\n\n両省は、国際5Gネットワークを整備すると決めた。\n\n両省は、橋を架ける。\n"
QUESTION = "国際5Gネットワークについて何を決めましたか"
FLIPS = 200


@pytest.fixture
def home(tmp_path: Path, encoder: Encoder) -> Path:
    path = tmp_path / "town.txt"
    path.write_text(TEXT, "utf-8")
    with closing(LocalStore(tmp_path / "data")) as store:
        adding.add(store, encoder, [(statement_from(TEXT), str(path))], progress=False)
    return tmp_path / "data"


def write(home: Path, data: bytes, name: str = "town") -> None:
    with closing(sqlite3.connect(home / "shutten.db")) as connection, connection:
        connection.execute("UPDATE statements SET data = ? WHERE id = ?", (data, name))


def checksum(home: Path) -> str:
    with closing(LocalStore(home)) as store:
        return store.original("town").sha256


def test_a_flipped_bit_is_always_noticed(home: Path, encoder: Encoder) -> None:
    answer = Assistant.open(home).ask(QUESTION)
    assert answer.quotes
    original, recorded = TEXT.encode(), checksum(home)
    draw = random.Random(0)
    for number in range(FLIPS):
        place, bit = draw.randrange(len(original)), draw.randrange(8)
        changed = bytearray(original)
        changed[place] ^= 1 << bit
        write(home, bytes(changed))
        with closing(LocalStore(home)) as store:
            assert not store.original("town").intact
            with pytest.raises(DamagedError, match="add the file again"):
                store.statement("town")
            if number % 20 == 0:  # A check takes long.
                assert any("add the file again" in problem for problem in check(store))
    # These take long, too, so they are tried only with the last change.
    with pytest.raises(ShuttenError, match="add the file again"):
        Assistant.open(home).ask(QUESTION)
    with closing(LocalStore(home)) as store:
        with pytest.raises(DamagedError):
            verify_all(claimed_quotes(answer.to_json()), ["town"], store.statement)
        with pytest.raises(DamagedError):
            rebuild(store, encoder, progress=False)
    assert checksum(home) == recorded


def test_following_the_advice_repairs_the_statement(home: Path, shutten: Shutten) -> None:
    write(home, TEXT.replace("5G", "4G").encode())
    path = home.parent / "town.txt"
    shutten("ask", QUESTION).refused("town", "sha256", f"add --id town {path}")
    shutten("index", "list").refused("town", f"add --id town {path}")
    shutten("index", "rebuild").refused("town", f"add --id town {path}")
    checked = shutten("index", "check")
    assert checked.code == 2
    assert checked.err.splitlines()[-1].endswith("add those files again")
    assert "changed" in shutten("index", "add", "--id", "town", path).out
    assert "国際5G" in shutten("ask", QUESTION).out
    assert "all well" in shutten("index", "check").succeeded()


def test_undamaged_statements_are_still_listed(
    home: Path, shutten: Shutten, tmp_path: Path
) -> None:
    other = tmp_path / "port.txt"
    other.write_text("両市は、港を整備する。\n", "utf-8")
    shutten("index", "add", other)
    write(home, b"x", "town")
    listing = shutten("index", "list")
    assert listing.code == 2
    assert [line.split()[0] for line in listing.out.splitlines()] == ["id", "port"]


def test_a_damaged_statement_can_be_removed(home: Path, shutten: Shutten) -> None:
    write(home, b"x")
    assert shutten("index", "remove", "town").succeeded() == "town: removed\n"
    assert "all well" in shutten("index", "check").succeeded()


def test_a_statement_whose_checksum_was_changed_too_is_another_file(
    home: Path, encoder: Encoder
) -> None:
    """A saved answer has the checksum of the old file, so its quotes are found to be altered."""
    answer = Assistant.open(home).ask(QUESTION)
    changed = TEXT.replace("5G", "4G").encode()
    write(home, changed)
    with closing(sqlite3.connect(home / "shutten.db")) as connection, connection:
        other = Source("town", changed).sha256
        connection.execute("UPDATE statements SET sha256 = ?", (other,))
    with closing(LocalStore(home)) as store:
        with pytest.raises(ShuttenError, match="other words"):  # than those that were encoded
            store.statement("town")
        rebuild(store, encoder, progress=False)
        verdicts = verify_all(claimed_quotes(answer.to_json()), ["town"], store.statement)
    assert verdicts
    assert all(verdict.same_file is False for verdict in verdicts)
    assert "altered" in {verdict.finding for verdict in verdicts}
