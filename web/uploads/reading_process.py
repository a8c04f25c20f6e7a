"""The process in which an uploaded file becomes a statement; see `web.uploads.reading`.

It takes one request from its standard input and answers on its standard output.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.formats.documents import document_format
from corpus.formats.isolation import IsolatedReader
from corpus.inputs import InputFile
from corpus.library import load_statement
from corpus.records import Statement
from index.building.limits import refuse_oversized
from web.uploads.transfer import statement_to_json

_NICENESS = 10  # the questions of readers come first
# The line of an error names this option where words are to be recognised in pictures.
_OCR_OPTION = "--ocr"


def main() -> None:
    """Answer the request."""
    request = json.loads(sys.stdin.buffer.read())
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get into the reply.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _limit(request["memory"], request["seconds"])
    replies.write(json.dumps(answer(request)).encode())
    replies.flush()


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement as JSON, or the line that says why the file is refused.

    Args:
        request: The path of the file, its origin, the id of the statement, the languages of OCR,
            and the limits.
    """
    file = InputFile(Path(request["path"]), known_as=request["origin"])
    try:
        statement = _read(file, request)
    except ShuttenError as error:
        line = str(error).replace(request["path"], request["origin"])
        return {"error": line, "ocr_helps": not request["ocr"] and _is_scan(file, line)}
    except (MemoryError, RecursionError):
        return {"error": f"{file.label}: takes more memory than a statement may; split it"}
    return {"statement": statement_to_json(statement)}


def _read(file: InputFile, request: Mapping[str, Any]) -> Statement:
    limits = {"seconds": request["document_seconds"], "memory": request["memory"]}
    with IsolatedReader(files_each=1, **limits) as reader:
        statement = load_statement(file, request["id"], reader=reader, ocr=request["ocr"])
    refuse_oversized(statement, file.label)
    return statement


def _is_scan(file: InputFile, error: str) -> bool:
    """Return whether the words of a file that was refused can be recognised in its pictures."""
    return _OCR_OPTION in error and document_format(file.data()) == "pdf"


def _limit(memory: int, seconds: float) -> None:
    """Limit memory and processor time, also for the case that nobody waits any more."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, limit in limits:
        with suppress(ValueError, OSError):  # the system allows less already
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))
    with suppress(OSError):
        os.nice(_NICENESS)


if __name__ == "__main__":
    main()
