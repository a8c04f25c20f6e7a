"""The files that a user names: single files, and those in folders, patterns and ZIP archives."""

from __future__ import annotations

import glob
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.errors import ShuttenError
from corpus.files import read_bytes
from corpus.formats.text import local_path

MAX_DOCUMENT = 50_000_000  # bytes of one file
MAX_FILES = 20_000  # in one folder or archive
_MAX_UNPACKED = 2_000_000_000  # bytes of all files that are read from an archive
_SUFFIXES = frozenset(
    ".txt .text .md .markdown .html .htm .xhtml .mht .mhtml .pdf .docx .docm".split()
)
_ARCHIVE = ".zip"
_SAVED_PAGE = ("_files", ".files", "_Dateien", "-Dateien", "_fichiers")  # folders of saved pages
_ENCRYPTED = 0x1  # flag of a member of a ZIP archive


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that is to be read.

    Attributes:
        path: The file, or the archive that it is in.
        member: Its name in the archive; empty for a file on disk.
        named: Whether the user named the file itself, and not a folder or archive that holds it.
        root: The folder that was named; None for others.
        known_as: What stands for its path, if the path means nothing later, as of an upload.
    """

    path: Path
    member: str = ""
    named: bool = True
    root: Path | None = None
    known_as: str = ""

    @property
    def label(self) -> str:
        """The name for messages."""
        if self.known_as:
            return self.known_as
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    @property
    def origin(self) -> str:
        """The name that the statement is stored with."""
        if self.known_as:
            return self.known_as
        path = os.path.realpath(self.path)  # unlike `Path.resolve`, it follows loops, too
        return f"{path}!{self.member}" if self.member else path

    @property
    def name(self) -> Path:
        """The path whose stem names the statement."""
        return Path(PurePosixPath(self.member).name) if self.member else self.path

    def data(self, limit: int = MAX_DOCUMENT) -> bytes:
        """Return its bytes.

        Raises:
            ShuttenError: It cannot be read, or is over the limit.
        """
        if not self.member:
            return read_bytes(self.path, limit)
        with _archive(self.path) as archive:
            return _unpacked(archive, self, limit)

    def beside(self, suffix: str) -> InputFile | None:
        """Return the file with the same stem and another suffix, if there is one."""
        if not self.member:
            other = self.path.with_suffix(suffix)
            return InputFile(other) if other.exists() or other.is_symlink() else None
        member = str(PurePosixPath(self.member).with_suffix(suffix))
        with _archive(self.path) as archive:
            return InputFile(self.path, member) if member in archive.namelist() else None


def expand(arguments: Iterable[str]) -> list[InputFile]:
    """Return the files that some arguments name.

    A folder stands for the files in it and in its folders whose names end like those of statements;
    hidden ones, and the pictures of saved pages, are left out. So does a ZIP archive. A pattern
    such as `2023/*.pdf` stands for the files that match it.

    Raises:
        ShuttenError: There is no such file, or nothing in it is a statement.
    """
    files: list[InputFile] = []
    for argument in arguments:
        path = local_path(argument)
        if path.is_dir():
            files += _required(list(in_folder(path)), path, "is a folder without one")
        elif not path.exists() and not path.is_symlink() and glob.has_magic(argument):
            matches = sorted(glob.glob(argument, recursive=True))
            found = (InputFile(Path(name)) for name in matches if not Path(name).is_dir())
            files += _required(list(found), path, "matches none")
        elif path.suffix.lower() == _ARCHIVE:
            files += _required(list(_in_archive(path)), path, "is an archive without one")
        else:
            files.append(InputFile(path))
    unique = {file.origin: file for file in files}
    return list(unique.values())


def in_folder(folder: Path) -> Iterator[InputFile]:
    """Yield the files in a folder, sorted, with those in its archives.

    Raises:
        ShuttenError: The folder cannot be read, or holds too many files.
    """
    count = 0
    for parent, folders, names in os.walk(folder, onerror=_refuse_folder):
        folders[:] = sorted(name for name in folders if _is_visited(name, names))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or not _is_regular(path):
                continue
            if path.suffix.lower() == _ARCHIVE:
                found = list(_in_archive(path))
            else:
                suits = path.suffix.lower() in _SUFFIXES
                found = [InputFile(path, named=False, root=folder)] if suits else []
            count += len(found)
            if count > MAX_FILES:
                raise ShuttenError(f"{folder}: has over {MAX_FILES:,} files; name a part of it")
            yield from found


def _required(files: list[InputFile], path: Path, problem: str) -> list[InputFile]:
    if files:
        return files
    raise ShuttenError(
        f"{path}: {problem} of the files that are read (.txt, .md, .html, .pdf, .docx); check it"
    )


def _refuse_folder(error: OSError) -> None:
    raise ShuttenError(
        f"{error.filename}: cannot be read ({error.strerror}); make it readable"
    ) from None


def _is_visited(folder: str, names: Iterable[str]) -> bool:
    """Return whether files are looked for in a folder; not in those that belong to saved pages."""
    if folder.startswith("."):
        return False
    pages = {Path(name).stem for name in names if Path(name).suffix.lower() in (".html", ".htm")}
    return not any(folder == page + suffix for page in pages for suffix in _SAVED_PAGE)


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise ShuttenError(f"{path}: is not a sound ZIP archive; get another copy") from None
    except FileNotFoundError:
        raise ShuttenError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise ShuttenError(f"{path}: cannot be read ({error.strerror}); make it readable") from None


def _in_archive(path: Path) -> Iterator[InputFile]:
    """Yield the statements in a ZIP archive. Archives within it are not opened.

    Raises:
        ShuttenError: It is damaged, or would be too large when unpacked.
    """
    with _archive(path) as archive:
        members = [info for info in archive.infolist() if _is_statement(info.filename)]
        if len(members) > MAX_FILES:
            raise ShuttenError(f"{path}: has over {MAX_FILES:,} files; unpack a part of it")
        if sum(info.file_size for info in members) > _MAX_UNPACKED:
            raise ShuttenError(
                f"{path}: holds over {_MAX_UNPACKED // 10**9} GB; unpack it, and add a part of it"
            )
        for info in sorted(members, key=lambda info: info.filename):
            yield InputFile(path, info.filename, named=False)


def _is_statement(member: str) -> bool:
    """Return whether a member of an archive may be a statement. It is never written to disk."""
    name = PurePosixPath(member)
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.parts)
    return not hidden and not member.endswith("/") and name.suffix.lower() in _SUFFIXES


def _unpacked(archive: zipfile.ZipFile, file: InputFile, limit: int) -> bytes:
    try:
        info = archive.getinfo(file.member)
        if info.flag_bits & _ENCRYPTED:
            raise ShuttenError(f"{file.label}: is protected by a password; unpack it first")
        with archive.open(info) as member:
            data = member.read(limit + 1)
    except KeyError:
        raise ShuttenError(f"{file.label}: is not in the archive any more; add it again") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise ShuttenError(f"{file.label}: is damaged in the archive; get another copy") from None
    if len(data) > limit:
        raise ShuttenError(f"{file.label}: over the limit of {limit // 1_000_000} MB; split it")
    return data
