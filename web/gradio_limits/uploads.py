"""Tells which files a request names, and whether they were uploaded here.

Gradio accepts the path of any file from any request, reads that file, and copies it to the uploads.
It checks the path itself, but not for a page that is mounted in another application, as this one
is. So every request is checked before Gradio sees it; see `web.gradio_limits.requests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

GRADIO_ROOT = "/gradio_api"
UPLOAD_PATH = f"{GRADIO_ROOT}/upload"
MAX_UPLOAD = 2 * 1024 * 1024  # bytes of one file, which is a question set


def named_files(data: Any) -> Iterator[Any]:
    """Yield everything in a request that Gradio might take for the path of a file, at any depth."""
    remaining = [data]
    while remaining:
        value = remaining.pop()
        if isinstance(value, dict):
            if "path" in value:
                yield value["path"]
            remaining.extend(value.values())
        elif isinstance(value, list):
            remaining.extend(value)


def upload_folder() -> Path:
    """Return the folder in which Gradio puts uploads; see `web.gradio_limits.upload_folder`."""
    return Path(get_upload_folder())


def was_uploaded(path: Any) -> bool:
    """Tell whether a path, after following links, is a regular file in the upload folder."""
    try:
        resolved = Path(path).resolve(strict=True)
        return resolved.is_relative_to(upload_folder().resolve()) and resolved.is_file()
    except (OSError, TypeError, ValueError):
        return False
