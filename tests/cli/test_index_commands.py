"""What `shutten index add` and `index list` print, and data folders that do not exist."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_line import OPEN_RAN, Shutten
from project import ROOT

pytest_plugins = ["command_line"]

TOWN = "両市は、橋の建設について一致した。\n\n両市は、祭りを毎年開くことを歓迎した。\n"
KOREAN = (
    "한일 공동성명\n\n양국은 배터리 분야의 공동 연구를 추진하기로 하였다.\n"
    "양측은 수소 협력을 논의하였다.\n"
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.txt"
    path.write_text(TOWN, "utf-8")
    return path


# -- encodings --------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize(
    ("text", "encoding", "codec", "name"),
    [
        (TOWN, "cp932", "cp932", "Shift_JIS"),
        (TOWN, "euc_jp", "euc_jp", "EUC-JP"),
        (TOWN, "utf_16_le", "utf_16_le", "UTF-16"),
        (KOREAN, "euc_kr", "cp949", "EUC-KR"),
    ],
)
def test_a_guessed_encoding_is_shown(
    shutten: Shutten, tmp_path: Path, text: str, encoding: str, codec: str, name: str
) -> None:
    path = tmp_path / "guessed.txt"
    path.write_bytes(text.encode(encoding))
    words = f"read as {name} (guessed)\n"
    assert shutten("index", "add", path).succeeded().endswith(words)
    listing = shutten("index", "list").succeeded()
    noted = [line for line in listing.splitlines() if line.endswith(words.strip())]
    assert [line.split()[0] for line in noted] == ["guessed"]
    rows = {row["id"]: row for row in json.loads(shutten("index", "list", "--json").succeeded())}
    assert (rows["guessed"]["encoding"], rows["guessed"]["encoding_guessed"]) == (codec, True)
    assert [row["encoding_guessed"] for row in rows.values()].count(True) == 1


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize("data", [TOWN.encode(), ("\ufeff" + TOWN).encode("utf-16-le")])
def test_a_certain_encoding_is_not_shown(shutten: Shutten, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "certain.txt"
    path.write_bytes(data)
    assert "read as" not in shutten("index", "add", path).succeeded()
    assert "read as" not in shutten("index", "list").succeeded()


# -- the same file twice ----------------------------------------------------------------------


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize("together", [True, False], ids=["in one command", "one after another"])
def test_the_same_bytes_under_another_name_are_not_added(
    shutten: Shutten, town: Path, together: bool
) -> None:
    copy = town.with_name("copy.txt")
    copy.write_bytes(town.read_bytes())
    for paths in [[town, copy]] if together else [[town], [copy]]:
        done = shutten("index", "add", *paths).succeeded()
    assert done.splitlines()[-1] == (
        "copy: not added, it has the same text as 'town', which is there; "
        "with `--id NAME` it is added all the same"
    )
    assert "copy" not in shutten("index", "list").succeeded()
    answer = json.loads(shutten("ask", "橋の建設について", "--json").out)
    texts = [quote["text"] for quote in answer["quotes"] + answer["nearest"]]
    assert len(texts) == len(set(texts))
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("own_home")
def test_a_copy_is_added_under_an_id_that_is_given(shutten: Shutten, town: Path) -> None:
    shutten("index", "add", town).succeeded()
    assert "second: added" in shutten("index", "add", town, "--id", "second").succeeded()
    assert "town: unchanged" in shutten("index", "add", town).succeeded()
    rows = json.loads(shutten("index", "list", "--json").succeeded())
    assert [row["id"] for row in rows[-2:]] == ["second", "town"]


@pytest.mark.usefixtures("own_home")
def test_an_edit_that_makes_a_copy_is_kept(shutten: Shutten, town: Path) -> None:
    edited = town.with_name("edited.txt")
    edited.write_text("両市は、別の話をした。\n", "utf-8")
    shutten("index", "add", town, edited).succeeded()
    edited.write_bytes(town.read_bytes())
    assert "edited: changed" in shutten("index", "add", edited).succeeded()


# -- arguments that are no file ---------------------------------------------------------------


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "address",
    [
        "https://www.meti.go.jp/press/2023/05/statement.html",
        "http://a.example",
        "HTTPS://a.example//b",
        "ftp://a.example/b.txt",
        "www.mofa.go.jp/files/1.pdf",
        "data:text/plain,hello",
    ],
)
def test_an_address_is_refused_as_one(shutten: Shutten, address: str) -> None:
    shutten("index", "add", address).refused(f"shutten: {address}: is an address", "not fetched")


@pytest.mark.usefixtures("unchanged")
def test_a_file_address_is_refused_as_one(shutten: Shutten, town: Path) -> None:
    address = f"file://{town}"
    done = shutten("index", "add", address)
    done.refused(f"shutten: {address}: give the path", "without `file:`")


@pytest.mark.usefixtures("unchanged")
def test_each_kind_of_missing_file_has_its_own_line(shutten: Shutten, tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to("nowhere.txt")
    os.mkfifo(tmp_path / "pipe")
    for path, words in [
        (tmp_path, "is a folder"),
        (tmp_path / "none.txt", "no such file"),
        (tmp_path / "broken", "is a link to nowhere.txt, where there is no file"),
        (tmp_path / "pipe", "is a device or a pipe"),
        (Path(os.devnull), "is a device or a pipe"),
    ]:
        shutten("index", "add", path).refused(f"shutten: {path}: {words}")


def test_a_file_that_is_named_like_an_address_is_a_file(
    shutten: Shutten, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("www.example.txt").write_text(TOWN, "utf-8")
    assert "www.example: added" in shutten("index", "add", "www.example.txt").succeeded()


# -- provenance -------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_home")
def test_an_unknown_key_is_reported(shutten: Shutten, town: Path) -> None:
    town.with_suffix(".toml").write_text('titel = "x"\n', "utf-8")
    lines = shutten("index", "add", town).succeeded().splitlines()
    assert lines[1:] == [
        "town: town.toml: the key 'titel' is not known and left out; did you mean 'title'?"
    ]


# -- data folders -----------------------------------------------------------------------------

READING = {
    "ask": ["ask", OPEN_RAN],
    "verify": ["verify", "answer.json"],
    "check": ["check", "両省は一致した。"],
    "list": ["index", "list"],
    "show": ["index", "show", "x"],
    "set": ["index", "set", "x", "date="],
    "index check": ["index", "check"],
    "remove": ["index", "remove", "x"],
    "rebuild": ["index", "rebuild"],
    "eval": ["eval", str(ROOT / "corpus/questions/jucip-2023.jsonl")],
    "chat": ["chat", "--port", "1"],
    "feedback": ["feedback", "out.jsonl"],
    "models": ["model", "list"],
}


@pytest.mark.parametrize("named_by", ["--home", "SHUTTEN_HOME"])
@pytest.mark.parametrize("command", READING.values(), ids=READING)
def test_a_mistyped_home_is_reported_and_not_made(
    shutten: Shutten,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    named_by: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("answer.json").write_text(
        '{"quotes": [{"text": "x", "start": 0, "end": 1, "statement": "s"}], "nearest": []}'
    )
    missing = tmp_path / "hoem"
    monkeypatch.setenv("SHUTTEN_HOME", str(missing))
    words = ["--home", missing] if named_by == "--home" else []
    shutten(*command, *words).refused(f"shutten: {missing}: there is no such", f"check {named_by}")
    assert not missing.exists()


def test_adding_makes_a_home_in_a_folder_that_is_there(
    shutten: Shutten, tmp_path: Path, town: Path
) -> None:
    new = tmp_path / "new"
    deep = tmp_path / "hoem" / "new"
    shutten("index", "add", town, "--home", deep).refused(deep, f"no folder {deep.parent}")
    assert not deep.parent.exists()
    assert "town: added" in shutten("index", "add", town, "--home", new).succeeded()
    assert shutten("index", "list", "--home", new).succeeded().splitlines()[1].startswith("town")
