"""Accounts: names and password hashes in a file, checked by HTTP Basic (RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import ShuttenError
from corpus.files import read_text, replacing, writable_target
from web.security.password_hashes import hash_password, is_well_formed, matches

_LOCK_SECONDS = 30.0  # how long `add` waits while another process changes the file


class Accounts:
    """The accounts of a file. A change of the file takes effect at the next request.

    Args:
        path: The file. Each line is one that `add` wrote, a blank line, or a comment after `#`.

    Raises:
        ShuttenError: The file cannot be read, has no account, or has a line that is no account.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest_key = secrets.token_bytes(16)
        self._version = _file_version(path)
        self._hashes = _read_hashes(path)
        # Digests of the headers that were right: a password hash takes too long for each request.
        self._accepted: set[bytes] = set()

    def remembers(self, header: str | None) -> bool:
        """Tell whether an `Authorization` header was right before and the file is unchanged."""
        self._reload_if_changed()
        return header is not None and self._digest(header) in self._accepted

    def admits(self, header: str | None) -> bool:
        """Tell whether an `Authorization` header holds a name of the file and its password."""
        # Another thread may reload the file meanwhile and replace both.
        hashes, accepted = self._hashes, self._accepted
        if not header or not hashes:
            return False
        name, password = credentials(header)
        stored = hashes.get(name) or self._stand_in(name, hashes)
        is_right = matches(stored, password) and name in hashes
        if is_right:
            accepted.add(self._digest(header))
        return is_right

    def _stand_in(self, name: str, hashes: Mapping[str, str]) -> str:
        """Return the hash that an unknown name is checked against, the same one each time.

        It is a hash of the file, so that an unknown name takes as long as a wrong password does,
        also where some hashes take longer than others.
        """
        index = int.from_bytes(self._digest(name)) % len(hashes)
        return list(hashes.values())[index]

    def _reload_if_changed(self) -> None:
        """Read the file again if it was changed. If that fails, no account is valid any more."""
        version = _file_version(self._path)
        if version == self._version:
            return
        try:
            hashes = _read_hashes(self._path)
        except ShuttenError:
            hashes = {}
        self._version, self._hashes, self._accepted = version, hashes, set()

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._digest_key).digest()


def add(path: Path, name: str, password: str) -> None:
    """Add an account to a file, or change its password. The file is complete at every moment.

    Raises:
        ShuttenError: The name or the password is not allowed, or the file cannot be changed.
    """
    is_usable = name and name == name.strip() and name.isprintable()
    if not is_usable or ":" in name or name.startswith("#"):
        raise ShuttenError(f"{name!r} cannot be a name; use one without colon, # or outer spaces")
    if len(password) < 8:
        raise ShuttenError("the password is too short; use 8 characters or more")
    if not _is_utf8(password):
        raise ShuttenError("the password is not UTF-8; type it in a terminal that is set to UTF-8")
    entry = f"{name}:{hash_password(password)}"
    target = writable_target(path)
    try:
        with FileLock(target.with_name(target.name + ".lock"), timeout=_LOCK_SECONDS):
            lines = _lines(path) if path.exists() else []
            lines = [line for line in lines if line.partition(":")[0] != name]
            with replacing(target, 0o600) as file:
                file.write(("\n".join([*lines, entry]) + "\n").encode())
    except Timeout:
        raise ShuttenError(f"{path}: somebody else is changing it; try again") from None
    except OSError as error:
        raise ShuttenError(f"{path}: {error.strerror or error}; check the path") from None


def credentials(header: str) -> tuple[str, str]:
    """Return the name and the password of an `Authorization` header; empty if it has none."""
    kind, _, value = header.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = text.partition(":")
    return (name, password) if kind.lower() == "basic" else ("", "")


def _is_utf8(text: str) -> bool:
    """Tell whether a text can be written as UTF-8: it has no surrogate code points."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _file_version(path: Path) -> tuple[int, int, int] | None:
    """Return values that differ after each change of a file; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _lines(path: Path) -> list[str]:
    return read_text(path).splitlines()


def _read_hashes(path: Path) -> dict[str, str]:
    """Read the password hash of each name."""
    hashes: dict[str, str] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        if not name or not is_well_formed(stored):
            raise ShuttenError(
                f"{path}, line {number}: not an account; "
                "add one with `shutten chat --add-user NAME --auth-file FILE`"
            )
        hashes[name] = stored
    if not hashes:
        raise ShuttenError(f"{path}: nobody is named there; nobody could come in")
    return hashes
