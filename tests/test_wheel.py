"""The wheel holds the product with all its data, and neither training nor tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from project import ROOT

PACKAGES = ("corpus", "index", "qa", "web", "cli")
SUFFIXES = {".py", ".json", ".jsonl", ".npz", ".onnx", ".css", ".js", ".toml", ".txt"}
NOT_COPIED = (".*", "__pycache__", "*.egg-info", "build")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build writes into its folder and reads what lies there."""
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(
        ROOT, folder / "source", ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True
    )
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "-w", str(folder), "."]
    subprocess.run(command, cwd=source, check=True, timeout=300)
    (wheel,) = folder.glob("shutten-*.whl")
    return wheel


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_nothing_but_the_product_is_in_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    (info,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops - {info} == {*PACKAGES, "ui.py"}
    assert {f"{info}/licenses/{name}" for name in ("LICENSE", "NOTICE")} <= names


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_in_it(package: str, names: set[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix in SUFFIXES
    }
    assert {name for name in names if name.startswith(f"{package}/")} == files


@pytest.mark.parametrize(
    "name",
    [
        "corpus/statements/jucip-2023-05-26.ja.txt",
        "corpus/statements/jucip-2023-05-26.ja.toml",
        "corpus/questions/jucip-2023.jsonl",
        "corpus/questions/background.jsonl",
        "index/models/adapter.npz",
        "index/models/reranker.npz",
        "qa/confidence/calibration.json",
        "qa/questions/remark_kinds.npz",
        "qa/questions/subjects.npz",
        "qa/rendering/messages.json",
        "web/page/static/page.css",
        "web/page/static/page.js",
        "web/page/static/library/list.js",
    ],
)
def test_needed_data_are_in_it(name: str, names: set[str]) -> None:
    assert name in names


def test_its_command_line_runs(wheel: Path) -> None:
    folder = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    code = "import cli.main; print(cli.main.__file__); raise SystemExit(cli.main.main(['--help']))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    module, *text = done.stdout.splitlines()
    assert Path(module).is_relative_to(folder)
    assert "ask" in "".join(text)
