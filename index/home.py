"""Where the data folder is."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import ShuttenError


def data_home(home: Path | None = None) -> Path:
    """The data folder: the one given, else `SHUTTEN_HOME`, else the user's data directory."""
    if home is not None:
        if not str(home).strip():
            raise ShuttenError("--home is empty; give a folder")
        return home
    if given := os.environ.get("SHUTTEN_HOME"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("shutten", appauthor=False))


def named_home(home: Path | None = None, *, new: bool = False) -> Path:
    """The data folder, which must be there if it was named: a typing error makes no folder.

    Args:
        home: The folder that was given; else see `data_home`.
        new: Whether it may be made, in a folder that is there.

    Raises:
        ShuttenError: It is not there.
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
