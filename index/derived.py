"""Arrays made from the database for search, in a folder per generation of the data.

A generation is written beside and renamed before the transaction that names it commits, so a
reader that sees a generation finds its folder whole. Anything here can be deleted at any time.
"""

from __future__ import annotations

import json
import shutil
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.files import appearing
from index.encoder import Floats, Ints
from index.interaction import TokenMatrix
from index.storage import Embedding, Store, StoredUnit
from index.vectors import VectorIndex

_TABLES = ("passages", "sentences")
_TOKENS, _STARTS, _SPANS = "tokens.bin", "starts.npy", "spans.npy"
_BACKGROUND = "background.npy"
_FILES = (*(f"{table}.faiss" for table in _TABLES), _TOKENS, _STARTS, _SPANS, _BACKGROUND)
_MANIFEST = "manifest.json"
_PART = 2**20  # bytes of a file that are looked at together


@dataclass(frozen=True, slots=True)
class Units:
    """All passages, or all sentences, ready to be searched; rows are in database order.

    Attributes:
        rows: Their rows in the database.
        vectors: One vector each, read alone.
        tokens: Their tokens, a passage read after the bullet it hangs from, a sentence within its
            passage.
        background: f32 (units,), what each scores for anything.
    """

    rows: tuple[int, ...]
    vectors: VectorIndex
    tokens: TokenMatrix
    background: Floats


@dataclass(frozen=True, slots=True)
class Derived:
    """One generation.

    Attributes:
        generation: Its name.
        passages: All passages.
        sentences: All sentences.
        spans: i32 (tokens, 2), the code points of its statement that each token stands for.
    """

    generation: str
    passages: Units
    sentences: Units
    spans: Ints


def new_generation() -> str:
    """A name no other generation has."""
    return uuid.uuid4().hex


def folder(store: Store, generation: str) -> Path:
    """Where a generation lies."""
    return store.home / "derived" / generation


def write(store: Store, generation: str) -> None:
    """Make the folder of `generation` from what `store` holds in its open transaction."""
    with appearing(folder(store, generation)) as beside:
        for table in _TABLES:
            _write_vectors(store, table, beside)
        _write_tokens(store, beside)
        sums = {path.name: _checksum(path) for path in sorted(beside.iterdir())}
        (beside / _MANIFEST).write_text(json.dumps(sums, indent=1), "utf-8")


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
    rows, vectors = zip(*(_load_vectors(store, table, path) for table in _TABLES), strict=True)
    tokens, spans, background = _load_tokens(path, len(rows[0]))
    contexts = np.array(store.contexts())
    owner = np.searchsorted(rows[0], contexts[:, 0])
    begins, ends = tokens.begins[owner] + contexts[:, 1:3].astype(np.int64).T
    within = TokenMatrix(tokens.rows, begins, ends)
    passages = Units(rows[0], vectors[0], tokens, background)
    sentences = Units(rows[1], vectors[1], within, contexts[:, 3].astype(np.float32))
    return Derived(generation, passages, sentences, spans)


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


def _write_vectors(store: Store, table: str, target: Path) -> None:
    units = store.units(table)
    if not units:  # the last statement was removed
        (target / f"{table}.faiss").write_bytes(b"")
    else:
        vectors = VectorIndex.of(one.vector for one in _embeddings(store, units))
        vectors.save(target / f"{table}.faiss")


def _write_tokens(store: Store, target: Path) -> None:
    background, lengths = [], [0]
    spans = [np.zeros((0, 2), np.int32)]
    found = _embeddings(store, store.units("passages", "introduced"))
    with (target / _TOKENS).open("wb") as tokens:
        for start, embedding in zip(store.passage_starts(), found, strict=True):
            background.append(embedding.background)
            lengths.append(len(embedding.tokens))
            spans.append(embedding.spans + start)
            tokens.write(embedding.tokens.data)
    np.save(target / _SPANS, np.concatenate(spans))
    np.save(target / _STARTS, np.cumsum(lengths, dtype=np.int64))
    np.save(target / _BACKGROUND, np.array(background, np.float32))


def _embeddings(store: Store, units: list[StoredUnit]) -> Iterable[Embedding]:
    return store.embeddings(unit.embedding for unit in units)


def _load_vectors(store: Store, table: str, path: Path) -> tuple[tuple[int, ...], VectorIndex]:
    rows = tuple(unit.row for unit in store.units(table))
    if not rows:
        raise FileNotFoundError(path)
    vectors = VectorIndex.load(path / f"{table}.faiss")
    if len(vectors) != len(rows):
        raise FileNotFoundError(path)  # the database has moved on since
    return rows, vectors


def _load_tokens(path: Path, count: int) -> tuple[TokenMatrix, Ints, Floats]:
    starts, spans, background = (np.load(path / name) for name in (_STARTS, _SPANS, _BACKGROUND))
    if not count == len(starts) - 1 == len(background):
        raise FileNotFoundError(path)
    file = path / _TOKENS
    width = file.stat().st_size // (2 * max(1, int(starts[-1])))
    rows = np.memmap(file, np.float16, "r", shape=(int(starts[-1]), width))
    return TokenMatrix(rows, starts[:-1], starts[1:]), spans, background


def _checksum(path: Path) -> list[int]:
    size = found = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            size, found = size + len(part), zlib.crc32(part, found)
    return [size, found]
