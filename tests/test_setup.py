"""What the setup script decides before it installs anything."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from project import ROOT

PATH = ROOT / "scripts" / "setup.py"


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_script", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(one) for group in (project["dependencies"], *extras) for one in group]


def pinned(setup: ModuleType) -> dict[str, str]:
    lines = setup.CONSTRAINTS.read_text("utf-8").splitlines()
    found = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(one.name): next(iter(one.specifier)).version for one in found}


@pytest.mark.parametrize("needed", requirements(), ids=lambda one: one.name)
def test_a_next_release_cannot_break_an_install(needed: Requirement, setup: ModuleType) -> None:
    """Each dependency has a bound above, and the versions that `make setup` takes are within."""
    assert {one.operator for one in needed.specifier} & {"<", "=="}
    assert needed.specifier.contains(pinned(setup)[canonicalize_name(needed.name)])


def test_torch_is_pinned(setup: ModuleType) -> None:
    assert setup.torch_requirement() == "torch==2.13.0"


@pytest.mark.parametrize(
    ("needs", "platform", "cuda"),
    [
        (["filelock", "sympy>=1.13"], "linux", False),
        (["filelock", "nvidia-cudnn-cu13==9.1; platform_system == 'Linux'"], "linux", True),
        (["nvidia-cudnn-cu13==9.1; platform_system == 'Linux'"], "darwin", False),
        ([], "linux", False),
    ],
)
def test_a_cuda_build_is_known_by_its_needs(
    needs: list[str], platform: str, cuda: bool, setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert setup.is_cuda({"requires_dist": needs}) is cuda


def test_an_environment_is_kept_only_if_it_works(setup: ModuleType, tmp_path: Path) -> None:
    assert setup.works(sys.executable)
    assert not setup.works(str(tmp_path / "bin" / "python"))
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert not setup.works(str(broken))
