"""A trained file that is damaged or missing is named, and never used."""

from __future__ import annotations

import contextlib
import random
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from cli import main
from corpus.errors import ShuttenError
from index.models import lora, trained_arrays

FILES = [
    ("index.models", "adapter.npz"),
    ("index.models", "reranker.npz"),
    ("qa.questions", "remark_kinds.npz"),
    ("qa.questions", "subjects.npz"),
]
FLIPS = 40


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the files, in the place of those that come with the packages."""
    for package, name in FILES:
        (tmp_path / package).mkdir(exist_ok=True)
        shutil.copy(str(files(package).joinpath(name)), tmp_path / package / name)
    monkeypatch.setattr(trained_arrays, "files", lambda package: tmp_path / package)
    return tmp_path


@pytest.mark.parametrize(("package", "name"), FILES)
def test_a_flipped_bit_is_noticed_or_changes_nothing(copies: Path, package: str, name: str) -> None:
    path = copies / package / name
    sound, data, draw = trained_arrays.arrays(package, name), path.read_bytes(), random.Random(0)
    for _ in range(FLIPS):
        changed = bytearray(data)
        changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        with contextlib.suppress(ShuttenError):
            found = trained_arrays.arrays(package, name)
            assert found.keys() == sound.keys()
            assert all(np.array_equal(found[key], sound[key]) for key in sound)


@pytest.mark.parametrize("name", [lora.RANKER, lora.RERANKER])
@pytest.mark.parametrize("damage", ["cut", "missing", "empty", "another file"])
def test_the_command_names_the_file(
    copies: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    damage: str,
) -> None:
    path = copies / "index.models" / name
    kept = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"cut": kept[: len(kept) // 2], "empty": b""}.get(damage, b"x" * 999))
    monkeypatch.setenv("SHUTTEN_CACHE", str(copies / "cache"))
    for command in (["model", "build"], ["ask", "?", "--home", str(copies)]):
        assert main.main(command) == 2
        said = capsys.readouterr().err.rpartition("\r")[2].strip()
        assert said.startswith(f"shutten: {path}: ")
        assert said.endswith("install that again")
    assert not list((copies / "cache").rglob("*.onnx"))
