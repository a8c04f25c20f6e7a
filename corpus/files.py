"""Files that a user names: read up to a size limit, and written completely or not at all."""

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

MAX_DATA = 20_000_000  # bytes of a question set, of saved answers and of similar files
STDIN = Path("-")


def read_bytes(path: Path, limit: int, *, stdin: bool = False) -> bytes:
    """Read a file.

    Args:
        path: Path of a regular file. Devices and pipes are refused, since they may never end.
        limit: Largest allowed size in bytes.
        stdin: Whether the path `-` stands for standard input.

    Raises:
        ShuttenError: The file is missing, too large, not a regular file, or cannot be read.
    """
    try:
        if stdin and path == STDIN:
            return _read_at_most(sys.stdin.buffer, path, limit)
        if path.is_dir():
            raise ShuttenError(f"{path}: is a folder; give the files themselves")
        if path.exists() and not path.is_file():
            instead = "a file, or - for what a pipe brings" if stdin else "a file"
            raise ShuttenError(f"{path}: is a device or a pipe; give {instead}")
        if (size := path.stat().st_size) > limit:
            raise ShuttenError(f"{path}: {size:,} bytes is over {_limit_advice(limit)}")
        with path.open("rb") as file:
            return _read_at_most(file, path, limit)
    except FileNotFoundError:
        if path.is_symlink():
            target = path.readlink()
            raise ShuttenError(f"{path}: is a link to {target}, where there is no file") from None
        raise ShuttenError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); make it readable") from None
    except ValueError:  # the path holds a NUL character or a lone surrogate
        raise ShuttenError(f"{str(path)!a}: no file can have that name; check the path") from None


def read_text(path: Path, limit: int = MAX_DATA, *, stdin: bool = False) -> str:
    r"""Read a file of UTF-8. The byte order mark is removed, and every line end becomes `\n`.

    Args:
        path: See `read_bytes`.
        limit: See `read_bytes`.
        stdin: See `read_bytes`.

    Raises:
        ShuttenError: The file cannot be read, or is not UTF-8.
    """
    return text_of(read_bytes(path, limit, stdin=stdin), str(path))


def text_of(data: bytes, label: str) -> str:
    r"""Decode UTF-8. The byte order mark is removed, and every line end becomes `\n`.

    Args:
        data: The bytes of a file.
        label: Its name for error messages.

    Raises:
        ShuttenError: The bytes are not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ShuttenError(f"{label}: not UTF-8; save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` when the block ends without an exception.

    After an exception, the temporary file is deleted and `path` is as it was.

    Args:
        path: File to create or replace. A symbolic link stays, and its target is replaced.
        mode: Permissions of the new file, within the umask.

    Raises:
        ShuttenError: The file cannot be written, or `path` is not a regular file.
    """
    try:
        target = writable_target(path)
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
    """Create a temporary folder that becomes `folder` when the block ends without an exception.

    After an exception, the temporary folder is deleted and `folder` is not created.
    """
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        beside.mkdir(parents=True)
        yield beside
        os.replace(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def writable_target(path: Path) -> Path:
    """Follow links from `path` to the regular file that is to be created or replaced.

    Raises:
        ShuttenError: The target is no regular file, or its folder does not exist.
    """
    try:
        if path.exists() and not path.is_file():
            raise ShuttenError(f"{path}: is not a regular file; give the name of a file")
        target = path.resolve()
        if not target.parent.is_dir():
            raise ShuttenError(f"{path}: there is no folder {target.parent}; create it")
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be written ({error.strerror}); check it") from None
    except (RuntimeError, ValueError):  # a link to itself; a NUL character or a lone surrogate
        raise ShuttenError(f"{str(path)!a}: no file can have that name; check the path") from None
    return target


def _read_at_most(file: BinaryIO, path: Path, limit: int) -> bytes:
    data = file.read(limit + 1)  # the file may grow after its size was checked
    if len(data) > limit:
        raise ShuttenError(f"{path}: over {_limit_advice(limit)}")
    return data


def _limit_advice(limit: int) -> str:
    unit = f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1000} KB"
    return f"the limit of {unit}; split it"
