"""A server of ten statements with the real model, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from libraries import make_library
from serving import served

from index.models.encoder import Encoder
from qa.assistant import Assistant


@pytest.fixture(scope="session")
def library_home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return make_library(tmp_path_factory.mktemp("library"), encoder)


@pytest.fixture(scope="session")
def library_address(library_home: Path) -> Iterator[str]:
    with served(Assistant.open(library_home)) as address:
        yield address


@pytest.fixture
def address(library_address: str) -> str:
    return library_address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}
