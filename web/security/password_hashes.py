"""Password hashes. New hashes are made with argon2id; older scrypt hashes can still be checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

# One hash takes about 50 ms and 28 MiB, more of both than the least that OWASP recommends
# (Password Storage Cheat Sheet: 19 MiB and two passes).
_ARGON2 = PasswordHasher(time_cost=2, memory_cost=28 * 1024, parallelism=1)
_ARGON2_HASH = re.compile(
    r"\$argon2id\$v=19\$m=([1-9][0-9]{0,5}),t=[1-9],p=([1-9])"
    r"\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})"  # salt of 8 to 64 bytes, key of 32 bytes
)
_SCRYPT_NUMBER = re.compile(r"[0-9]{1,9}")
_SCRYPT_KEY = 32  # bytes
_MAX_MEMORY = 2**26  # bytes that one check may take


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with a new random salt, in the PHC string format."""
    return _ARGON2.hash(password)


def matches(stored: str, password: str) -> bool:
    """Tell whether a password belongs to a stored hash for which `is_well_formed` is true."""
    if stored.startswith("scrypt$"):
        return _matches_scrypt(stored, password)
    try:
        return _ARGON2.verify(stored, password)
    except VerifyMismatchError:
        return False


def is_well_formed(stored: str) -> bool:
    """Tell whether a stored hash can be checked within the limits on memory."""
    return _is_argon2(stored) or _is_scrypt(stored)


def _is_argon2(stored: str) -> bool:
    match = _ARGON2_HASH.fullmatch(stored)
    if not match:
        return False
    memory, lanes, salt, key = match.groups()  # the memory is in KiB
    # RFC 9106, section 3.1: each lane needs 8 KiB at least.
    fits = 8 * int(lanes) <= int(memory) <= _MAX_MEMORY // 1024
    return fits and _is_base64(salt) and _is_base64(key)


def _is_base64(text: str) -> bool:
    """Tell whether a text is base64 without padding, whose unused last bits are zero."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return False
    return base64.b64encode(data).decode().rstrip("=") == text


def _matches_scrypt(stored: str, password: str) -> bool:
    """Check a hash of the form `scrypt$cost$block$parallel$salt$key`, with the last two in hex."""
    _, cost, block, parallel, salt, key = stored.split("$")
    derived = hashlib.scrypt(
        password.encode(),
        salt=bytes.fromhex(salt),
        n=int(cost),
        r=int(block),
        p=int(parallel),
        dklen=_SCRYPT_KEY,
        maxmem=_MAX_MEMORY,
    )
    return hmac.compare_digest(derived, bytes.fromhex(key))


def _is_scrypt(stored: str) -> bool:
    kind, *fields = stored.split("$")
    if kind != "scrypt" or len(fields) != 5 or not all(map(_SCRYPT_NUMBER.fullmatch, fields[:3])):
        return False
    cost, block, parallel = map(int, fields[:3])
    # What scrypt accepts (RFC 7914, section 2), and no more memory than `hashlib` may take.
    if cost < 2 or cost & (cost - 1) or not block or not parallel:
        return False
    if 128 * block * (cost + parallel + 2) > _MAX_MEMORY:
        return False
    try:
        return len(bytes.fromhex(fields[3])) >= 8 and len(bytes.fromhex(fields[4])) == _SCRYPT_KEY
    except ValueError:
        return False
