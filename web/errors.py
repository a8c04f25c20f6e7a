"""Replies as JSON, those with an error among them, and what a client may read of an error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import ShuttenError
from index.models.catalogue import cache_folder
from index.store.values import UnreachableError
from web.rates import log_rate

_DATA_TROUBLE = (
    "the server has trouble with its data folder; its operator finds the reason in its output"
)
_UNREACHABLE = "the server of the statements does not answer at the moment; try again in a while"
_CRASH = "the server made a mistake; its operator finds the reason in its output"
_ADDRESS = re.compile("milvuss?://")
_CODE_FOLDER = Path(__file__).parents[1]
_LOG_RATE = log_rate()


def for_client(error: ShuttenError, home: Path) -> tuple[str, bool]:
    """Return the error line for a client, and whether the server itself is at fault.

    An error that names the data folder, a folder of the program or the address of a store is not
    the client's mistake, and these must stay private. The client gets a general line instead, and
    the error is written to the output of the server.

    Args:
        error: The error.
        home: The data folder.
    """
    line = " ".join(str(error).split())
    private_paths = [f"{home}/", f"{home}:", str(home.absolute()), str(home.resolve())]
    private_paths += [str(cache_folder()), str(_CODE_FOLDER), sys.prefix]
    if not any(path in line for path in private_paths) and not _ADDRESS.search(line):
        return line, False
    if not _LOG_RATE.take(line):
        print(f"shutten: {line}", file=sys.stderr)
    return _UNREACHABLE if isinstance(error, UnreachableError) else _DATA_TROUBLE, True


def json_reply(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a reply that holds a value as JSON."""
    try:
        data = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can only hold as an escape
        data = json.dumps(value).encode()
    return Response(data, status, headers, media_type="application/json")


def error_reply(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a reply with an error, in the form that all interfaces use."""
    return json_reply({"error": error}, status, headers)


def describe_field_errors(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return one line on the errors that pydantic found in a request, with the field of each."""
    fields = [".".join(str(part) for part in error["loc"] if part != "body") for error in errors]
    return "; ".join(
        f"{field or 'the body'}: {error['msg']}"
        for field, error in zip(fields, errors, strict=True)
    )


async def crash_reply(_: Request, error: Exception) -> Response:
    """Return the reply after an unexpected exception, whose traceback uvicorn writes."""
    del error
    return error_reply(500, _CRASH)
