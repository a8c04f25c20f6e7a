"""Who may come in: names with hashed passwords in a file, asked for by HTTP Basic (RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import ShuttenError
from corpus.files import read_text, replacing, writable

# scrypt with 16 MB and 50 ms a guess (RFC 7914).
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_KEY, _MEMORY = 32, 2**26  # bytes
_FIGURE = re.compile(r"[0-9]{1,9}")
_WAIT = 30.0  # seconds for others who add an account


def hashed(password: str) -> str:
    """A password as it is kept: `scrypt$cost$block$parallel$salt$key`, the last two in hex."""
    salt = secrets.token_bytes(16)
    key = _derive(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${salt.hex()}${key.hex()}"


def _derive(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=parallel, dklen=_KEY, maxmem=_MEMORY
    )


class Accounts:
    """The names of a file and their passwords, as they are there now.

    Args:
        path: The file: lines that `add` wrote; blank ones and those with `#` are passed over.

    Raises:
        ShuttenError: It cannot be read, names nobody, or a line is no account.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._nobody = path, hashed(secrets.token_hex())
        self._salt = secrets.token_bytes(16)
        self._changed = _changed(path)
        self._kept = _read(path)
        self._known: set[bytes] = set()  # digests of headers that were right: scrypt is slow

    def remembers(self, header: str | None) -> bool:
        """Whether an `Authorization` header was right before, and the file is the same since."""
        self._look()
        return header is not None and self._digest(header) in self._known

    def admits(self, header: str | None) -> bool:
        """Whether an `Authorization` header has a name of the file and its password."""
        if not header:
            return False
        kept, known = self._kept, self._known
        name, password = credentials(header)
        # An unknown name takes as long as a wrong password.
        _, cost, block, parallel, salt, key = kept.get(name, self._nobody).split("$")
        found = _derive(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
        right = hmac.compare_digest(found, bytes.fromhex(key)) and name in kept
        if right:
            known.add(self._digest(header))
        return right

    def _look(self) -> None:
        """Read the file again when it was changed; nobody comes in while it cannot be read."""
        changed = _changed(self._path)
        if changed == self._changed:
            return
        try:
            kept = _read(self._path)
        except ShuttenError:
            kept = {}
        self._changed, self._kept, self._known = changed, kept, set()

    def _digest(self, header: str) -> bytes:
        return hashlib.blake2b(header.encode(), key=self._salt).digest()


def add(path: Path, name: str, password: str) -> None:
    """Add an account to a file, or change its password; the file is whole at any moment.

    Raises:
        ShuttenError: The name or the password cannot be used, or the file cannot.
    """
    usable = name and name == name.strip() and name.isprintable()
    if not usable or ":" in name or name.startswith("#"):
        raise ShuttenError(f"{name!r} cannot be a name; use one without colon, # or outer spaces")
    if len(password) < 8:
        raise ShuttenError("the password is too short; use 8 characters or more")
    if not _encodes(password):
        raise ShuttenError("the password is not UTF-8; type it in a terminal that is set to UTF-8")
    entry = f"{name}:{hashed(password)}"
    target = writable(path)
    try:
        with FileLock(target.with_name(target.name + ".lock"), timeout=_WAIT):
            lines = _lines(path) if path.exists() else []
            lines = [line for line in lines if line.partition(":")[0] != name]
            with replacing(target, 0o600) as file:
                file.write(("\n".join([*lines, entry]) + "\n").encode())
    except Timeout:
        raise ShuttenError(f"{path}: somebody else is changing it; try again") from None
    except OSError as error:
        raise ShuttenError(f"{path}: {error.strerror or error}; check the path") from None


def _encodes(text: str) -> bool:
    """Whether a text can be written as UTF-8: it has no surrogate code points."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _changed(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _lines(path: Path) -> list[str]:
    return read_text(path).splitlines()


def _read(path: Path) -> dict[str, str]:
    kept: dict[str, str] = {}
    for number, line in enumerate(_lines(path), 1):
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
    return kept


def _well_formed(value: str) -> bool:
    kind, *rest = value.split("$")
    if kind != "scrypt" or len(rest) != 5 or not all(map(_FIGURE.fullmatch, rest[:3])):
        return False
    cost, block, parallel = map(int, rest[:3])
    # What scrypt takes (RFC 7914, section 2), and no more memory than `_derive` allows.
    if cost < 2 or cost & (cost - 1) or not block or not parallel:
        return False
    if 128 * block * (cost + parallel + 2) > _MEMORY:
        return False
    try:
        return len(bytes.fromhex(rest[3])) >= 8 and len(bytes.fromhex(rest[4])) == _KEY
    except ValueError:
        return False


def credentials(header: str) -> tuple[str, str]:
    """The name and the password of an `Authorization` header; both are empty if it has none."""
    kind, _, value = header.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = text.partition(":")
    return (name, password) if kind.lower() == "basic" else ("", "")
