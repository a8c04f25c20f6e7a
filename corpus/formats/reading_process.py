"""The process in which documents are read; see `corpus.formats.isolation`.

It takes documents from its standard input, and answers each on its standard output.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from corpus.formats.documents import read_document
from corpus.formats.isolation import read_message, write_message
from corpus.formats.reading import UnreadableError


def main(memory: int) -> None:
    """Answer until the other side closes the pipe.

    Args:
        memory: Bytes of memory that this process may use.
    """
    # An interrupt from the keyboard is for the program that started this process, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get among the replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while _answer(requests, replies):
        pass


def _answer(requests: BinaryIO, replies: BinaryIO) -> bool:
    head, data = read_message(requests), read_message(requests)
    if head is None or data is None:
        return False
    request = json.loads(head)
    try:
        reply = _picture(request, data) if "page" in request else _read(request, data)
    except UnreadableError as error:
        reply = {"error": str(error)}
    except (MemoryError, RecursionError):
        reply = {"error": "takes more memory than a document may; split it, or save it anew"}
    except Exception as error:  # a library fails in its own ways on a damaged file
        reply = {"error": f"is damaged ({_one_line(error)}); save it anew with another program"}
    write_message(replies, json.dumps(reply).encode())
    return True


def _read(request: Mapping[str, Any], data: bytes) -> dict[str, str]:
    read = read_document(data, request["format"], ocr=request["ocr"])
    return {
        "text": read.text,
        "sha256": read.document.sha256,
        "reader": read.document.reader,
        "details": base64.b64encode(read.document.packed).decode(),
    }


def _picture(request: Mapping[str, Any], data: bytes) -> dict[str, str]:
    from corpus.formats.pdf.pictures import page_picture

    picture = page_picture(data, int(request["page"]), int(request["width"]))
    return {"picture": base64.b64encode(picture).decode()}


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # the system allows less already
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
