"""A library of ten short statements that were written for these tests."""

from __future__ import annotations

import contextlib
from pathlib import Path

from project import DATA

from corpus.library import load_statement
from index.building import adding
from index.models.encoder import Encoder
from index.store.local import LocalStore

PATHS = sorted((DATA / "library").glob("*.md"))
IDS = [path.stem for path in PATHS]


def make_library(home: Path, encoder: Encoder) -> Path:
    """Add all ten statements to a new data folder, and return it."""
    with contextlib.closing(LocalStore(home)) as store:
        adding.add(store, encoder, [(load_statement(path), str(path)) for path in PATHS])
    return home
