"""Run `shutten` in this process. These are the fixtures and checks of the command-line tests.

PYTEST_DONT_REWRITE: test files import this module and name it in `pytest_plugins`, and pytest warns
when it would rewrite a module that is imported already.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from cli.main import main
from index.models.encoder import Encoder
from training.ablation import CachingEncoder

BUNDLED = "jucip-2023-05-26.ja"
OPEN_RAN = "What was agreed on Open RAN?"


@dataclass(frozen=True)
class CommandResult:
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str

    def succeeded(self) -> str:
        """Check for exit code 0 and no text on standard error, and return the output."""
        assert (self.code, self.error_text) == (0, ""), self
        return self.out

    def refused(self, *words: object) -> None:
        """Check for exit code 2 and one line on standard error that holds some words."""
        assert (self.code, self.out) == (2, ""), self
        assert self.error_text.startswith("shutten: "), self
        assert self.error_text.endswith("\n"), self
        assert len(self.error_text.splitlines()) == 1, self
        for word in words:
            assert str(word) in self.error_text, (word, self)

    @property
    def error_text(self) -> str:
        """Return standard error without the progress bars that were erased."""
        return self.err.rpartition("\r")[2]


class Shutten(Protocol):
    def __call__(self, *argv: object) -> CommandResult: ...


@pytest.fixture(scope="session")
def caching_encoder(encoder: Encoder) -> CachingEncoder:
    return CachingEncoder(encoder)


@pytest.fixture
def shutten(
    home: Path,
    caching_encoder: CachingEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shutten:
    """Return a function that runs one command on the shared data folder, which must not change."""
    monkeypatch.setenv("SHUTTEN_HOME", str(home))
    for module in ("index.models.catalogue", "index.building.rebuilding", "qa.opening"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda name: caching_encoder)

    def run(*argv: object) -> CommandResult:
        capsys.readouterr()
        code = main([str(word) for word in argv])
        return CommandResult(code, *capsys.readouterr())

    return run


@pytest.fixture
def own_home(shutten: Shutten, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shared data folder that `shutten` may change."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    with contextlib.closing(sqlite3.connect(copy / "shutten.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    monkeypatch.setenv("SHUTTEN_HOME", str(copy))
    yield copy
    copy.chmod(0o700)


@pytest.fixture
def unchanged(own_home: Path, shutten: Shutten) -> Iterator[None]:
    """Check that the test leaves `own_home` as it was, and undamaged."""

    def state() -> tuple[str, str]:
        return shutten("index", "list", "--json").out, shutten("index", "check").succeeded()

    before = state()
    yield
    assert state() == before


@contextlib.contextmanager
def bound_by_modes() -> Iterator[None]:
    """Give up the privilege of root to ignore the modes of files."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    effective = sets[0]
    sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = effective
        assert libc.capset(header, sets) == 0


def disk_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
