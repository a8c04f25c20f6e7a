"""A file of trained arrays that is damaged or missing is refused, and the error names it."""

from __future__ import annotations

import random
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from cli import main
from corpus.errors import ShuttenError
from index.models import lora, trained_arrays
from index.models.trained_arrays import NamedArrays, read_arrays

FILES = [
    ("index.models", "adapter.npz"),
    ("index.models", "reranker.npz"),
    ("qa.questions", "remark_kinds.npz"),
    ("qa.questions", "subjects.npz"),
]
FLIPS = 40


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the files, which are read instead of those inside the packages."""
    for package, name in FILES:
        (tmp_path / package).mkdir(exist_ok=True)
        shutil.copy(str(files(package).joinpath(name)), tmp_path / package / name)
    monkeypatch.setattr(trained_arrays, "files", lambda package: tmp_path / package)
    return tmp_path


def read_or_none(package: str, name: str) -> NamedArrays | None:
    try:
        return read_arrays(package, name)
    except ShuttenError:
        return None


@pytest.mark.parametrize(("package", "name"), FILES)
def test_a_flipped_bit_is_refused_or_changes_nothing(copies: Path, package: str, name: str) -> None:
    path = copies / package / name
    original, content, draw = read_arrays(package, name), path.read_bytes(), random.Random(0)
    refused = 0
    for _ in range(FLIPS):
        changed = bytearray(content)
        changed[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        arrays = read_or_none(package, name)
        refused += arrays is None
        if arrays is not None:
            assert arrays.keys() == original.keys()
            assert all(np.array_equal(arrays[key], original[key]) for key in original)
    assert refused > FLIPS / 2  # most bits belong to arrays


@pytest.mark.parametrize("name", [lora.RANKER, lora.RERANKER])
@pytest.mark.parametrize("damage", ["cut", "missing", "empty", "another file"])
def test_a_command_names_the_file(
    copies: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    damage: str,
) -> None:
    path = copies / "index.models" / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(
            {"cut": content[: len(content) // 2], "empty": b""}.get(damage, b"x" * 999)
        )
    monkeypatch.setenv("SHUTTEN_CACHE", str(copies / "cache"))
    for command in (["model", "build"], ["ask", "?", "--home", str(copies)]):
        assert main.main(command) == 2
        line = capsys.readouterr().err.rpartition("\r")[2].strip()
        assert line.startswith(f"shutten: {path}: ")
        assert line.endswith("install that again")
    assert not list((copies / "cache").rglob("*.onnx"))
