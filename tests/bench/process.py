"""A server in a process of its own, with what can be seen of it from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from project import ROOT


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        address: Where it listens; ends with a slash.
        process: What it runs in.
        log: The file that holds all it printed.
        folder: For its temporary files; a new one, that it alone writes to.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: Path
    folder: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def memory(self, kind: str = "VmRSS") -> int:
        """What it holds, in MB; see `memory`."""
        return memory(self.process.pid, kind)

    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        line = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8")
        ticks = map(int, line.rpartition(")")[2].split()[11:13])
        return round(sum(ticks) / os.sysconf("SC_CLK_TCK"), 1)

    def printed(self, start: int = 0) -> str:
        """What it printed, from a byte of its log on."""
        return self.log.read_bytes()[start:].decode("utf-8", "replace")


@contextlib.contextmanager
def serving(home: Path, *options: str, checkout: Path = ROOT) -> Iterator[Server]:
    """Run `shutten chat` on a data folder.

    Args:
        home: The data folder; it has to be there.
        options: More of the command's options.
        checkout: Whose code it is.
    """
    with TemporaryDirectory(prefix="shutten-") as place:
        log, folder = Path(place, "log"), Path(place, "tmp")
        folder.mkdir()
        run = [sys.executable, "-m", "cli", "chat", "--home", str(home), *options]
        about = os.environ | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                run, cwd=checkout, env=about, stdout=subprocess.PIPE, stderr=output
            )
        with process:
            try:
                assert process.stdout
                line = process.stdout.readline().decode()
                assert line.startswith("Shutten: "), log.read_text("utf-8", "replace")
                yield Server(line.split()[1], process, log, folder)
            finally:
                stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, or if that is not heard, for good."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


def memory(process: int, kind: str = "VmRSS") -> int:
    """What Linux says of a process's memory, in MB: `VmRSS` now, `VmHWM` at the most; or 0."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
            if line.startswith(f"{kind}:"):
                return int(line.split()[1]) // 1024
    return 0


def functions(config: dict[str, Any]) -> dict[int, list[str]]:
    """The kinds of components that each function of the page takes, by number."""
    kinds = {one["id"]: one["type"] for one in config["components"]}
    backed = [one for one in config["dependencies"] if one["backend_fn"]]
    return {one["id"]: [kinds[name] for name in one["inputs"]] for one in backed}


def size(folder: Path) -> int:
    """Bytes of the files below a folder."""
    found = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # it may go meanwhile
            found += path.lstat().st_size * path.is_file()
    return found
