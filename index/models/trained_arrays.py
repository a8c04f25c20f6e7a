"""Trained arrays that come with the project."""

from __future__ import annotations

import io
import zipfile
import zlib
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ShuttenError

Table = dict[str, npt.NDArray[Any]]
# What reading a damaged archive of arrays raises; it is nowhere documented.
_DAMAGED = (
    *(ValueError, LookupError, RuntimeError, OSError, EOFError),
    *(zipfile.BadZipFile, zlib.error),
)


def data(package: str, name: str) -> bytes:
    """A file of a package.

    Raises:
        ShuttenError: It is missing.
    """
    try:
        return files(package).joinpath(name).read_bytes()
    except OSError as error:
        raise _lost(package, name, error.strerror or str(error)) from None


def arrays(package: str, name: str) -> Table:
    """The arrays of an `.npz` file by name; each has a checksum in it.

    Raises:
        ShuttenError: It is missing or damaged.
    """
    file = data(package, name)
    try:
        wrong = zipfile.ZipFile(io.BytesIO(file)).testzip()
        table = {} if wrong else dict(np.load(io.BytesIO(file), allow_pickle=False))
    except _DAMAGED as error:
        raise _lost(package, name, f"damaged ({error})") from None
    if wrong:
        raise _lost(package, name, f"damaged (the checksum of {wrong} differs)")
    return table


def _lost(package: str, name: str, why: str) -> ShuttenError:
    path = files(package).joinpath(name)
    return ShuttenError(f"{path}: {why}; this file comes with Shutten, so install that again")
