"""The address of a library on a Milvus server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.errors import ShuttenError

PORT = 19530  # where Milvus listens unless it is told otherwise
# Milvus allows 255 characters; the names of our collections begin with this one.
_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_ADDRESS = re.compile(
    r"(?P<scheme>milvus|milvuss)://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::(?P<port>\d{1,5}))?"
    r"/(?P<collection>[^/\s]*)/?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a library is, on a Milvus server.

    Attributes:
        host: The name or number of the server.
        port: Its port.
        collection: What the names of the collections of the library begin with.
        secure: Whether the connection is encrypted (TLS).
    """

    host: str
    port: int
    collection: str
    secure: bool = False

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address such as `milvus://localhost:19530/library`.

        The scheme `milvuss` stands for an encrypted connection.

        Raises:
            ShuttenError: It is no such address.
        """
        match = _ADDRESS.fullmatch(text)
        port = int((match and match["port"]) or PORT)
        if match is None or not 0 < port < 2**16:
            raise ShuttenError(f"{text!r} is no address of a store; write milvus://HOST:PORT/NAME")
        if not _COLLECTION.fullmatch(match["collection"]):
            raise ShuttenError(
                f"{text!r}: {match['collection']!r} cannot name a library on Milvus; take Latin "
                "letters, digits and _, with a letter first"
            )
        return cls(match["host"], port, match["collection"], match["scheme"] == "milvuss")

    def __str__(self) -> str:
        scheme = "milvuss" if self.secure else "milvus"
        return f"{scheme}://{self.host}:{self.port}/{self.collection}"

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"
