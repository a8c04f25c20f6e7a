"""Real Milvus servers for tests, on ports of this machine.

PYTEST_DONT_REWRITE: see `stores`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ports import free_port

from corpus.errors import ShuttenError
from index.store.milvus.address import Address
from index.store.milvus.client import Client
from index.store.milvus.schema import Collections

_SECONDS = 60.0  # within which a server must answer


class MilvusServer:
    """A Milvus Lite server with a folder of its own. It can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, most_bytes: int = 0) -> None:
        """Start it.

        Args:
            most_bytes: How large a file may become that it writes, as on a full disk; 0 for any.
        """
        with (self.folder / "log.txt").open("ab") as log:
            limit = (lambda: _limit(most_bytes)) if most_bytes else None
            self._process = subprocess.Popen(
                self._command(),
                stdout=log,
                stderr=log,
                preexec_fn=limit,
                start_new_session=True,  # so that it can be killed with its own processes
            )
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")

    def _command(self) -> list[str | Path]:
        return [
            *(sys.executable, "-m", "milvus_lite", "server", "--data-dir", self.folder),
            *("--host", "127.0.0.1", "--port", str(self.port)),
        ]

    def kill(self) -> None:
        """Kill it at once, as a power cut does."""
        self._signal(signal.SIGKILL)
        assert self._process
        self._process.wait()

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        assert self._process
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def address(self, library: str = "") -> Address:
        """Return the address of a library that no other test has."""
        return Address("127.0.0.1", self.port, library or f"t{uuid.uuid4().hex[:12]}")


class FullServer(MilvusServer):
    """The server of the package `milvus`.

    The environment variable `MILVUS_SERVER` holds the path of its command, `milvus-server`.
    Version 2.3.5 has no sparse vectors. It has its own etcd and object store within one process,
    and listens on this machine alone.
    """

    def _command(self) -> list[str | Path]:
        command = os.environ.get("MILVUS_SERVER")
        if not command:
            raise RuntimeError("MILVUS_SERVER must name the command milvus-server")
        return [command, "--data", self.folder, "--proxy-port", str(self.port)]

    def start(self, most_bytes: int = 0) -> None:
        """See `MilvusServer.start`. This server takes connections before it can answer calls."""
        super().start(most_bytes)
        end = time.monotonic() + _SECONDS
        with contextlib.closing(Client(self.address())) as client:
            while time.monotonic() < end:
                with contextlib.suppress(ShuttenError):
                    client.has("any")
                    return
        raise TimeoutError("the server does not become ready")

    def stop(self) -> None:
        """Kill it: the process that the command starts does not end by the signal to stop."""
        self.kill()


def _limit(most_bytes: int) -> None:
    """Let writing fail beyond a size, in the process that is about to be the server."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


@contextlib.contextmanager
def running(
    folder: Path, kind: Callable[[Path], MilvusServer] = MilvusServer
) -> Iterator[MilvusServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = kind(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def drop(address: Address) -> None:
    """Delete a library, so that the server stays quick."""
    client = Client(address)
    for name in Collections.of(address.collection).all():
        client.drop(name)
    client.close()


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A server for all tests that do not kill it."""
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(scope="session")
def full_milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """The server of the package `milvus`."""
    with running(tmp_path_factory.mktemp("full-milvus"), FullServer) as server:
        yield server
