"""The two systems that are compared. Their commands run in fresh processes."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from processes import run_python, start_python
from project import ROOT

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """A process that has ended.

    Attributes:
        seconds: From its start to its end.
        peak: The most memory that it had, in MB (10^6 bytes).
        output: What it printed.
    """

    seconds: float
    peak: float
    output: str


@dataclass(frozen=True)
class System:
    """A system that answers questions over the statements in a data folder.

    Attributes:
        name: Its name in the report.
        add: What follows `python` to add files. The data folder and the files come after it.
        answer: The same to answer one question. The data folder and the question come after it.
        ask: The same to ask many. The data folder and the file with questions come after it.
        propose: The same to compare candidates with an exhaustive search; empty for a system that
            compares everything.
        checkout: The folder whose code is run.
    """

    name: str
    add: tuple[str, ...]
    answer: tuple[str, ...]
    ask: tuple[str, ...]
    propose: tuple[str, ...]
    checkout: Path

    def run(self, command: tuple[str, ...], home: Path, *arguments: object) -> Run:
        """Run a command in a fresh process, and return its time, its memory and what it printed.

        Raises:
            RuntimeError: The command failed. Its exit code may be 1, if it printed something.
        """
        places = {"PYTHONPATH": str(self.checkout), "HF_HUB_OFFLINE": "1"}
        with tempfile.TemporaryFile("w+") as errors:
            start = time.perf_counter()
            process = start_python(
                *(*command, home, *arguments),
                cwd=self.checkout,
                env=os.environ | places,
                stderr=errors,
            )
            assert process.stdout
            with process.stdout as pipe:
                output = pipe.read()
            # The kernel counts what this process had when it began the other one, so it is small.
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, 1) or not output:
                errors.seek(0)
                raise RuntimeError(errors.read())
        # Linux counts in KiB, macOS in bytes.
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(seconds, usage.ru_maxrss * unit / 1e6, output)


def shutten(checkout: Path = ROOT) -> System:
    """Return Shutten, as the code of a checkout."""
    return System(
        "Shutten",
        ("-m", "cli", "index", "add", "--home"),
        ("-m", "cli", "ask", "--json", "--home"),
        (str(HERE / "ask_shutten.py"),),
        (str(HERE / "propose_shutten.py"),),
        checkout,
    )


def peer() -> System:
    """Return the usual way; see `peer.py`. Its model is written first if it is not there."""
    places = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    model = run_python(HERE / "e5_folder.py", PYTHONPATH=places, HF_HUB_OFFLINE=1).split()[-1]
    script = str(HERE / "peer.py")
    add, answer, ask = ((script, command, model) for command in ("add", "answer", "ask"))
    return System("peer", add, answer, ask, (), ROOT)


def systems(checkout: Path = ROOT) -> tuple[System, ...]:
    """Return the systems to compare: Shutten, and the peer if its packages are installed."""
    return (shutten(checkout), *([peer()] if find_spec("langchain_community") else []))
