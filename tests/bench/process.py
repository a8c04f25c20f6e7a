"""A server in a process of its own, and what can be measured of it from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from processes import start_python
from project import ROOT


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        address: The address of the page, with a slash at the end.
        process: The process of the server.
        log: The file with all that the server wrote to standard error.
        folder: An own folder for the temporary files of the server.
    """

    address: str
    process: subprocess.Popen[str]
    log: Path
    folder: Path

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def memory(self, kind: str = "VmRSS") -> int:
        """Return the memory of the process in MB; see `memory`."""
        return memory(self.process.pid, kind)

    def processor_seconds(self) -> float:
        """Return how many seconds of processor time the process has used."""
        line = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8")
        ticks = map(int, line.rpartition(")")[2].split()[11:13])
        return round(sum(ticks) / os.sysconf("SC_CLK_TCK"), 1)

    def logged(self, start: int = 0) -> str:
        """Return the log from a byte on."""
        return self.log.read_bytes()[start:].decode("utf-8", "replace")


@contextlib.contextmanager
def running_server(home: Path, *options: str, checkout: Path = ROOT) -> Iterator[Server]:
    """Run `shutten chat` on a data folder.

    Args:
        home: The data folder, which must exist.
        *options: More options of the command.
        checkout: The checkout whose code is run.
    """
    with TemporaryDirectory(prefix="shutten-") as place:
        log, folder = Path(place, "log"), Path(place, "tmp")
        folder.mkdir()
        environment = os.environ | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as output:
            process = start_python(
                *("-m", "cli", "chat", "--home", home, *options),
                cwd=checkout,
                env=environment,
                stderr=output,
            )
        with process:
            try:
                assert process.stdout
                line = process.stdout.readline()
                assert line.startswith("Shutten: "), log.read_text("utf-8", "replace")
                yield Server(line.split()[1], process, log, folder)
            finally:
                stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    """Interrupt a process as Ctrl-C does, and kill it if it does not end."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


def memory(process: int, kind: str = "VmRSS") -> int:
    """Return the memory of a process in MB, or 0 where the system does not say it.

    Args:
        process: The number of the process.
        kind: `VmRSS` for the memory now, or `VmHWM` for the most that it was.
    """
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
            if line.startswith(f"{kind}:"):
                return int(line.split()[1]) // 1024
    return 0


def functions(config: dict[str, Any]) -> dict[int, list[str]]:
    """Return the types of the components that each function of the page takes, by its number.

    Args:
        config: The reply of Gradio's address `config`.
    """
    types = {component["id"]: component["type"] for component in config["components"]}
    return {
        function["id"]: [types[component] for component in function["inputs"]]
        for function in config["dependencies"]
        if function["backend_fn"]
    }


def folder_size(folder: Path) -> int:
    """Return the size of all files in a folder and below it, in bytes."""
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # the file may be deleted meanwhile
            size += path.lstat().st_size * path.is_file()
    return size
