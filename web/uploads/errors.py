"""The error of a request that cannot be served, with its status and the field that is wrong."""

from __future__ import annotations

from corpus.errors import ShuttenError


class RefusedError(ShuttenError):
    """A request is refused.

    Attributes:
        status: The status of the reply.
        field: The name of the fact that is wrong; empty if it is no fact.
    """

    def __init__(self, status: int, line: str, field: str = "") -> None:
        super().__init__(line)
        self.status, self.field = status, field
