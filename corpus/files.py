"""Files that a user names: read within bounds, and written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from corpus.errors import ShuttenError

MAX_DATA = 20_000_000  # bytes of question sets, kept answers and the like
STDIN = Path("-")


def read_bytes(path: Path, most: int, *, stdin: bool = False) -> bytes:
    """A file whole.

    Args:
        path: Names a regular file; others may never end.
        most: Bytes that it may have.
        stdin: Whether `-` stands for what another program writes.

    Raises:
        ShuttenError: It is missing, larger, no regular file, or cannot be read.
    """
    try:
        if stdin and path == STDIN:
            return _bounded(sys.stdin.buffer, path, most)
        if path.is_dir():
            raise ShuttenError(f"{path}: is a folder; give the files themselves")
        if path.exists() and not path.is_file():
            instead = "a file, or - for what a pipe brings" if stdin else "a file"
            raise ShuttenError(f"{path}: is a device or a pipe; give {instead}")
        if (size := path.stat().st_size) > most:
            raise ShuttenError(f"{path}: {size:,} bytes is over {_limit(most)}")
        with path.open("rb") as file:
            return _bounded(file, path, most)
    except FileNotFoundError:
        if path.is_symlink():
            target = path.readlink()
            raise ShuttenError(f"{path}: is a link to {target}, where there is no file") from None
        raise ShuttenError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); make it readable") from None
    except ValueError:  # a NUL, or half a character
        raise ShuttenError(f"{str(path)!a}: no file can have that name; check the path") from None


def read_text(path: Path, most: int = MAX_DATA, *, stdin: bool = False) -> str:
    """A file of UTF-8 without the mark before it, every line end one character.

    Args:
        path: See `read_bytes`.
        most: See `read_bytes`.
        stdin: See `read_bytes`.

    Raises:
        ShuttenError: It cannot be read, or is not UTF-8.
    """
    try:
        text = read_bytes(path, most, stdin=stdin).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ShuttenError(f"{path}: not UTF-8; save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write that takes the place of another when all is written, and else is gone.

    Args:
        path: What it becomes; a link stays one.
        mode: Who may read and write it, within the umask.

    Raises:
        ShuttenError: It cannot be written, or is there and no regular file.
    """
    try:
        target = writable(path)
        beside = target.with_name(f".shutten-{secrets.token_hex(8)}.part")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with open(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, target)
        except BaseException:
            with suppress(FileNotFoundError):
                beside.unlink()
            raise
    except KeyboardInterrupt as stop:
        stop.add_note(f"nothing was written to {path}")
        raise
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be written ({error.strerror}); check it") from None


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder to fill that is there when all is in it, and else is gone."""
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        beside.mkdir(parents=True)
        yield beside
        os.replace(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def writable(path: Path) -> Path:
    """The regular file that a path leads to, or would lead to.

    Raises:
        ShuttenError: Something else is there, or no folder to put it in.
    """
    try:
        if path.exists() and not path.is_file():
            raise ShuttenError(f"{path}: is not a regular file; give the name of a file")
        target = path.resolve()
        if not target.parent.is_dir():
            raise ShuttenError(f"{path}: there is no folder {target.parent}; create it")
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be written ({error.strerror}); check it") from None
    except (RuntimeError, ValueError):  # a link to itself; a NUL, or half a character
        raise ShuttenError(f"{str(path)!a}: no file can have that name; check the path") from None
    return target


def _bounded(file: BinaryIO, path: Path, most: int) -> bytes:
    data = file.read(most + 1)  # it may grow meanwhile
    if len(data) > most:
        raise ShuttenError(f"{path}: over {_limit(most)}")
    return data


def _limit(most: int) -> str:
    unit = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} KB"
    return f"the limit of {unit}; split it"
