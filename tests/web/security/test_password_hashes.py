"""Hashes of both kinds can be checked. Hashes that are damaged or cost too much are recognised."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from web.security.password_hashes import hash_password, is_well_formed, matches

PASSWORD = "correct horse"
# An earlier version of the program made this hash.
OLD_HASH = (
    "scrypt$16384$8$1$e700012ba6c8de7d9374a6a827a0a192"
    "$1ba4fab4e328f462533021c5ba6c24833898e5cda11a6e31008f1689aab9940f"
)
SALT, KEY = "A" * 22, "A" * 43  # base64 of 16 and of 32 zero bytes


def argon2_hash(costs: str = "m=64,t=1,p=1", salt: str = SALT, key: str = KEY) -> str:
    return f"$argon2id$v=19${costs}${salt}${key}"


def scrypt_hash(costs: str = "2$1$1", salt: str = "00" * 16, key: str = "00" * 32) -> str:
    return f"scrypt${costs}${salt}${key}"


def test_a_new_hash_is_argon2id_and_salted() -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$v=19$")
    assert is_well_formed(stored)
    assert hash_password(PASSWORD) != stored
    assert extract_parameters(stored).memory_cost * 1024 <= 32_000_000


@pytest.mark.parametrize("stored", [hash_password(PASSWORD), OLD_HASH], ids=["argon2", "scrypt"])
def test_only_the_right_password_matches(stored: str) -> None:
    assert is_well_formed(stored)
    assert matches(stored, PASSWORD)
    for wrong in ("wrong horse", "", f"{PASSWORD} ", "ひみつの言葉です"):
        assert not matches(stored, wrong)


def test_a_hash_with_other_costs_can_be_checked() -> None:
    stored = PasswordHasher(time_cost=3, memory_cost=256, parallelism=4).hash(PASSWORD)
    assert is_well_formed(stored)
    assert matches(stored, PASSWORD)


@pytest.mark.parametrize(
    "stored",
    [
        argon2_hash(),
        argon2_hash("m=65536,t=9,p=9"),
        argon2_hash(salt="A" * 11),
        argon2_hash(salt="A" * 86),
        scrypt_hash("16384$8$1"),
        scrypt_hash(salt="00" * 8),
    ],
)
def test_hashes_within_the_limits_are_well_formed(stored: str) -> None:
    assert is_well_formed(stored)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "secret",
        "$argon2id$",
        argon2_hash().replace("argon2id", "argon2i"),
        argon2_hash().replace("$v=19", ""),
        argon2_hash().replace("v=19", "v=16"),
        argon2_hash() + "$",
        argon2_hash("m=65537,t=1,p=1"),
        argon2_hash("m=15,t=1,p=2"),
        argon2_hash("m=0,t=1,p=1"),
        argon2_hash("m=64,t=0,p=1"),
        argon2_hash("m=64,t=10,p=1"),
        argon2_hash("m=64,t=1,p=0"),
        argon2_hash(f"m={'9' * 5000},t=1,p=1"),
        argon2_hash("m=６４,t=1,p=1"),
        argon2_hash("t=1,m=64,p=1"),
        argon2_hash(salt="A" * 10),
        argon2_hash(salt="A" * 13),  # no whole number of bytes
        argon2_hash(salt="A" * 21 + "B"),  # bits beyond the last byte
        argon2_hash(salt="A" * 22 + "=="),
        argon2_hash(key="A" * 42 + "B"),
        argon2_hash(key="A" * 42),
        argon2_hash(key="A" * 42 + "!"),
        scrypt_hash("16383$8$1"),  # no power of two
        scrypt_hash("0$8$1"),
        scrypt_hash("16384$0$1"),
        scrypt_hash("16384$8$0"),
        scrypt_hash("1048576$8$1"),  # more memory than is allowed
        scrypt_hash(f"{'9' * 5000}$8$1"),
        scrypt_hash(salt="zz"),
        scrypt_hash(key="00" * 31),
    ],
)
def test_damaged_or_costly_hashes_are_not_well_formed(stored: str) -> None:
    assert not is_well_formed(stored)


@settings(deadline=None)
@given(st.integers(0, 200), st.characters(exclude_categories=["Cs"]))
def test_whatever_is_well_formed_can_be_checked(position: int, character: str) -> None:
    for stored in (argon2_hash(), scrypt_hash()):
        damaged = stored[:position] + character + stored[position + 1 :]
        if is_well_formed(damaged):
            assert not matches(damaged, PASSWORD)
