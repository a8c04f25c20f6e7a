"""Tables of data that lie as JSON files beside the modules that use them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def read_table(package: str, name: str) -> dict[str, Any]:
    """Read the JSON object in a data file of a package, without its key `about`.

    The value of `about` says what the table holds, for someone who reads the file.
    The file is read again at every call; callers keep the result.

    Args:
        package: Dotted name of the package that the file lies in; a module passes `__package__`.
        name: Name of the file, such as `places.json`.
    """
    table: dict[str, Any] = json.loads(files(package).joinpath(name).read_text("utf-8"))
    table.pop("about", None)
    return table
