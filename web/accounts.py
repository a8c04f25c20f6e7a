"""Who may come in: names with hashed passwords in a file, asked for by HTTP Basic (RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from corpus.errors import ShuttenError

# scrypt with 16 MB and 50 ms a guess (RFC 7914).
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_KEY = 32  # bytes


def hashed(password: str) -> str:
    """A password as it is kept: `scrypt$cost$block$parallel$salt$key`, the last two in hex."""
    salt = secrets.token_bytes(16)
    key = _derive(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${salt.hex()}${key.hex()}"


def _derive(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=parallel, dklen=_KEY, maxmem=2**26
    )


class Accounts:
    """The names of a file and their passwords.

    Args:
        kept: What `hashed` gave, by name.
    """

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = dict(kept)
        self._known: set[bytes] = set()  # digests of headers that were right: scrypt is slow
        self._salt = secrets.token_bytes(16)
        self._nobody = hashed(secrets.token_hex())

    @classmethod
    def load(cls, path: Path) -> Accounts:
        """Read a file of `name:scrypt$…` lines; blank ones and those with `#` are passed over.

        Raises:
            ShuttenError: It cannot be read, names nobody, or a line is none of these.
        """
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise ShuttenError(f"{path}: {error.strerror or error}; check the path") from None
        except UnicodeDecodeError:
            raise ShuttenError(f"{path}: not UTF-8; save it as UTF-8") from None
        kept: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, value = line.strip().partition(":")
            if not name or not _well_formed(value):
                raise ShuttenError(
                    f"{path}, line {number}: not an account; "
                    "add one with `shutten chat --add-user NAME --auth-file FILE`"
                )
            kept[name] = value
        if not kept:
            raise ShuttenError(f"{path}: nobody is named there; nobody could come in")
        return cls(kept)

    def admits(self, header: str | None) -> bool:
        """Whether an `Authorization` header has a name of the file and its password.

        A header that was right before is known again at once; any other takes as long as scrypt.
        """
        if not header:
            return False
        digest = hashlib.blake2b(header.encode(), key=self._salt).digest()
        if digest in self._known:
            return True
        name, password = _credentials(header)
        # An unknown name takes as long as a wrong password.
        kept = self._kept.get(name, self._nobody)
        _, cost, block, parallel, salt, key = kept.split("$")
        found = _derive(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
        right = hmac.compare_digest(found, bytes.fromhex(key)) and name in self._kept
        if right:
            self._known.add(digest)
        return right


def add(path: Path, name: str, password: str) -> None:
    """Add an account to a file, or change its password; the file is whole at any moment.

    Raises:
        ShuttenError: The name or the password cannot be used, or the file cannot.
    """
    if not name or ":" in name or name != name.strip() or not name.isprintable():
        raise ShuttenError(f"{name!r} cannot be a name; use one without colons or spaces around it")
    if len(password) < 8:
        raise ShuttenError("the password is too short; use 8 characters or more")
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        lines = [line for line in lines if line.partition(":")[0] != name]
        text = "\n".join([*lines, f"{name}:{hashed(password)}"]) + "\n"
        beside = path.with_name(path.name + ".part")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode())
        os.replace(beside, path)
    except OSError as error:
        raise ShuttenError(f"{path}: {error.strerror or error}; check the path") from None


def _well_formed(value: str) -> bool:
    kind, *rest = value.split("$")
    if kind != "scrypt" or len(rest) != 5 or not all(part.isdecimal() for part in rest[:3]):
        return False
    try:
        return len(bytes.fromhex(rest[3])) >= 8 and len(bytes.fromhex(rest[4])) == _KEY
    except ValueError:
        return False


def _credentials(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = text.partition(":")
    return (name, password) if kind.lower() == "basic" else ("", "")
