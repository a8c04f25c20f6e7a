"""Opens the ZIP archive of a Word file, and never unpacks more of it than a limit."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from corpus.formats.reading import UnreadableError

MAX_BYTES = 100_000_000  # in all parts that are read, unpacked
MAX_PARTS = 20_000
MAX_RATIO = 250  # unpacked to packed; Word's own files reach about 30
_BIG = 10_000_000  # bytes from which the ratio counts: short texts that repeat pack tightly too
_CHUNK = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files and encrypted ones
_ENCRYPTED, _OLD_WORD = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument"))
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the only two that Word knows
_LOCKED = 1  # flag of an encrypted part
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
)

DAMAGED = "is damaged or cut short; get a sound copy of it"
_PASSWORD = "is protected by a password; open it in Word, save it without a password and add that"  # noqa: S105
_TOO_LARGE = f"unpacks to more than {MAX_BYTES // 1_000_000} MB; split it into smaller files"
_BOMB = "unpacks to far more data than any document holds; it is damaged or made to do harm"


class Archive:
    """The parts of a Word file by their names, in which case does not count."""

    def __init__(self, data: bytes) -> None:
        """Open an archive.

        Args:
            data: The whole file.

        Raises:
            UnreadableError: The file is no sound ZIP archive, or has too many parts.
        """
        _check_kind(data)
        self._left = MAX_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise UnreadableError(DAMAGED) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS:
            raise UnreadableError(f"has more than {MAX_PARTS:,} parts; save it anew in Word")
        self._entries = {_key(entry.filename): entry for entry in entries}
        if len(self._entries) < len(entries):  # programs differ in which of two they show
            raise UnreadableError("has two parts of the same name; save it anew in Word")

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a part; None if there is no such part.

        Raises:
            UnreadableError: The part is damaged or encrypted, or the limit is reached.
        """
        entry = self._entries.get(_key(name))
        if entry is None:
            return None
        if entry.flag_bits & _LOCKED:
            raise UnreadableError(_PASSWORD)
        if entry.compress_type not in _METHODS:
            raise UnreadableError(DAMAGED)
        if entry.file_size > self._left:
            raise UnreadableError(_TOO_LARGE)
        if entry.file_size > max(_BIG, MAX_RATIO * entry.compress_size):
            raise UnreadableError(_BOMB)
        try:
            return self._unpacked(entry)
        except _DAMAGE as error:
            raise UnreadableError(DAMAGED) from error

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """Unpack a part step by step, since its declared size may be wrong."""
        chunks = []
        with self._zip.open(entry) as part:
            while chunk := part.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise UnreadableError(_TOO_LARGE)
                chunks.append(chunk)
        return b"".join(chunks)


def _check_kind(data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableError(_PASSWORD)
        if _OLD_WORD in data:
            raise UnreadableError(
                "is a file of an old Word (.doc); open it in Word, save it as .docx and add that"
            )
        raise UnreadableError("is a file of an old Office program, but not of Word")
    if not data.startswith(b"PK"):
        raise UnreadableError("is no Word file (.docx); save it in Word and add that")


def _key(name: str) -> str:
    # Some programs write `word\document.xml`, and the case of letters does not count.
    return name.replace("\\", "/").lstrip("/").lower()
