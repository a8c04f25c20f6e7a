"""Search arrays: what search reads, made from the database and kept in files beside it.

Each change of the data makes a new generation with a folder of its own, `derived/GENERATION`. The
folder is written under another name and renamed before the transaction commits that names the
generation. So a reader that sees a generation finds all of its files.

All files can be deleted at any time and made again. They are read completely, not mapped into
memory: what was compared with the checksums is what is searched, and a file that is cut while a
program runs cannot end the program (SIGBUS).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.files import appearing
from index.late_interaction.maxsim import Indices, TokenMatrix
from index.models.encoder import Floats, Ints
from index.store.database import Database
from index.store.schema import WORD_TABLES, UnitTable
from index.store.store import Store
from index.store.vectors.base import VectorIndex
from index.store.vectors.faiss_index import FaissIndex

VECTOR_INDEX: type[VectorIndex] = FaissIndex  # the vector store in use

_TOKENS, _STARTS, _SPANS = "tokens.bin", "starts.npy", "spans.npy"
_BACKGROUND = "background.npy"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class UnitArrays:
    """The arrays of all passages, or of all sentences. A unit is one of them.

    Unit n is row n of each array. The units are in the order of their database rows.

    Attributes:
        rows: i64 (units,), the database row of each unit, ascending.
        vectors: The vector of each unit, which was read alone.
        tokens: The tokens of each unit, which was read with its context: a passage behind its
            parent bullet, a sentence within its passage.
        background: f32 (units,), the mean MaxSim over the background questions.
    """

    rows: Indices
    vectors: VectorIndex
    tokens: TokenMatrix
    background: Floats


@dataclass(frozen=True, slots=True)
class SearchArrays:
    """The search arrays of one generation.

    Attributes:
        generation: The name of the generation.
        passages: The arrays of all passages.
        sentences: The arrays of all sentences. Their tokens are rows of the same matrix.
        spans: i32 (tokens, 2), the code points of its statement that each token covers.
    """

    generation: str
    passages: UnitArrays
    sentences: UnitArrays
    spans: Ints


def new_generation() -> str:
    """Return a name that no other generation has."""
    return uuid.uuid4().hex


def folder(store: Database, generation: str) -> Path:
    """Return the folder of a generation."""
    return store.home / "derived" / generation


def vectors_file(table: UnitTable) -> str:
    """Return the name of the file with the vectors of passages or sentences."""
    return f"{table}{VECTOR_INDEX.suffix}"


def file_names() -> list[str]:
    """Return the names of the files of a generation, without the list of their checksums."""
    return [*map(vectors_file, WORD_TABLES), _TOKENS, _STARTS, _SPANS, _BACKGROUND]


def write(store: Store, generation: str) -> None:
    """Write the files of a new generation from the rows of the open transaction."""
    with appearing(folder(store, generation)) as target:
        for table in WORD_TABLES:
            (target / vectors_file(table)).write_bytes(_vectors(store, store.unit_keys(table)))
        _write_tokens(store, target)
        checksums = {path.name: _checksum(path.read_bytes()) for path in sorted(target.iterdir())}
        (target / _MANIFEST).write_text(json.dumps(checksums, indent=1), "utf-8")


def remove_others(store: Database, generation: str) -> None:
    """Delete the files of all generations but one."""
    for path in (store.home / "derived").glob("*"):
        if path.name != generation:
            shutil.rmtree(path, ignore_errors=True)


def move(source: Database, target: Database, generation: str) -> None:
    """Move a generation from one data folder to another on the same disk."""
    path = folder(target, generation)
    path.parent.mkdir(exist_ok=True)
    os.replace(folder(source, generation), path)


def load(store: Store, generation: str) -> SearchArrays:
    """Load the search arrays of a generation.

    Raises:
        FileNotFoundError: Files are missing, damaged or of another generation. They can be made
            again.
        ValueError: The database does not say which tokens belong to a sentence.
    """
    files, problems = _read(store, generation)
    if problems:
        raise FileNotFoundError(problems[0])
    passage_rows, sentence_rows = (
        np.array(store.unit_rows(table), np.int64) for table in WORD_TABLES
    )
    try:
        passage_vectors, sentence_vectors = (
            VECTOR_INDEX.from_bytes(files[vectors_file(table)]) for table in WORD_TABLES
        )
        tokens, spans, background = _parse_tokens(files, passage_vectors.dimension)
    except (ValueError, EOFError) as error:
        raise FileNotFoundError(f"{folder(store, generation)}: {error}") from error
    passage_counts = {len(passage_vectors), len(tokens), len(background)}
    if passage_counts != {len(passage_rows)} or len(sentence_vectors) != len(sentence_rows):
        raise FileNotFoundError(folder(store, generation))  # The database is of a newer generation.
    sentence_tokens, sentence_background = _sentence_tokens(store, passage_rows, tokens)
    return SearchArrays(
        generation,
        UnitArrays(passage_rows, passage_vectors, tokens, background),
        UnitArrays(sentence_rows, sentence_vectors, sentence_tokens, sentence_background),
        spans,
    )


def verify(store: Store, generation: str) -> list[str]:
    """Compare all files of a generation with their checksums and return what is wrong."""
    return _read(store, generation)[1]


def _read(store: Store, generation: str) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a generation by name, and what is wrong with them."""
    path = folder(store, generation)
    try:
        checksums = json.loads((path / _MANIFEST).read_text("utf-8"))
        files = {name: (path / name).read_bytes() for name in file_names()}
    except OSError as error:
        return {}, [f"{error.filename or path}: {error.strerror}"]
    except ValueError:
        return {}, [f"{path / _MANIFEST}: not the list of checksums it should be"]
    expected = checksums if isinstance(checksums, dict) else {}
    return files, [
        f"{path / name}: its checksum differs"
        for name, content in files.items()
        if expected.get(name) != _checksum(content)
    ]


def _vectors(store: Store, keys: list[str]) -> bytes:
    if not keys:  # The last statement was removed.
        return b""
    vectors = (embedding.vector for embedding in store.embeddings(keys))
    return VECTOR_INDEX.build(vectors).to_bytes()


def _write_tokens(store: Store, target: Path) -> None:
    """Write the token vectors of all passages, one after another, and what belongs to them."""
    background, lengths = [], [0]
    spans = [np.zeros((0, 2), np.int32)]
    embeddings = store.embeddings(store.all_context_keys())
    with (target / _TOKENS).open("wb") as tokens:
        for start, embedding in zip(store.passage_starts(), embeddings, strict=True):
            background.append(embedding.background)
            lengths.append(len(embedding.tokens))
            spans.append(embedding.spans + start)
            tokens.write(embedding.tokens.data)
    np.save(target / _SPANS, np.concatenate(spans))
    np.save(target / _STARTS, np.cumsum(lengths, dtype=np.int64))
    np.save(target / _BACKGROUND, np.array(background, np.float32))


def _parse_tokens(files: Mapping[str, bytes], dimension: int) -> tuple[TokenMatrix, Ints, Floats]:
    """Return the tokens of all passages, their spans, and the background of each passage."""
    starts, spans, background = (
        np.load(io.BytesIO(files[name]), allow_pickle=False)
        for name in (_STARTS, _SPANS, _BACKGROUND)
    )
    rows = np.frombuffer(files[_TOKENS], np.float16).reshape(-1, dimension)
    return TokenMatrix(rows, starts[:-1], starts[1:]), spans, background


def _sentence_tokens(
    store: Store, passage_rows: Indices, tokens: TokenMatrix
) -> tuple[TokenMatrix, Floats]:
    """Return the tokens of all sentences, among those of the passages, and their background."""
    stored = np.array(store.sentence_tokens(), np.float64)
    if not np.isfinite(stored).all():
        raise ValueError("the tokens of a sentence are not known")
    passages, first, last = stored[:, :3].astype(np.int64).T
    owners = np.searchsorted(passage_rows, passages)
    begins, ends = tokens.begins[owners] + first, tokens.begins[owners] + last
    if (passage_rows[owners] != passages).any() or (
        (first < 0) | (last < first) | (ends > tokens.ends[owners])
    ).any():
        raise ValueError("the tokens of a sentence are not among those of its passage")
    return TokenMatrix(tokens.rows, begins, ends), stored[:, 3].astype(np.float32)


def _checksum(content: bytes) -> list[int]:
    return [len(content), zlib.crc32(content)]
