"""The options of the fuzz tests, and the server that they send to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "bench"))  # process.py

from checked_server import CheckedServer
from fuzzing import MAX_SECONDS, Fuzz
from process import running_server
from serving import free_port

from web.security.accounts import add

NAME, PASSWORD = "太郎", "ひみつの言葉です"


@pytest.fixture(scope="session")
def fuzz(request: pytest.FixtureRequest) -> Fuzz:
    option = request.config.getoption
    return Fuzz(option("--fuzz-seed"), option("--fuzz-cases"), option("--fuzz-start"))


def pytest_report_header(config: pytest.Config) -> str:
    seed, cases = map(config.getoption, ("--fuzz-seed", "--fuzz-cases"))
    return f"fuzz: seed {seed}, {cases} cases for each interface"


@pytest.fixture(scope="session")
def checked_server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckedServer]:
    """A server with accounts and the tools for agents, and a client with an account."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts"
    add(accounts, NAME, PASSWORD)
    options = ["--port", str(free_port()), "--mcp", "--auth-file", str(accounts)]
    with (
        running_server(home, *options) as server,
        httpx.Client(
            base_url=server.address,
            auth=(NAME.encode(), PASSWORD.encode()),
            timeout=2 * MAX_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),  # a connection for each case
        ) as client,
    ):
        yield CheckedServer(server, client)
