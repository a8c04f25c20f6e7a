"""The bundled model and the bundled statement, for tests that change neither."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.library import bundled_paths, load_statement
from corpus.records import Statement
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from qa.assistant import Assistant


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fuzz", "odd input to every interface (tests/fuzz)")
    group.addoption("--fuzz-cases", type=int, default=100, help="how many for each interface")
    group.addoption("--fuzz-seed", type=int, default=1, help="the same seed draws the same cases")
    group.addoption("--fuzz-start", type=int, default=0, help="number of the first case")


# No test asks a model hub for anything. The libraries read this when they are imported.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder(BUNDLED)


@pytest.fixture(scope="session")
def statement() -> Statement:
    return load_statement(bundled_paths()[0])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled statement. Tests that change it use a copy."""
    folder = tmp_path_factory.mktemp("shutten")
    Assistant.open(folder)
    return folder


@pytest.fixture(scope="session")
def assistant(home: Path) -> Assistant:
    return Assistant.open(home)
