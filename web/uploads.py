"""Only a file that was uploaded here may be named as one.

Gradio takes a "file" by its path from any request, reads it, and copies it beside the uploads. Its
own check of the path is off for a page that is mounted in another application, as this one is. So
every request to Gradio is looked through before Gradio sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
from gradio.utils import get_upload_folder
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.upload_folder import make_room

ROOT = "/gradio_api"
UPLOAD = f"{ROOT}/upload"


class Uploads:
    """ASGI middleware that refuses requests which name any other file.

    It holds a whole body; what stands before it has to bound how large that is.

    Args:
        app: What it guards.
        largest: Bytes that one upload may have.
    """

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        path = scope.get("path", "")
        if path.startswith(UPLOAD) and scope["method"] == "POST":
            await anyio.to_thread.run_sync(make_room, Path(get_upload_folder()), self._largest)
        if scope["type"] != "http" or not path.startswith(ROOT) or path.startswith(UPLOAD):
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        refusal = _refusal(body)
        await (refusal or self._app)(scope, _again(body, receive), send)


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


def was_uploaded(path: Any) -> bool:
    """Whether a path, with its links resolved, is a regular file in the upload folder."""
    try:
        place = Path(path).resolve(strict=True)
        return place.is_relative_to(Path(get_upload_folder()).resolve()) and place.is_file()
    except (OSError, TypeError, ValueError):
        return False


def _refusal(body: bytes) -> JSONResponse | None:
    try:
        data = json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return JSONResponse({"error": "the request is not JSON"}, 400)
    if all(map(was_uploaded, named_files(data))):
        return None
    return JSONResponse({"error": "a file can only be named that was uploaded here"}, 403)


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and then what comes after it, such as that the client has gone."""
    read = False

    async def replay() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
