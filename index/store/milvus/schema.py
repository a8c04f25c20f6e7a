"""The collections of a library on a Milvus server.

Milvus has no transactions. So the rows of a statement are written first, under a number that no
other statement has, and one row that names this number is written last. A statement is there as
soon as that row is, and all its rows with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.errors import ShuttenError
from index.store.milvus.client import Client

VERSION = "2"  # Raise it when a field changes, or what is in it.
VERSION_SETTING = "store"  # the setting that holds it
MOST_BYTES = 65_535  # of a text in a row, as Milvus limits it
LONGEST_ID, MOST_PARTIES = 1024, 400
_KEY, _SHORT, _LANGUAGE, _DATE, _PARTY = 64, 32, 16, 10, 64  # bytes
NO_VECTOR = 2  # numbers. A collection must have vectors, also one that is not searched by them.


@dataclass(frozen=True, slots=True)
class Collections:
    """The names of the collections of a library.

    Attributes:
        passages: One row for each passage: its words, and what the model made of it.
        vectors: One row for each vector by which a passage is found.
        rows: All else, in rows of different kinds: statements, their texts, settings.
    """

    passages: str
    vectors: str
    rows: str

    @classmethod
    def of(cls, library: str) -> Collections:
        """Return the names for a library."""
        return cls(f"{library}_passages", f"{library}_vectors", f"{library}_rows")

    def all(self) -> tuple[str, ...]:
        """Return all names."""
        return self.passages, self.vectors, self.rows


def create(client: Client, names: Collections, dimension: int, *, words: bool) -> None:
    """Create the collections, unless they are there.

    Args:
        client: The server.
        names: Their names.
        dimension: How many numbers a vector of the model has.
        words: Whether the passages get sparse vectors of their words; see `has_words`.

    Raises:
        ShuttenError: They were made for vectors of another length.
    """
    from pymilvus import DataType

    text, whole = DataType.VARCHAR, DataType.INT64
    key = {"field_name": "key", "datatype": text, "is_primary": True, "max_length": _KEY}
    # The facts of the statement, by which rows can be chosen.
    facts: list[dict[str, Any]] = [
        {"field_name": "statement", "datatype": whole},
        {"field_name": "id", "datatype": text, "max_length": LONGEST_ID},
        {"field_name": "date", "datatype": text, "max_length": _DATE},
        {"field_name": "language", "datatype": text, "max_length": _LANGUAGE},
        {
            "field_name": "parties",
            "datatype": DataType.ARRAY,
            "element_type": text,
            "max_capacity": MOST_PARTIES,
            "max_length": _PARTY,
        },
    ]
    data = {"field_name": "data", "datatype": text, "max_length": MOST_BYTES}
    sparse = {"field_name": "words", "datatype": DataType.SPARSE_FLOAT_VECTOR}
    wording = {"field_name": "wording", "datatype": text, "max_length": _SHORT}
    vector = {"field_name": "vector", "datatype": DataType.FLOAT_VECTOR, "dim": dimension}
    none = {"field_name": "vector", "datatype": DataType.FLOAT_VECTOR, "dim": NO_VECTOR}
    kind = {"field_name": "kind", "datatype": text, "max_length": _SHORT}
    number = {"field_name": "number", "datatype": whole}
    flat = {"field_name": "vector", "index_type": "FLAT", "metric_type": "IP"}
    by_words = {
        "field_name": "words",
        "index_type": "SPARSE_INVERTED_INDEX",
        "metric_type": "IP",
    }
    client.create(names.rows, [key, kind, facts[0], number, data, none], [flat])
    searched, by = (sparse, by_words) if words else (none, flat)
    client.create(names.passages, [key, *facts, wording, searched, data], [by])
    client.create(names.vectors, [key, *facts, vector], [flat])
    found = int(client.fields(names.vectors)["vector"]["params"]["dim"])
    if found != dimension:
        raise ShuttenError(
            f"{client.address}: its vectors have {found} numbers, those of the model {dimension}; "
            "choose the model that it was made with, or another name for the library"
        )


def has_words(client: Client, names: Collections) -> bool:
    """Return whether the passages of a library have sparse vectors of their words.

    Of a library that is not there yet, this tells whether the server can store such vectors.
    """
    if client.has(names.passages):
        return "words" in client.fields(names.passages)
    return client.has_sparse_vectors()


def exist(client: Client, names: Collections) -> bool:
    """Return whether the library is on the server. The collection of its rows is made first.

    Raises:
        ShuttenError: Another program made a collection of that name, or another Shutten did.
    """
    if not client.has(names.rows):
        return False
    if {"key", "kind", "statement", "number", "data"} - client.fields(names.rows).keys():
        raise ShuttenError(
            f"{client.address}: the collection {names.rows} is none of Shutten; choose another name"
        )
    found = client.get(names.rows, [setting_key(VERSION_SETTING)], ["data"])
    if found and found[0]["data"] != VERSION:
        raise ShuttenError(
            f"{client.address}: made by another Shutten (store version {found[0]['data']}, this "
            f"one reads {VERSION}); copy it with that one to a data folder, and from there anew"
        )
    return client.has(names.vectors)


def setting_key(name: str) -> str:
    """Return the key of the row of a setting."""
    return f"meta.{name}"
