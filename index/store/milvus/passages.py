"""The passages of a library on a server: they are read when they are compared with a question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.late_interaction.codes import TokenCodes
from index.ranges import Indices
from index.store.milvus.catalogue import damaged, read_blobs
from index.store.milvus.client import Client
from index.store.milvus.packing import StoredPassage, to_bytes, unpack_passage
from index.store.milvus.schema import Collections
from index.store.values import ChangedMeanwhileError

_REMEMBERED = 128_000_000  # bytes of passages that are kept

Place = tuple[int, int]  # the number of a statement, and that of the passage within it


class Passages:
    """Reads passages, and remembers the last ones. Any thread may use it.

    Args:
        client: The server.
        names: The collections.
    """

    def __init__(self, client: Client, names: Collections) -> None:
        self._client, self._names = client, names
        self._lock = threading.Lock()
        self._read: OrderedDict[Place, StoredPassage] = OrderedDict()
        self._size = 0

    def get(self, places: Sequence[Place]) -> list[StoredPassage]:
        """Return passages; those that are not remembered are read in one step.

        Raises:
            ChangedMeanwhileError: One is gone.
            ShuttenError: One is damaged, or the server does not answer.
        """
        with self._lock:
            found = {place: self._read[place] for place in places if place in self._read}
            for place in found:
                self._read.move_to_end(place)
        missing = [place for place in dict.fromkeys(places) if place not in found]
        if missing:
            read = self._fetch(missing)
            found |= read
            self._remember(read)
        return [found[place] for place in places]

    def read(self, places: Sequence[Place]) -> list[StoredPassage]:
        """Read passages without remembering them; see `get`."""
        read = self._fetch(places)
        return [read[place] for place in places]

    def _remember(self, read: Mapping[Place, StoredPassage]) -> None:
        with self._lock:
            for place, passage in read.items():
                if place not in self._read:
                    self._size += passage.size
                self._read[place] = passage
            while self._size > _REMEMBERED and len(self._read) > len(read):
                self._size -= self._read.popitem(last=False)[1].size

    def _fetch(self, places: Sequence[Place]) -> dict[Place, StoredPassage]:
        keys = [key_of(*place) for place in places]
        rows = self._client.get(self._names.passages, keys, ["key", "data"])
        data = {place_of(row["key"]): row["data"] for row in rows}
        passages: dict[Place, StoredPassage] = {}
        for place in places:
            if place not in data:
                raise ChangedMeanwhileError(
                    f"{self._client.address}: a passage is gone; ask again, and if that does not "
                    "help, run `shutten index check`"
                )
            try:
                passages[place] = unpack_passage(to_bytes(data[place]) or self._long(*place))
            except ValueError as error:
                raise damaged(self._client, place[0], error) from error
        return passages

    def _long(self, row: int, passage: int) -> bytes:
        """Return the bytes of a passage that does not fit into its row."""
        return read_blobs(self._client, self._names.rows, long_kind(passage), [row]).get(row, b"")


def key_of(row: int, passage: int) -> str:
    """Return the key of a passage."""
    return f"{row}.{passage}"


def place_of(key: str) -> Place:
    """Return the place that a key of a passage, or of one of its vectors, stands for."""
    row, passage, *_ = key.split(".")
    return int(row), int(passage)


def long_kind(passage: int) -> str:
    """Return the kind of the rows that hold a passage that is too long for one row."""
    return f"passage {passage}"


@dataclass(frozen=True, slots=True)
class RemoteTokens:
    """The tokens of all passages, as `NumberedTokens` and as `TokenSpans`.

    Attributes:
        passages: Reads passages.
        places: The place of each passage.
        first_tokens: i64 (passages + 1,), the number of the first token of each passage.
        dimension: How many numbers a vector has.
    """

    passages: Passages
    places: Sequence[Place]
    first_tokens: Indices
    dimension: int

    def fetch(self, begins: Indices, ends: Indices) -> None:
        """See `NumberedTokens.fetch`."""
        del ends
        self.passages.get([self.places[number] for number in np.unique(self._owners(begins))])

    def take(self, begins: Indices, ends: Indices) -> TokenCodes:
        """See `NumberedTokens.take`."""
        owners = self._owners(begins)
        read = self.passages.get([self.places[number] for number in owners.tolist()])
        bounds = np.stack([begins, ends], axis=1) - self.first_tokens[owners, None]
        parts = [
            (passage.encoding.tokens, slice(*own))
            for passage, own in zip(read, bounds.tolist(), strict=True)
        ]
        return TokenCodes(
            np.concatenate([tokens.codes[own] for tokens, own in parts]),
            np.concatenate([tokens.scales[own] for tokens, own in parts]),
        )

    def of(self, tokens: Indices) -> Indices:
        """See `TokenSpans.of`."""
        (owner,) = self._owners(tokens[:1]).tolist()
        (passage,) = self.passages.get([self.places[owner]])
        spans: Indices = passage.encoding.spans[tokens - self.first_tokens[owner]].astype(np.int64)
        return spans

    def _owners(self, tokens: Indices) -> Indices:
        """Return the passage of each token."""
        owners: Indices = np.searchsorted(self.first_tokens, tokens, "right") - 1
        return owners
