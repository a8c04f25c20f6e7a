"""Adding with the workers of a Dask cluster, over real sockets; a worker is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from command_line import Shutten
from dask_clusters import Cluster, cluster
from distributed import Client
from ports import free_port

from corpus.errors import ShuttenError
from index.building.checking import check
from index.models import dask_encoder
from index.models.catalogue import BUNDLED
from index.models.dask_encoder import DaskEncoder, encode_on_worker
from index.models.encoder import Encoder
from index.store.local import LocalStore
from index.store.segments.segment import to_arrays

pytest_plugins = ["command_line"]
PARAGRAPH = (
    "The ministers agreed on measure {n} of the plan for hydrogen, ports and semiconductors. "
    "They will report on it before the end of year {n}."
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Statements of seventy passages altogether."""
    paths = []
    for number in range(7):
        path = tmp_path / f"statement-{number}.md"
        lines = (PARAGRAPH.format(n=10 * number + own) for own in range(10))
        path.write_text(f"# Statement {number}\n\n" + "\n\n".join(lines) + "\n", "utf-8")
        paths.append(path)
    return paths


def _workers(running: Cluster, encoder: Encoder, count: int) -> None:
    """Wait until so many workers are there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with (
            contextlib.suppress(ShuttenError),
            DaskEncoder(encoder, BUNDLED, running.address) as remote,
        ):
            if remote.workers == count:
                return
        time.sleep(0.2)
    raise TimeoutError("the workers do not come")


def _kill_at_work(running: Cluster, finished: threading.Event) -> None:
    """Kill the first worker as soon as the scheduler has given it texts to read."""
    worker = running.workers[0]
    with Client(running.address, set_as_default=False) as client:
        pids = client.run(os.getpid)
        (address,) = (address for address, pid in pids.items() if pid == worker.pid)
        while not finished.is_set():
            if client.processing().get(address):
                worker.kill()
                worker.wait()
                return


def test_a_killed_worker_changes_nothing(
    shutten: Shutten, encoder: Encoder, files: list[Path], tmp_path: Path
) -> None:
    """Two workers read over TCP, and one is killed while it reads."""
    (tmp_path / "cluster").mkdir()
    local, remote = tmp_path / "local", tmp_path / "remote"
    shutten("index", "add", "--home", local, *files).succeeded()
    with cluster(tmp_path / "cluster", 2) as running:
        _workers(running, encoder, 2)
        killer = threading.Thread(
            target=_kill_at_work, args=(running, finished := threading.Event())
        )
        killer.start()
        shutten("index", "add", "--home", remote, "--dask", running.address, *files).succeeded()
        finished.set()
        killer.join()
        assert running.workers[0].returncode == -signal.SIGKILL, "it was never seen at work"
    one, other = LocalStore(local), LocalStore(remote)
    assert check(other) == []
    assert one.statement_ids() == other.statement_ids()
    for name in one.statement_ids():
        assert one.statement(name) == other.statement(name)
        pairs = zip(one.stored(name).passages, other.stored(name).passages, strict=True)
        for mine, theirs in pairs:
            assert np.array_equal(mine.tokens.codes, theirs.tokens.codes)
            assert np.array_equal(mine.tokens.scales, theirs.tokens.scales)
            assert np.array_equal(mine.vectors, theirs.vectors)
            assert np.array_equal(mine.spans, theirs.spans)
            assert mine.background == theirs.background
    for store in (one, other):
        assert all(len(to_arrays(store.open_segment(file))) for file in store.segment_files())
        store.close()


def test_no_scheduler_is_said_in_one_line(
    shutten: Shutten, files: list[Path], tmp_path: Path
) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    command = ("index", "add", "--home", tmp_path / "data", "--dask", address, files[0])
    shutten(*command).refused(address, "no Dask scheduler answers", "dask worker")
    shutten(*command[:-2], "nonsense://", files[0]).refused("no Dask scheduler answers")


def test_a_scheduler_without_workers_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    with (
        cluster(tmp_path, 0) as running,
        pytest.raises(ShuttenError, match="has no worker; start some with `dask worker tcp:"),
    ):
        DaskEncoder(encoder, BUNDLED, running.address)


def test_workers_that_are_all_gone_are_missed(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_encoder, "_WITHOUT_WORKERS", 1)
    monkeypatch.setattr(dask_encoder, "_LOOKED_AFTER", 0.5)
    with cluster(tmp_path, 1) as running:
        _workers(running, encoder, 1)
        with DaskEncoder(encoder, BUNDLED, running.address) as remote:
            assert len(list(remote.encode(["A port."], "passage"))) == 1
            running.workers[0].kill()
            with pytest.raises(ShuttenError, match="has no worker"):
                list(remote.encode(["A road."], "passage"))


def test_workers_with_another_model_are_refused(encoder: Encoder) -> None:
    (own,) = encode_on_worker(BUNDLED, encoder.fingerprint, ["A port."])
    (here,) = encoder.encode(["A port."], "passage")
    assert np.array_equal(own.tokens, here.tokens)
    assert "a worker has the model" in encode_on_worker(BUNDLED, "another", ["A port."])
    assert encode_on_worker("no such model", "another", ["A port."])
