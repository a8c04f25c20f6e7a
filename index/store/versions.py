"""Decides whether this program can open a database, by the data version in it."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import ShuttenError
from index.store import schema


class OutdatedError(ShuttenError):
    """An older version made the data folder, and this one can rebuild it."""


def refuse_version(path: Path, version: str, *, has_statements: bool, any_version: bool) -> None:
    """Raise an error where a database cannot be opened.

    Args:
        path: The database.
        version: The data version in it. It is empty where none is stored.
        has_statements: Whether the database has the table `statements`.
        any_version: Whether older and unknown versions may be opened, too.

    Raises:
        OutdatedError: An older version made it.
        ShuttenError: A newer version or another program made it, or the version is damaged.
    """
    if version == str(schema.SCHEMA_VERSION):
        return
    versions = f"(data version {version or 'unknown'}, this one reads {schema.SCHEMA_VERSION})"
    if version.isdecimal() and int(version) > schema.SCHEMA_VERSION:
        advice = f"made by a newer Shutten {versions}; upgrade Shutten or choose another --home"
        raise ShuttenError(f"{path}: {advice}")
    if not has_statements:
        advice = "move it away and add the statements again, or choose another --home"
        raise ShuttenError(f"{path}: not made by this Shutten {versions}; {advice}")
    if any_version:
        return
    if version in schema.OLDER_VERSIONS:
        advice = f"made by an older Shutten {versions}; run `shutten index rebuild`"
        raise OutdatedError(f"{path}: {advice}")
    raise ShuttenError(f"{path}: damaged {versions}; run `shutten index rebuild`")
