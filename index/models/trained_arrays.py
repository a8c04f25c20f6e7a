"""Reads the trained arrays that come with the project, as `.npz` files inside its packages."""

from __future__ import annotations

import io
import zipfile
import zlib
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ShuttenError

NamedArrays = dict[str, npt.NDArray[Any]]
# The errors that numpy and zipfile raise for a damaged file. No document lists them; they were
# found by damaging files at random.
_DAMAGE_ERRORS = (
    *(ValueError, LookupError, RuntimeError, OSError, EOFError),
    *(zipfile.BadZipFile, zlib.error),
)


def read_package_file(package: str, name: str) -> bytes:
    """Return the bytes of a file inside a package.

    Raises:
        ShuttenError: The file is missing or cannot be read.
    """
    try:
        return files(package).joinpath(name).read_bytes()
    except OSError as error:
        raise _unusable(package, name, error.strerror or str(error)) from None


def read_arrays(package: str, name: str) -> NamedArrays:
    """Return the arrays of an `.npz` file by name, after comparing their checksums.

    Raises:
        ShuttenError: The file is missing or damaged.
    """
    content = read_package_file(package, name)
    try:
        damaged_member = zipfile.ZipFile(io.BytesIO(content)).testzip()
        arrays = {} if damaged_member else dict(np.load(io.BytesIO(content), allow_pickle=False))
    except _DAMAGE_ERRORS as error:
        raise _unusable(package, name, f"damaged ({error})") from None
    if damaged_member:
        raise _unusable(package, name, f"damaged (the checksum of {damaged_member} differs)")
    return arrays


def _unusable(package: str, name: str, reason: str) -> ShuttenError:
    path = files(package).joinpath(name)
    return ShuttenError(f"{path}: {reason}; this file comes with Shutten, so install that again")
