"""The languages in which tesseract, if it is installed, can recognise words in pictures."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from web.uploads.errors import RefusedError

# Joint statements are mostly in these, and the language of a scan is not known.
_USUAL = ("jpn", "eng")
_NO_LANGUAGE = ("osd", "equ", "snum")  # files of tesseract for something else
_SECONDS = 10.0


@cache
def _installed() -> tuple[str, ...]:
    """Return the languages that are installed; none if there is no tesseract."""
    if not shutil.which("tesseract"):
        return ()
    try:
        done = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    lines = done.stdout.decode("utf-8", "replace").splitlines()[1:]
    return tuple(sorted({line.strip() for line in lines} - {"", *_NO_LANGUAGE}))


def ocr_choices() -> list[str]:
    """Return what can be given as languages, the best first: the usual ones, then each alone."""
    usual = [name for name in _USUAL if name in _installed()]
    together = "+".join(usual)
    return list(dict.fromkeys(filter(None, [together, *usual, *_installed()])))


def require_installed(languages: str) -> None:
    """Raise `RefusedError` if words cannot be recognised in these languages."""
    if not _installed():
        raise RefusedError(400, "tesseract, which recognises words, is not installed here")
    if set(languages.split("+")) - set(_installed()):
        raise RefusedError(400, f"words can be recognised in {', '.join(_installed())}")
