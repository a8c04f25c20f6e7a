"""The setup script pins versions, and recognises builds of torch that need CUDA."""

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
    return [Requirement(line) for group in (project["dependencies"], *extras) for line in group]


def pinned_versions(setup: ModuleType) -> dict[str, str]:
    lines = setup.CONSTRAINTS.read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_each_requirement_excludes_later_releases_and_includes_the_pinned_one(
    requirement: Requirement, setup: ModuleType
) -> None:
    assert {bound.operator for bound in requirement.specifier} & {"<", "=="}
    version = pinned_versions(setup)[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


def test_torch_is_pinned(setup: ModuleType) -> None:
    assert setup.torch_requirement() == "torch==2.13.0"


@pytest.mark.parametrize(
    ("requirements", "platform", "is_cuda"),
    [
        (["filelock", "sympy>=1.13"], "linux", False),
        (["filelock", "nvidia-cudnn-cu13==9.1; platform_system == 'Linux'"], "linux", True),
        (["nvidia-cudnn-cu13==9.1; platform_system == 'Linux'"], "darwin", False),
        ([], "linux", False),
    ],
)
def test_a_cuda_build_is_recognised_by_what_it_requires(
    requirements: list[str],
    platform: str,
    is_cuda: bool,
    setup: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert setup.is_cuda({"requires_dist": requirements}) is is_cuda


def test_an_environment_is_kept_only_if_it_works(setup: ModuleType, tmp_path: Path) -> None:
    assert setup.works(sys.executable)
    assert not setup.works(str(tmp_path / "bin" / "python"))
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert not setup.works(str(broken))
