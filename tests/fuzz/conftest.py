"""What the fuzz tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "bench"))  # process.py

from fuzzing import Fuzz


@pytest.fixture(scope="session")
def fuzz(request: pytest.FixtureRequest) -> Fuzz:
    option = request.config.getoption
    return Fuzz(option("--fuzz-seed"), option("--fuzz-cases"), option("--fuzz-start"))


def pytest_report_header(config: pytest.Config) -> str:
    return "fuzz: seed {}, {} cases for each door".format(
        *map(config.getoption, ("--fuzz-seed", "--fuzz-cases"))
    )
