from __future__ import annotations

import base64
import io
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.main import main
from corpus.errors import ShuttenError
from web.security.accounts import Accounts, add, hashed

REST = "$".join(["00" * 16, "00" * 32])
# No power of two, none, more memory than is allowed, figures without end.
BAD_COSTS = ["16383$8$1", "0$8$1", "16384$0$1", "16384$8$0", "1048576$8$1", f"{'9' * 5000}$8$1"]


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_password_is_kept_only_as_a_hash(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    add(file, "ann", "correct horse")
    text = file.read_text("utf-8")
    assert "correct" not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known = Accounts(file)
    assert known.admits(header("ann", "correct horse"))
    assert known.remembers(header("ann", "correct horse"))
    assert not known.remembers(header("ann", "wrong horse"))
    assert hashed("correct horse") != hashed("correct horse")


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Bearer x",
        "Basic " + base64.b64encode(b"\xff:x").decode(),
        header("ann", "wrong horse"),
        header("ann", ""),
        header("bob", "correct horse"),
        header("", ""),
    ],
)
def test_nobody_else_comes_in(tmp_path: Path, wrong: str | None) -> None:
    file = tmp_path / "accounts"
    add(file, "ann", "correct horse")
    assert not Accounts(file).admits(wrong)


def test_a_new_password_replaces_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    for name, password in (
        ("ann", "correct horse"),
        ("bob", "battery staple"),
        ("ann", "new word!"),
    ):
        add(file, name, password)
    known = Accounts(file)
    assert known.admits(header("ann", "new word!"))
    assert known.admits(header("bob", "battery staple"))
    assert not known.admits(header("ann", "correct horse"))


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    file, old, new = (
        tmp_path / "accounts",
        header("ann", "correct horse"),
        header("ann", "new word!"),
    )
    add(file, "ann", "correct horse")
    known = Accounts(file)
    assert known.admits(old)
    assert known.remembers(old)
    add(file, "ann", "new word!")
    assert not known.remembers(old)
    assert not known.admits(old)
    assert known.admits(new)
    assert known.remembers(new)
    file.write_bytes(b"\xff")
    assert not known.remembers(new)
    assert not known.admits(new)
    with pytest.raises(ShuttenError, match="UTF-8"):
        add(file, "ann", "correct horse")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nobody is named"),
        ("# only this\n\n", "nobody is named"),
        ("ann:secret\n", "line 1: not an account"),
        ("# x\nann:scrypt$1$2$3$zz$zz\n", "line 2: not an account"),
        (":scrypt$16384$8$1$00$00\n", "line 1: not an account"),
        *((f"ann:scrypt${one}${REST}\n", "line 1: not an account") for one in BAD_COSTS),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "accounts"
    file.write_text(text, "utf-8")
    with pytest.raises(ShuttenError, match=words):
        Accounts(file)


def test_many_who_are_added_at_once_all_may_come_in(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    names = [f"user{number}" for number in range(12)]
    with ThreadPoolExecutor(12) as together:
        list(together.map(lambda name: add(file, name, f"{name} password"), names))
    known = Accounts(file)
    assert all(known.admits(header(name, f"{name} password")) for name in names)


def test_a_sound_line_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    file.write_text(f"ann:scrypt$16384$8$1${REST}\n", "utf-8")
    assert not Accounts(file).admits(header("ann", "correct horse"))


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real, link = tmp_path / "kept" / "accounts", tmp_path / "accounts"
    add(real, "ann", "correct horse")
    link.symlink_to(real)
    add(link, "bob", "battery staple")
    assert link.is_symlink()
    assert Accounts(real).admits(header("bob", "battery staple"))
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ShuttenError, match="check the path"):
        Accounts(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ShuttenError, match="UTF-8"):
        Accounts(tmp_path / "binary")


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("a:b", "long enough", "name"),
        ("", "long enough", "name"),
        ("#ann", "long enough", "name"),
        ("ann", "short", "too short"),
        ("ann", "p\udcffssword", "not UTF-8"),
    ],
)
def test_what_cannot_be_an_account(tmp_path: Path, name: str, password: str, words: str) -> None:
    with pytest.raises(ShuttenError, match=words):
        add(tmp_path / "accounts", name, password)
    assert list(tmp_path.iterdir()) == []


def test_the_command_adds_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io
    import sys

    file = tmp_path / "accounts"
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert main(["chat", "--add-user", "ann", "--auth-file", str(file)]) == 0
    assert "ann may come in" in capsys.readouterr().out
    assert Accounts(file).admits(header("ann", "correct horse"))
    assert main(["chat", "--add-user", "ann"]) == 2


def test_a_password_that_is_not_utf_8_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(b"pass\xff\xfeword\n"), "utf-8")
    monkeypatch.setattr("sys.stdin", piped)
    file = tmp_path / "who"
    assert main(["chat", "--add-user", "ann", "--auth-file", str(file)]) == 2
    assert "not UTF-8" in capsys.readouterr().err
    assert not file.exists()
