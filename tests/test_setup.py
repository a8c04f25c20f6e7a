"""What the setup script decides before it installs anything."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).parent.parent / "scripts" / "setup.py"


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_script", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
