"""Arrays made from the database for search, in a folder per generation of the data.

A generation is written beside and renamed before the transaction that names it commits, so a
reader that sees a generation finds its folder whole. Anything here can be deleted at any time.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import Floats
from index.interaction import TokenMatrix
from index.storage import Embedding, Store, StoredUnit
from index.vectors import VectorIndex

_TABLES = ("passages", "sentences")
_PARTS = ("tokens", "faiss", "starts.npy", "background.npy")
_FILES = tuple(f"{table}.{part}" for table in _TABLES for part in _PARTS)
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Units:
    """All passages, or all sentences, ready to be searched; rows are in database order."""

    rows: tuple[int, ...]
    vectors: VectorIndex
    tokens: TokenMatrix
    background: Floats


@dataclass(frozen=True, slots=True)
class Derived:
    """One generation.

    Attributes:
        generation: Its name.
        passages: Whole passages.
        sentences: Sentences as they read on their own.
        context: Sentences as they read in their passage: slices of its tokens.
        context_background: f32 (sentences,), what those score for anything.
    """

    generation: str
    passages: Units
    sentences: Units
    context: TokenMatrix
    context_background: Floats


def new_generation() -> str:
    """A name no other generation has."""
    return uuid.uuid4().hex


def folder(store: Store, generation: str) -> Path:
    """Where a generation lies."""
    return store.home / "derived" / generation


def write(store: Store, generation: str) -> None:
    """Make the folder of `generation` from what `store` holds in its open transaction."""
    target = folder(store, generation)
    beside = target.with_name(generation + ".part")
    beside.mkdir(parents=True, exist_ok=True)
    try:
        for table in _TABLES:
            _write_table(store, table, beside)
        sums = {path.name: _checksum(path) for path in sorted(beside.iterdir())}
        (beside / _MANIFEST).write_text(json.dumps(sums, indent=1), "utf-8")
        os.replace(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def remove_others(store: Store, generation: str) -> None:
    """Delete every generation but the current one; a reader may still hold an old one open."""
    for path in (store.home / "derived").glob("*"):
        if path.name != generation:
            shutil.rmtree(path, ignore_errors=True)


def load(store: Store, generation: str) -> Derived:
    """Open a generation.

    Raises:
        FileNotFoundError: It is not there whole (deleted, damaged, or already superseded), and
            can be made again.
    """
    path = folder(store, generation)
    if wrong := verify(store, generation):
        raise FileNotFoundError(wrong[0])
    passages, sentences = (_load_table(store, table, path) for table in _TABLES)
    contexts = np.array(store.contexts())
    owner = np.searchsorted(passages.rows, contexts[:, 0])
    begins, ends = (
        passages.tokens.begins[owner] + contexts[:, column].astype(np.int64) for column in (1, 2)
    )
    context = TokenMatrix(passages.tokens.rows, begins, ends)
    return Derived(generation, passages, sentences, context, contexts[:, 3].astype(np.float32))


def verify(store: Store, generation: str) -> list[str]:
    """Compare every file with its checksum; returns what is wrong."""
    path = folder(store, generation)
    try:
        sums = json.loads((path / _MANIFEST).read_text("utf-8"))
        files = {name: _checksum(path / name) for name in _FILES}
    except OSError as error:
        return [f"{error.filename or path}: {error.strerror}"]
    except ValueError:
        return [f"{path / _MANIFEST}: not the list of checksums it should be"]
    listed = sums if isinstance(sums, dict) else {}
    return [
        f"{path / name}: its checksum differs"
        for name, found in files.items()
        if listed.get(name) != found
    ]


def _write_table(store: Store, table: str, target: Path) -> None:
    units = store.units(table)
    vectors, background, lengths = [], [], [0]
    with (target / f"{table}.tokens").open("wb") as tokens:
        for embedding in _embeddings(store, units):
            vectors.append(embedding.vector)
            background.append(embedding.background)
            lengths.append(len(embedding.tokens))
            tokens.write(embedding.tokens.tobytes())
    if not units:  # the last statement was removed
        (target / f"{table}.faiss").write_bytes(b"")
    else:
        VectorIndex.of(np.stack(vectors)).save(target / f"{table}.faiss")
    np.save(target / f"{table}.starts.npy", np.cumsum(lengths, dtype=np.int64))
    np.save(target / f"{table}.background.npy", np.array(background, np.float32))


def _embeddings(store: Store, units: list[StoredUnit]) -> Iterable[Embedding]:
    return store.embeddings(unit.embedding for unit in units)


def _load_table(store: Store, table: str, path: Path) -> Units:
    units = store.units(table)
    if not units:
        raise FileNotFoundError(path)
    vectors = VectorIndex.load(path / f"{table}.faiss")
    starts = np.load(path / f"{table}.starts.npy")
    background = np.load(path / f"{table}.background.npy")
    if not len(units) == len(vectors) == len(starts) - 1 == len(background):
        raise FileNotFoundError(path)  # the database has moved on since
    file = path / f"{table}.tokens"
    width = file.stat().st_size // (2 * max(1, int(starts[-1])))
    rows = np.memmap(file, np.float16, "r", shape=(int(starts[-1]), width))
    tokens = TokenMatrix(rows, starts[:-1], starts[1:])
    return Units(tuple(unit.row for unit in units), vectors, tokens, background)


def _checksum(path: Path) -> list[int]:
    data = path.read_bytes()
    return [len(data), zlib.crc32(data)]
