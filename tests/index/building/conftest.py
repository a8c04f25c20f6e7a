"""A small data folder to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from damaging import make_sound_folder

from index.models.encoder import Encoder


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A sound data folder. Tests only copy it."""
    return make_sound_folder(tmp_path_factory.mktemp("sound"), encoder)


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound data folder."""
    return Path(shutil.copytree(sound, tmp_path / "data"))
