"""The account file: who is let in, which lines are refused, and how accounts are added."""

from __future__ import annotations

import base64
import io
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_password_hashes import OLD_HASH, argon2_hash, scrypt_hash

from cli.main import main
from corpus.errors import ShuttenError
from web.security.accounts import Accounts, add
from web.security.password_hashes import hash_password

PASSWORD = "correct horse"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts"


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_password_is_kept_only_as_an_argon2_hash(file: Path) -> None:
    add(file, "ann", PASSWORD)
    text = file.read_text("utf-8")
    assert text.startswith("ann:$argon2id$")
    assert "correct" not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    accounts = Accounts(file)
    assert accounts.admits(header("ann", PASSWORD))
    assert accounts.remembers(header("ann", PASSWORD))
    assert not accounts.remembers(header("ann", "wrong horse"))


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
        header("bob", PASSWORD),
        header("", ""),
    ],
)
def test_other_headers_are_refused(file: Path, wrong: str | None) -> None:
    add(file, "ann", PASSWORD)
    accounts = Accounts(file)
    assert not accounts.admits(wrong)
    assert not accounts.remembers(wrong)


def test_an_old_scrypt_line_still_lets_its_owner_in(file: Path) -> None:
    file.write_text(f"# written by an earlier version\nann:{OLD_HASH}\n", "utf-8")
    accounts = Accounts(file)
    assert accounts.admits(header("ann", PASSWORD))
    assert accounts.remembers(header("ann", PASSWORD))
    assert not accounts.admits(header("ann", "wrong horse"))
    assert not accounts.admits(header("bob", PASSWORD))


def test_old_and_new_lines_stand_in_one_file(file: Path) -> None:
    file.write_text(f"ann:{OLD_HASH}\neve:{OLD_HASH}\n", "utf-8")
    add(file, "bob", "battery staple")
    add(file, "eve", "new password")
    lines = dict(line.split(":") for line in file.read_text("utf-8").splitlines())
    assert lines["ann"] == OLD_HASH
    assert lines["bob"].startswith("$argon2id$")
    assert lines["eve"].startswith("$argon2id$")
    accounts = Accounts(file)
    passwords = {"ann": PASSWORD, "bob": "battery staple", "eve": "new password"}
    for name in passwords:
        for password in passwords.values():
            is_right = password == passwords[name]
            assert accounts.admits(header(name, password)) == is_right
    for number in range(8):  # unknown names are checked against different lines
        assert not any(accounts.admits(header(f"x{number}", word)) for word in passwords.values())


def seconds_of_a_check(accounts: Accounts, name: str) -> float:
    """Return the processor time of a check with a wrong password, the least of five."""
    seconds = []
    for _ in range(5):
        start = time.thread_time()
        assert not accounts.admits(header(name, "wrong horse"))
        seconds.append(time.thread_time() - start)
    return min(seconds)


@pytest.mark.parametrize("stored", [hash_password(PASSWORD), OLD_HASH], ids=["argon2", "scrypt"])
def test_an_unknown_name_takes_as_long_as_a_wrong_password(file: Path, stored: str) -> None:
    file.write_text(f"ann:{stored}\n", "utf-8")
    accounts = Accounts(file)
    known, unknown = (seconds_of_a_check(accounts, name) for name in ("ann", "bob"))
    assert unknown == pytest.approx(known, rel=0.5)


def test_a_new_password_replaces_the_old_one(file: Path) -> None:
    for name, password in (("ann", PASSWORD), ("bob", "battery staple"), ("ann", "new word!")):
        add(file, name, password)
    accounts = Accounts(file)
    assert accounts.admits(header("ann", "new word!"))
    assert accounts.admits(header("bob", "battery staple"))
    assert not accounts.admits(header("ann", PASSWORD))


def test_a_change_of_the_file_takes_effect_at_once(file: Path) -> None:
    old, new = header("ann", PASSWORD), header("ann", "new word!")
    add(file, "ann", PASSWORD)
    accounts = Accounts(file)
    assert accounts.admits(old)
    assert accounts.remembers(old)
    add(file, "ann", "new word!")
    assert not accounts.remembers(old)
    assert not accounts.admits(old)
    assert accounts.admits(new)
    assert accounts.remembers(new)
    file.write_bytes(b"\xff")
    assert not accounts.remembers(new)
    assert not accounts.admits(new)
    with pytest.raises(ShuttenError, match="UTF-8"):
        add(file, "ann", PASSWORD)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nobody is named"),
        ("# only this\n\n", "nobody is named"),
        ("ann:secret\n", "line 1: not an account"),
        ("ann:\n", "line 1: not an account"),
        ("# x\nann:scrypt$1$2$3$zz$zz\n", "line 2: not an account"),
        (f":{OLD_HASH}\n", "line 1: not an account"),
        (f"ann:{scrypt_hash('1048576$8$1')}\n", "line 1: not an account"),
        (f"ann:{OLD_HASH}\nbob:$argon2id$\n", "line 2: not an account"),
        (f"ann:{argon2_hash()[:-1]}\n", "line 1: not an account"),
        (f"ann:{argon2_hash('m=999999,t=1,p=1')}\n", "line 1: not an account"),
        (f":{argon2_hash()}\n", "line 1: not an account"),
    ],
)
def test_a_malformed_file_is_refused_with_one_line(file: Path, text: str, words: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(ShuttenError, match=words) as caught:
        Accounts(file)
    assert "\n" not in str(caught.value)


def test_accounts_that_are_added_at_once_are_all_kept(file: Path) -> None:
    names = [f"user{number}" for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda name: add(file, name, f"{name} password"), names))
    accounts = Accounts(file)
    assert all(accounts.admits(header(name, f"{name} password")) for name in names)


def test_a_link_to_the_file_stays_a_link(tmp_path: Path, file: Path) -> None:
    (tmp_path / "folder").mkdir()
    real_file = tmp_path / "folder" / "accounts"
    add(real_file, "ann", PASSWORD)
    file.symlink_to(real_file)
    add(file, "bob", "battery staple")
    assert file.is_symlink()
    assert Accounts(real_file).admits(header("bob", "battery staple"))
    assert real_file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_read_is_refused(file: Path) -> None:
    with pytest.raises(ShuttenError, match="check the path"):
        Accounts(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ShuttenError, match="UTF-8"):
        Accounts(file)


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
def test_a_bad_name_or_password_is_not_added(
    file: Path, name: str, password: str, words: str
) -> None:
    with pytest.raises(ShuttenError, match=words):
        add(file, name, password)
    assert list(file.parent.iterdir()) == []


def test_the_command_adds_an_account(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["chat", "--add-user", "ann", "--auth-file", str(file)]) == 0
    assert "ann may come in" in capsys.readouterr().out
    assert file.read_text("utf-8").startswith("ann:$argon2id$")
    assert Accounts(file).admits(header("ann", PASSWORD))
    assert main(["chat", "--add-user", "ann"]) == 2


@pytest.mark.parametrize("typed", [[], [PASSWORD]], ids=["at once", "later"])
def test_the_end_of_input_at_the_prompt_is_one_clear_line(
    file: Path,
    typed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = iter(typed)

    def read(prompt: str) -> str:
        del prompt
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", read)
    assert main(["chat", "--add-user", "ann", "--auth-file", str(file)]) == 2
    assert capsys.readouterr().err.strip() == (
        "shutten: no password was given; nothing was changed; type it twice, each time with Enter"
    )
    assert not file.exists()


def test_the_command_refuses_a_password_that_is_not_utf_8(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(b"pass\xff\xfeword\n"), "utf-8")
    monkeypatch.setattr("sys.stdin", piped)
    assert main(["chat", "--add-user", "ann", "--auth-file", str(file)]) == 2
    assert "not UTF-8" in capsys.readouterr().err
    assert not file.exists()
