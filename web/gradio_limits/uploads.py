"""Only a file that was uploaded here may be named as one.

Gradio takes a "file" by its path from any request, reads it, and copies it beside the uploads. Its
own check of the path is off for a page that is mounted in another application, as this one is. So
every request to Gradio is looked through before Gradio sees it; see `web.gradio_limits.requests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

ROOT = "/gradio_api"
UPLOAD = f"{ROOT}/upload"
MAX_UPLOAD = 2 * 1024 * 1024  # bytes of one file, which is a question set


def named_files(data: Any) -> Iterator[Any]:
    """Every path in a request that Gradio might take for that of a file, however deep it lies."""
    rest = [data]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            if "path" in one:
                yield one["path"]
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one)


def folder() -> Path:
    """Where Gradio puts what is uploaded; see `web.gradio_limits.upload_folder`."""
    return Path(get_upload_folder())


def was_uploaded(path: Any) -> bool:
    """Whether a path, with its links resolved, is a regular file in the upload folder."""
    try:
        place = Path(path).resolve(strict=True)
        return place.is_relative_to(folder().resolve()) and place.is_file()
    except (OSError, TypeError, ValueError):
        return False
