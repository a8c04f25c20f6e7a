"""Finds the data folder."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import ShuttenError


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
