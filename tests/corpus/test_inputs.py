"""What folders, patterns and archives stand for."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corpus import inputs
from corpus.errors import ShuttenError
from corpus.inputs import InputFile, expand, in_folder

WORDS = "両省は、協力する。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.txt", "a.md", "sub/c.PDF", "sub/deep/d.docx", "page.html", "page_files/inside.html",
        ".hidden.txt", ".git/x.txt", "facts.toml", "picture.png", "sub/e.xlsx",
    ):  # fmt: skip
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WORDS, "utf-8")
    return tmp_path / "folder"


def labels(files: list[InputFile], folder: Path) -> list[str]:
    return [file.label.removeprefix(f"{folder}/") for file in files]


def test_a_folder_stands_for_the_statements_in_it(folder: Path) -> None:
    found = expand([str(folder)])
    assert labels(found, folder) == ["a.md", "b.txt", "page.html", "sub/c.PDF", "sub/deep/d.docx"]
    assert not any(file.named for file in found)
    assert {file.root for file in found} == {folder}


def test_a_folder_that_leads_to_itself_ends(folder: Path) -> None:
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to("nowhere")
    assert len(list(in_folder(folder))) == 5


def test_a_pattern_stands_for_what_fits(folder: Path) -> None:
    found = expand([f"{folder}/**/*.txt"])
    assert labels(found, folder) == ["b.txt"]
    assert found[0].named


def test_a_file_that_is_named_twice_is_one(folder: Path) -> None:
    path = str(folder / "b.txt")
    assert len(expand([path, path, str(folder)])) == 5


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "is a folder without one of the files that are read"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "is an archive without one"),
        (lambda path: path.write_bytes(b"PK no archive"), "is not a sound ZIP archive"),
    ],
)
def test_nothing_to_read(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "nothing.zip"
    make(path)  # type: ignore[operator]
    with pytest.raises(ShuttenError) as refusal:
        expand([str(path)])
    assert str(refusal.value).startswith(f"{path}: {words}")
    with pytest.raises(ShuttenError, match="matches none"):
        expand([str(tmp_path / "none-*.txt")])


def test_members_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("b/town.txt", "../up.txt", "/root.md", "a\nb.txt", "😀.txt", "b/", "x.exe"):
            archive.writestr(name, WORDS)
        archive.writestr("b/town.toml", 'title = "x"')
        archive.writestr("__MACOSX/b/town.txt", "")
    found = expand([str(path)])
    assert [file.member for file in found] == [
        "../up.txt", "/root.md", "a\nb.txt", "b/town.txt", "😀.txt",
    ]  # fmt: skip
    assert all(file.data() == WORDS.encode() for file in found)
    town = found[3]
    assert town.origin == f"{path}!b/town.txt"
    assert town.name == Path("town.txt")
    beside = town.beside(".toml")
    assert beside
    assert beside.data() == b'title = "x"'
    assert found[0].beside(".toml") is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["all.zip"]


def test_an_archive_may_not_be_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(3_000_000))
        archive.writestr("b.txt", bytes(3_000_000))
    (first, _) = expand([str(path)])
    with pytest.raises(ShuttenError, match="over the limit of 1 MB"):
        first.data(1_000_000)
    monkeypatch.setattr(inputs, "_MAX_UNPACKED", 5_000_000)
    with pytest.raises(ShuttenError, match="unpack it"):
        expand([str(path)])
    monkeypatch.setattr(inputs, "_MAX_UNPACKED", 10**9)
    monkeypatch.setattr(inputs, "MAX_FILES", 1)
    with pytest.raises(ShuttenError, match="over 1 files"):
        expand([str(path)])


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("town.txt", WORDS * 50)
    data = bytearray(path.read_bytes())
    data[60:70] = bytes(10)
    path.write_bytes(data)
    (file,) = expand([str(path)])
    with pytest.raises(ShuttenError, match=r"a\.zip!town\.txt: is damaged in the archive"):
        file.data()


def test_another_name_stands_for_the_path(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(WORDS, "utf-8")
    file = InputFile(path, known_as="upload/town.txt")
    assert (file.label, file.origin) == ("upload/town.txt", "upload/town.txt")
    assert file.data() == WORDS.encode()
