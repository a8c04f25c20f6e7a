"""Arrays made from the database for search, in a folder per generation of the data.

A generation is written beside and renamed before the transaction that names it commits, so a
reader that sees a generation finds its folder whole. Anything here can be deleted at any time: the
files are read once and whole, so what was checked is what is searched, and a file that is cut
under a running program (SIGBUS, were it mapped into memory) is not missed.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.files import appearing
from index.late_interaction.maxsim import TokenMatrix
from index.models.encoder import Floats, Ints
from index.store.database import Database
from index.store.embeddings import Embedding
from index.store.store import Store, StoredUnit
from index.store.vectors.faiss_index import VectorIndex

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
class SearchArrays:
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


def folder(store: Database, generation: str) -> Path:
    """Where a generation lies."""
    return store.home / "derived" / generation


def write(store: Store, generation: str) -> None:
    """Make the folder of `generation` from what `store` holds in its open transaction."""
    with appearing(folder(store, generation)) as beside:
        for table in _TABLES:
            _write_vectors(store, table, beside)
        _write_tokens(store, beside)
        sums = {path.name: _checksum(path.read_bytes()) for path in sorted(beside.iterdir())}
        (beside / _MANIFEST).write_text(json.dumps(sums, indent=1), "utf-8")


def remove_others(store: Database, generation: str) -> None:
    """Delete every generation but the current one."""
    for path in (store.home / "derived").glob("*"):
        if path.name != generation:
            shutil.rmtree(path, ignore_errors=True)


def move(source: Database, target: Database, generation: str) -> None:
    """Take a generation from one data folder to another on the same disk."""
    path = folder(target, generation)
    path.parent.mkdir(exist_ok=True)
    os.replace(folder(source, generation), path)


def load(store: Store, generation: str) -> SearchArrays:
    """Open a generation.

    Raises:
        FileNotFoundError: It is not there whole (deleted, damaged, or already superseded), and
            can be made again.
        ValueError: The database does not say which tokens are those of a sentence.
    """
    files, wrong = _read(store, generation)
    if wrong:
        raise FileNotFoundError(wrong[0])
    rows, others = (tuple(unit.row for unit in store.units(table)) for table in _TABLES)
    try:
        alone, sentences = (VectorIndex.of_bytes(files[f"{table}.faiss"]) for table in _TABLES)
        tokens, spans, background = _tokens(files, alone.dimension)
    except (RuntimeError, ValueError, EOFError) as error:
        raise FileNotFoundError(f"{folder(store, generation)}: {error}") from error
    if {len(rows)} != {len(alone), len(tokens), len(background)} or len(others) != len(sentences):
        raise FileNotFoundError(folder(store, generation))  # the database has moved on since
    within, scores = _within(store, np.array(rows), tokens)
    return SearchArrays(
        generation,
        Units(rows, alone, tokens, background),
        Units(others, sentences, within, scores),
        spans,
    )


def verify(store: Store, generation: str) -> list[str]:
    """Compare every file with its checksum; returns what is wrong."""
    return _read(store, generation)[1]


def _read(store: Store, generation: str) -> tuple[dict[str, bytes], list[str]]:
    """Every file of a generation, and what is wrong with them."""
    path = folder(store, generation)
    try:
        sums = json.loads((path / _MANIFEST).read_text("utf-8"))
        files = {name: (path / name).read_bytes() for name in _FILES}
    except OSError as error:
        return {}, [f"{error.filename or path}: {error.strerror}"]
    except ValueError:
        return {}, [f"{path / _MANIFEST}: not the list of checksums it should be"]
    listed = sums if isinstance(sums, dict) else {}
    return files, [
        f"{path / name}: its checksum differs"
        for name, data in files.items()
        if listed.get(name) != _checksum(data)
    ]


def _write_vectors(store: Store, table: str, target: Path) -> None:
    units = store.units(table)
    if not units:  # the last statement was removed
        (target / f"{table}.faiss").write_bytes(b"")
    else:
        vectors = VectorIndex.of(one.vector for one in _embeddings(store, units))
        (target / f"{table}.faiss").write_bytes(vectors.to_bytes())


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


def _tokens(files: Mapping[str, bytes], dimension: int) -> tuple[TokenMatrix, Ints, Floats]:
    """The passages' tokens, the code points they stand for, and what each passage scores."""
    starts, spans, background = (
        np.load(io.BytesIO(files[name]), allow_pickle=False)
        for name in (_STARTS, _SPANS, _BACKGROUND)
    )
    rows = np.frombuffer(files[_TOKENS], np.float16).reshape(-1, dimension)
    return TokenMatrix(rows, starts[:-1], starts[1:]), spans, background


def _within(store: Store, passages: Ints, tokens: TokenMatrix) -> tuple[TokenMatrix, Floats]:
    """The sentences' tokens within those of their passages, and what each sentence scores."""
    contexts = np.array(store.contexts(), np.float64)
    if not np.isfinite(contexts).all():
        raise ValueError("the tokens of a sentence are not known")
    places, background = contexts[:, :3].astype(np.int64), contexts[:, 3].astype(np.float32)
    owner, first, last = np.searchsorted(passages, places[:, 0]), places[:, 1], places[:, 2]
    begins, ends = tokens.begins[owner] + first, tokens.begins[owner] + last
    if (passages[owner] != places[:, 0]).any() or (
        (first < 0) | (last < first) | (ends > tokens.ends[owner])
    ).any():
        raise ValueError("the tokens of a sentence are not among those of its passage")
    return TokenMatrix(tokens.rows, begins, ends), background


def _checksum(data: bytes) -> list[int]:
    return [len(data), zlib.crc32(data)]
