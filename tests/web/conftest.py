"""A server of the bundled statement, with the tools for agents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import served

from qa.assistant import Assistant


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant, mcp=True) as address:
        yield address
