"""Calls a Milvus server: with time limits, again where that helps, and with errors of one line."""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.errors import ShuttenError
from index.store.milvus.address import Address
from index.store.values import UnreachableError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

TOKEN = "SHUTTEN_STORE_TOKEN"  # noqa: S105, the name of a variable: user:password, or a key
_SECONDS = 10.0  # that a call may take
_WRITE_SECONDS = 60.0
_PATIENCE = 15.0  # after which no call is tried again
_PAUSES = (0.1, 0.3, 1.0, 2.0)  # seconds before a call is tried again, about
_JITTER = 0.5  # share by which a pause differs, so that many clients do not come at once
_PAGE = 1000  # rows that are asked for at once
_BYTES = 8_000_000  # that are sent at once; servers take 64 MB
_NOT_LOADED = (101, 106)  # codes of errors: the collection is not in the memory of the server
_TOO_MANY_CALLS = 8
_FIRST_SPARSE = (2, 4)  # the first version with sparse vectors
_CANNOT_CONNECT = "Fail connecting"
_PASSING = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED")

# A server that is back is found soon: gRPC would wait up to two minutes before it looks again, also
# for a new connection, since connections to one address share this waiting.
_CHANNEL = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.min_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
}

Row = dict[str, Any]


class Hit(NamedTuple):
    """A row that was found.

    Attributes:
        key: Its key.
        product: The inner product of its vector and the one that was looked for.
    """

    key: str
    product: float


class Client:
    """A connection to a server, which any thread may use.

    Each call is tried again a few times if the server does not answer, since it may be restarting.
    So only calls are made that do the same when they are made twice.

    Args:
        address: The address of the library.

    Raises:
        ShuttenError: The package for Milvus is not installed.
    """

    def __init__(self, address: Address) -> None:
        if find_spec("pymilvus") is None:
            raise ShuttenError(
                f"{address}: the package for Milvus is missing; add it with "
                '`pip install "shutten[milvus]"`'
            )
        self.address = address
        self._client: MilvusClient | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    # -- collections --------------------------------------------------------------------------

    def has(self, collection: str) -> bool:
        """Return whether there is a collection."""
        return bool(self._call("has_collection", collection))

    def has_sparse_vectors(self) -> bool:
        """Return whether the server has sparse vectors, which Milvus got with version 2.4."""
        version = re.match(r"v?(\d+)\.(\d+)", self._call("get_server_version"))
        return version is None or tuple(map(int, version.groups())) >= _FIRST_SPARSE

    def create(self, collection: str, fields: Sequence[Row], indexes: Sequence[Row]) -> None:
        """Create a collection, unless it is there.

        Args:
            collection: Its name.
            fields: The arguments of `CollectionSchema.add_field` for each field.
            indexes: The arguments of `IndexParams.add_index` for each index.
        """
        if self.has(collection):
            return
        client = self._connected()
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in fields:
            schema.add_field(**field)
        params = client.prepare_index_params()
        for index in indexes:
            params.add_index(**index)
        try:
            self._call(
                *("create_collection", collection),
                schema=schema,
                index_params=params,
                consistency_level="Strong",
                num_shards=1,
                timeout=_WRITE_SECONDS,
            )
        except ShuttenError:
            # Another process may be making it this moment.
            if not any(self._has_after(collection, pause) for pause in _PAUSES):
                raise

    def _has_after(self, collection: str, seconds: float) -> bool:
        time.sleep(seconds)
        return self.has(collection)

    def drop(self, collection: str) -> None:
        """Delete a collection, if it is there."""
        self._call("drop_collection", collection, timeout=_WRITE_SECONDS)

    def fields(self, collection: str) -> dict[str, Row]:
        """Return the fields of a collection by their names, as Milvus describes them."""
        described = self._call("describe_collection", collection)
        return {field["name"]: field for field in described["fields"]}

    # -- rows ---------------------------------------------------------------------------------

    def put(self, collection: str, rows: Sequence[Row], size: int = 1000) -> None:
        """Store rows, each in the place of the one with the same key if there is one.

        Args:
            collection: The collection.
            rows: The rows.
            size: About how many bytes a row has.
        """
        step = max(1, _BYTES // size)
        for first in range(0, len(rows), step):
            self._call(
                "upsert", collection, list(rows[first : first + step]), timeout=_WRITE_SECONDS
            )

    def delete(self, collection: str, condition: str) -> None:
        """Delete the rows that fulfil a condition."""
        self._call("delete", collection, filter=condition, timeout=_WRITE_SECONDS)

    def flush(self, collection: str) -> None:
        """Let the server index the rows that it only collected so far."""
        self._call("flush", collection, timeout=_WRITE_SECONDS)

    def get(self, collection: str, keys: Sequence[str], fields: Sequence[str]) -> list[Row]:
        """Return the rows with some keys; those that there are."""
        rows: dict[str, Row] = {}
        for first in range(0, len(keys), _PAGE):
            ids = list(keys[first : first + _PAGE])
            found = self._call(
                "get", collection, ids, loaded=collection, output_fields=list(fields)
            )
            rows |= {str(row["key"]): dict(row) for row in found}
        return list(rows.values())

    def rows(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that fulfil a condition, in the order of their keys.

        A server that was killed may hold a row twice that was being written; it comes once.
        """
        before = ""
        pages = self._call(
            *("query_iterator", collection),
            loaded=collection,
            batch_size=_PAGE,
            filter=condition,
            output_fields=list(fields),
        )
        try:
            while page := self._tried(pages.next, collection):
                for row in page:
                    if row["key"] != before:
                        yield dict(row)
                    before = row["key"]
        finally:
            pages.close()

    def count(self, collection: str, condition: str = "") -> int:
        """Return how many rows fulfil a condition; all rows if it is empty."""
        (row,) = self._call(
            *("query", collection),
            loaded=collection,
            filter=condition,
            output_fields=["count(*)"],
        )
        return int(row["count(*)"])

    def nearest(
        self, collection: str, field: str, vector: object, limit: int, condition: str = ""
    ) -> list[Hit]:
        """Return the rows with the highest inner product, highest first.

        Args:
            collection: The collection.
            field: The field of the vectors.
            vector: A list of numbers, or numbers by their places where the vectors are sparse.
            limit: How many rows at most.
            condition: The rows that may be found; all if it is empty.
        """
        (found,) = self._call(
            *("search", collection),
            loaded=collection,
            data=[vector],
            anns_field=field,
            limit=limit,
            filter=condition,
            search_params={"metric_type": "IP"},
            output_fields=[],
        )
        # Servers before 2.4 do not say how the key is called, and then it is `id`.
        keys = (hit["key"] if "key" in hit else hit["id"] for hit in found)
        return [Hit(str(key), float(hit["distance"])) for key, hit in zip(keys, found, strict=True)]

    # -- calls --------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        *args: Any,
        timeout: float = _SECONDS,
        loaded: str = "",
        **options: Any,
    ) -> Any:
        """Call a method of the client; see `_tried`."""
        return self._tried(
            lambda: getattr(self._connected(), method)(*args, timeout=timeout, **options), loaded
        )

    def _tried(self, call: Callable[[], Any], loaded: str = "") -> Any:
        """Call a function, again if the server does not answer.

        Args:
            call: The function.
            loaded: The collection that must be in the memory of the server, if any. A server that
                was started again has none there.

        Raises:
            UnreachableError: The server does not answer, also after some tries.
            ShuttenError: The server refuses.
        """
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        begun = time.monotonic()
        for pause in (*_PAUSES, None):
            try:
                return call()
            except (MilvusException, RpcError) as error:
                failure = error
            if loaded and getattr(failure, "code", None) in _NOT_LOADED:
                self._call("load_collection", loaded, timeout=_WRITE_SECONDS)
                continue
            if not _is_passing(failure):
                raise ShuttenError(f"{self.address}: Milvus says: {_line(failure)}") from failure
            # A new connection is made next, since a broken one waits longer and longer before it
            # looks again. Other threads may still use it, so that it is not closed.
            self._client = None
            if pause is None or time.monotonic() - begun > _PATIENCE:
                break
            time.sleep(pause * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311
        raise UnreachableError(
            f"{self.address}: the Milvus server does not answer ({_line(failure)}); start it, or "
            "check the address and the network"
        ) from failure

    def _connected(self) -> MilvusClient:
        if self._client is None:
            # It writes each failed try to the log, with its traceback.
            logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)
            from pymilvus import MilvusClient

            self._client = MilvusClient(
                self.address.url,
                token=os.environ.get(TOKEN, ""),
                timeout=_SECONDS,
                dedicated=True,
                grpc_options=_CHANNEL,
            )
        return self._client


def quoted(text: str) -> str:
    """Return a text as it is written in a condition."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_passing(error: Exception) -> bool:
    """Return whether the same call may succeed soon."""
    text = f"{error} {getattr(error, 'code', '')}"
    return (
        getattr(error, "code", None) == _TOO_MANY_CALLS
        or _CANNOT_CONNECT in text
        or any(status in text for status in _PASSING)
    )


def _line(error: Exception) -> str:
    """Return the message of an error on one line, not too long."""
    message = " ".join(str(getattr(error, "message", "") or error).split())
    return message if len(message) <= 200 else f"{message[:199]}…"
