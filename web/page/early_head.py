"""Puts style and script in front of Gradio's own; the `head` argument of Gradio comes too late."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD = b"<head>"


class EarlyHead:
    """ASGI middleware that inserts elements at the beginning of the head of the page at `/`.

    Args:
        app: The application that serves the page.
        elements: The elements as HTML.
    """

    def __init__(self, app: ASGIApp, elements: str) -> None:
        self._app, self._elements = app, elements.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. If it is for the page, insert the elements into the response."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_with_elements(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                page = body.replace(_HEAD, _HEAD + self._elements, 1)
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, send_with_elements)
