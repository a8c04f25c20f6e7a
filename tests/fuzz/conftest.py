"""What the fuzz tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parents[1] / "bench"))  # process.py

from doors import Door
from fuzzing import SECONDS, Fuzz
from process import serving
from serving import free_port

from web.security.accounts import add

NAME, PASSWORD = "太郎", "ひみつの言葉です"


@pytest.fixture(scope="session")
def fuzz(request: pytest.FixtureRequest) -> Fuzz:
    option = request.config.getoption
    return Fuzz(option("--fuzz-seed"), option("--fuzz-cases"), option("--fuzz-start"))


def pytest_report_header(config: pytest.Config) -> str:
    return "fuzz: seed {}, {} cases for each door".format(
        *map(config.getoption, ("--fuzz-seed", "--fuzz-cases"))
    )


@pytest.fixture(scope="session")
def door(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A server with everything on: tools for agents, and accounts, of which this is one."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts"
    add(accounts, NAME, PASSWORD)
    options = ["--port", str(free_port()), "--mcp", "--auth-file", str(accounts)]
    with (
        serving(home, *options) as server,
        httpx.Client(
            base_url=server.address,
            auth=(NAME.encode(), PASSWORD.encode()),
            timeout=2 * SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),  # each case comes by itself
        ) as client,
    ):
        yield Door(server, client)
