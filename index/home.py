"""Finds the data folder, or the server, that a library is in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShuttenError

STORE = "SHUTTEN_STORE"


@dataclass(frozen=True, slots=True)
class Library:
    """Where a library is.

    Attributes:
        home: The data folder.
        address: The address of the store with the statements; empty if they are in the data folder.
        new: Whether the library may be made if it is not there.
    """

    home: Path
    address: str = ""
    new: bool = False


def data_library(home: Path | None = None, address: str = "") -> Library:
    """Return where a library is.

    Args:
        home: See `data_home`.
        address: The address of a store, if the user named one. Otherwise it is `SHUTTEN_STORE`, or
            none.

    Raises:
        ShuttenError: `home` is empty.
    """
    return Library(data_home(home), address or os.environ.get(STORE, ""))


def named_library(home: Path | None = None, address: str = "", *, new: bool = False) -> Library:
    """Return where a library is, and refuse a name that is probably a typing error.

    Args:
        home: See `named_home`.
        address: See `data_library`.
        new: Whether the library may be made if it is not there.

    Raises:
        ShuttenError: The data folder does not exist.
    """
    return Library(named_home(home, new=new), address or os.environ.get(STORE, ""), new)


def data_home(home: Path | None = None) -> Path:
    """Return the data folder, which need not exist.

    Args:
        home: The folder, if the user named one. Otherwise it is `SHUTTEN_HOME`, or the data
            directory of the user.

    Raises:
        ShuttenError: `home` is empty.
    """
    if home is not None:
        if not str(home).strip():
            raise ShuttenError("--home is empty; give a folder")
        return home
    if folder := os.environ.get("SHUTTEN_HOME"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_data_dir("shutten", appauthor=False))


def named_home(home: Path | None = None, *, new: bool = False) -> Path:
    """Return the data folder, and refuse a name that is probably a typing error.

    A folder that the user named with `--home` or `SHUTTEN_HOME` must exist.

    Args:
        home: See `data_home`.
        new: Whether it is enough that the parent folder exists, because the folder may be created.

    Raises:
        ShuttenError: The folder does not exist.
    """
    folder = data_home(home)
    name = "--home" if home is not None else "SHUTTEN_HOME"
    if home is None and not os.environ.get(name):
        return folder
    if new and not os.path.exists(folder.parent):
        raise ShuttenError(f"{folder}: there is no folder {folder.parent}; check {name}")
    if not new and not os.path.exists(folder):
        raise ShuttenError(
            f"{folder}: there is no such data folder; check {name}, "
            "or make it with `shutten index add`"
        )
    return folder
