"""What a client may read of an error, and in what form."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from corpus.errors import ShuttenError
from index.models.catalogue import cache_folder
from web.rates import Rate

_OWN = "the server has trouble with its data folder; whoever runs it finds the reason in its output"
_CRASH = "the server made a mistake; whoever runs it finds the reason in its output"
_CODE = Path(__file__).parents[1]
_TOLD = Rate(5, 12.0)  # how often the same trouble is written


def for_client(error: ShuttenError, home: Path) -> tuple[str, bool]:
    """The line for a client, and whether the trouble is the server's own.

    What names the data folder, or where the program and its models lie, is no mistake of the
    client's, and those places are nobody else's business: it is written for the one who runs the
    server.

    Args:
        error: What went wrong.
        home: The data folder.
    """
    line = " ".join(str(error).split())
    places = [f"{home}/", f"{home}:", str(home.absolute()), str(home.resolve())]
    places += [str(cache_folder()), str(_CODE), sys.prefix]
    if not any(place in line for place in places):
        return line, False
    if not _TOLD.take(line):
        print(f"shutten: {line}", file=sys.stderr)
    return _OWN, True


def refusal(status: int, error: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """What is wrong with a request, in the form of all interfaces."""
    return JSONResponse({"error": error}, status, headers)


def wrong_fields(found: Sequence[Mapping[str, Any]]) -> str:
    """What pydantic found wrong with a request, in one line."""
    places = (".".join(str(part) for part in one["loc"] if part != "body") for one in found)
    return "; ".join(
        f"{place or 'the body'}: {one['msg']}" for place, one in zip(places, found, strict=True)
    )


async def crashed(_: Request, error: Exception) -> JSONResponse:
    """What a client is told of a mistake in the program; the server writes it to its output."""
    del error
    return refusal(500, _CRASH)
