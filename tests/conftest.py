"""The real model and the real statement, opened once for all tests that only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import bundled_paths, load_statement
from corpus.records import Statement
from index.encoder import Encoder
from index.models import BUNDLED, open_encoder
from qa.assistant import Assistant


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder(BUNDLED)


@pytest.fixture(scope="session")
def statement() -> Statement:
    return load_statement(bundled_paths()[0])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled statement; tests that change one make their own."""
    folder = tmp_path_factory.mktemp("shutten")
    Assistant.open(folder)
    return folder


@pytest.fixture(scope="session")
def assistant(home: Path) -> Assistant:
    return Assistant.open(home)
