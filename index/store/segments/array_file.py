"""A file of named arrays that is mapped into memory, in the safetensors format.

The format is that of the library safetensors: the length of the header as u64, the header as JSON,
then the arrays, little endian, one after another. That library cannot write arrays that do not fit
into memory and copies what it reads, so the few lines that are needed are here.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.errors import ShuttenError

Array = npt.NDArray[Any]
_NAMES = {
    np.dtype(kind): name
    for kind, name in (
        *(("<i1", "I8"), ("<u1", "U8"), ("<u2", "U16"), ("<u4", "U32"), ("<u8", "U64")),
        *(("<i8", "I64"), ("<f2", "F16"), ("<f4", "F32")),
    )
}
_TYPES = {name: kind for kind, name in _NAMES.items()}
_ALIGNED = 64  # bytes, so that the first array begins at a cache line
_STRETCH = 16_000_000  # bytes that are read at once


class Stretches:
    """An array that is given in stretches, so that it need not be in memory as a whole.

    Args:
        dtype: The type of its numbers.
        shape: Its shape.
        stretches: Arrays that follow one another along the first axis.
    """

    def __init__(
        self, dtype: npt.DTypeLike, shape: tuple[int, ...], stretches: Iterable[Array]
    ) -> None:
        self.dtype, self.shape, self.stretches = np.dtype(dtype), shape, stretches

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))

    @classmethod
    def of(cls, array: Array) -> Stretches:
        """Return an array that is in memory."""
        return cls(array.dtype, array.shape, [array])


def write_arrays(file: BinaryIO, arrays: Mapping[str, Stretches]) -> None:
    """Write arrays to a file.

    The arrays of the largest numbers come first, so that each begins at a multiple of its numbers.

    Raises:
        ValueError: The stretches of an array do not have its shape.
    """
    entries, offset = {}, 0
    arrays = dict(sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize))
    for name, array in arrays.items():
        entries[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.size],
        }
        offset += array.size
    header = json.dumps(entries).encode()
    header += b" " * (-(len(header) + 8) % _ALIGNED)
    file.write(len(header).to_bytes(8, "little") + header)
    for name, array in arrays.items():
        written = 0
        for stretch in array.stretches:
            written += file.write(np.ascontiguousarray(stretch, array.dtype).data)
        if written != array.size:
            raise ValueError(f"{name}: {written} bytes instead of {array.size}")


def arrays_to_bytes(arrays: Mapping[str, Array]) -> bytes:
    """Return the bytes of arrays, as `arrays_in` reads them."""
    with BytesIO() as file:
        write_arrays(file, {name: Stretches.of(array) for name, array in arrays.items()})
        return file.getvalue()


def map_arrays(path: Path) -> tuple[dict[str, Array], Callable[[], None]]:
    """Map the arrays of a file into memory, read-only.

    Returns:
        The arrays, and a function that gives back the memory of what was read. What is read again
        comes from the cache of the system, or from the disk.

    Raises:
        OSError: The file is missing or cannot be read.
        ValueError: The file is not one of arrays, or is cut.
    """
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return arrays_in(memoryview(mapped)), partial(_release, mapped)


def _release(mapped: mmap.mmap) -> None:
    if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        mapped.madvise(mmap.MADV_DONTNEED)


class FileRows:
    """Rows of an array in a file. A slice is read when it is taken.

    Scattered rows of a large file are read sooner so than as mapped memory, where each of them
    costs a page fault, and they do not count as memory of the program.

    Args:
        path: The file.
        name: The name of the array.

    Raises:
        OSError: The file is missing or cannot be read.
        ValueError: The file is not one of arrays, or is cut.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        with open(self._descriptor, "rb", closefd=False) as file:
            entries, begin = _read_header(file)
        entry = entries[name]
        self.dtype, self.shape, self._begin = entry.dtype, entry.shape, begin + entry.begin
        self._row = entry.dtype.itemsize * math.prod(entry.shape[1:])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> Array:
        """Read rows that follow one another.

        Raises:
            ShuttenError: The file was cut meanwhile.
        """
        first, last, _ = rows.indices(len(self))
        count = max(0, last - first)
        data = os.pread(self._descriptor, count * self._row, self._begin + first * self._row)
        if len(data) < count * self._row:
            raise ShuttenError(f"{self._path}: a part of it is gone; run `shutten index rebuild`")
        return np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])


def arrays_in(content: memoryview) -> dict[str, Array]:
    """Return the arrays that some bytes hold, without copying them.

    Raises:
        ValueError: The bytes are not those of arrays, or are cut.
    """
    entries, begin = _header(content)
    if begin + max((entry.end for entry in entries.values()), default=0) != len(content):
        raise ValueError("a part of it is missing")
    return {
        name: np.frombuffer(content[begin + entry.begin : begin + entry.end], entry.dtype).reshape(
            entry.shape
        )
        if entry.end > entry.begin
        else np.zeros(entry.shape, entry.dtype)
        for name, entry in entries.items()
    }


def read_rows(path: Path, name: str, first: int, last: int) -> Iterator[Array]:
    """Yield rows of one array in stretches, without mapping the file.

    What is mapped counts as memory of the program; a merge of large files would need gigabytes.

    Args:
        path: The file.
        name: The name of the array.
        first: The first row.
        last: One past the last row.

    Raises:
        OSError: The file is missing or cannot be read.
        ValueError: The file is not one of arrays, or is cut.
    """
    with path.open("rb") as file:
        entries, begin = _read_header(file)
        entry = entries[name]
        width = int(np.prod(entry.shape[1:], dtype=np.int64))
        step = max(1, _STRETCH // (width * entry.dtype.itemsize or 1))
        for row in range(first, last, step):
            count = min(step, last - row)
            file.seek(begin + entry.begin + row * width * entry.dtype.itemsize)
            values = np.fromfile(file, entry.dtype, count * width)
            yield values.reshape(count, *entry.shape[1:])


class _Entry(NamedTuple):
    """Where an array lies in a file; the bytes count from the end of the header."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int

    @classmethod
    def of(cls, facts: dict[str, Any]) -> _Entry:
        """Read the entry of an array in the header.

        Raises:
            ValueError: Its numbers do not fit one another.
            LookupError: It is no entry.
            TypeError: It is no entry.
        """
        begin, end = facts["data_offsets"]
        entry = cls(_TYPES[facts["dtype"]], tuple(facts["shape"]), begin, end)
        if not all(isinstance(number, int) and number >= 0 for number in (begin, *entry.shape)):
            raise ValueError("impossible numbers")
        if end - begin != entry.dtype.itemsize * math.prod(entry.shape):
            raise ValueError("impossible offsets")
        return entry


def _header(content: memoryview) -> tuple[dict[str, _Entry], int]:
    """Return the arrays that a file holds, and the offset of the first one."""
    length = int.from_bytes(content[:8], "little")
    try:
        entries = json.loads(bytes(content[8 : 8 + length]))
        return {name: _Entry.of(facts) for name, facts in entries.items()}, 8 + length
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no file of arrays ({error})") from None


def _read_header(file: BinaryIO) -> tuple[dict[str, _Entry], int]:
    """Read the header of an open file; see `_header`."""
    length = file.read(8)
    return _header(memoryview(length + file.read(int.from_bytes(length, "little"))))
