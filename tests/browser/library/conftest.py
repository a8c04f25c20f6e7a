"""A server of ten statements with the real model, for all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from libraries import IDS, make_library
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


@pytest.fixture(scope="session")
def open_address(library_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose readers may add, correct and remove statements."""
    home = shutil.copytree(library_home, tmp_path_factory.mktemp("adding") / "home")
    with served(Assistant.open(home), uploads=True) as address:
        yield address


@pytest.fixture
def adding_address(open_address: str) -> Iterator[str]:
    """The same server. What a test has added is removed after it."""
    yield open_address
    for statement in httpx.get(f"{open_address}library").json()["statements"]:
        if statement["id"] not in IDS:
            httpx.delete(f"{open_address}statements/{statement['id']}", timeout=60)


@pytest.fixture
def address(library_address: str) -> str:
    return library_address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}
