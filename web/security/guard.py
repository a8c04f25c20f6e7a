"""Checks that every request passes, and headers that limit what a browser does with the reply."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import error_reply
from web.gradio_limits.routes import is_allowed_path
from web.gradio_limits.uploads import MAX_UPLOAD, UPLOAD_PATH
from web.rates import sender
from web.security.accounts import Accounts
from web.security.password_attempts import PasswordAttempts

MAX_BODY = 256 * 1024  # bytes
# Gradio needs the unsafe parts: it builds functions from strings and writes inline code.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
MAX_NAME, MAX_PATH = 255, 4000  # bytes that a file system takes
_DELAY = 1.0  # seconds that a reply with 429 is delayed
_MAX_DELAYED = 100  # replies that are delayed at the same time
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_REPLY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """ASGI middleware that refuses requests before the application sees them.

    It refuses requests without a valid account, requests from pages of other sites, unknown paths,
    and bodies that are too large or of unknown length.

    Args:
        app: The application behind it.
        accounts: The accounts that may come in; None lets everybody in.
        names: Host names of this server that a proxy in front of it may have replaced.
        larger: The bytes that a body posted to some paths may have, by the path.
    """

    def __init__(
        self,
        app: ASGIApp,
        accounts: Accounts | None = None,
        names: Collection[str] = (),
        larger: Mapping[str, int] | None = None,
    ) -> None:
        self._app, self._names = app, {name.lower() for name in names}
        self._larger = larger or {}
        self._attempts = PasswordAttempts(accounts) if accounts else None
        self._delayed = 0  # replies that are being delayed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on, and add headers to the reply."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # nothing here uses websockets
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 429:
                    await self._delay()
                MutableHeaders(scope=message).update(_REPLY_HEADERS)
            await send(message)

        refusal = (
            await self._check_account(scope)
            or self._check_origin(scope)
            or _check_path_and_length(scope, self._max_body(scope))
        )
        await (refusal or self._app)(scope, receive, send_guarded)

    async def _delay(self) -> None:
        """Delay a reply, so that a client that is told to wait cannot ask again at once."""
        if self._delayed >= _MAX_DELAYED:
            return
        self._delayed += 1
        try:
            await anyio.sleep(_DELAY)
        finally:
            self._delayed -= 1

    def _max_body(self, scope: Scope) -> int:
        """Return how many bytes the body of a request may have."""
        path = scope["path"]
        if scope["method"] == "POST" and path in self._larger:
            return self._larger[path]
        return MAX_UPLOAD if path.startswith(UPLOAD_PATH) else MAX_BODY

    async def _check_account(self, scope: Scope) -> Response | None:
        """Return a refusal if the request has no valid account."""
        if not self._attempts:
            return None
        header = Headers(scope=scope).get("authorization")
        return await self._attempts.refusal(header, sender(scope))

    def _check_origin(self, scope: Scope) -> Response | None:
        """Return a refusal if a page of another site made a browser send the request.

        Such a page could not read the reply, but it could make the server do something.
        """
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if scope["method"] in _SAFE_METHODS or origin is None:
            return None
        host = origin.partition("://")[2]
        if host and (
            host == headers.get("host") or re.sub(r":\d+$", "", host).lower() in self._names
        ):
            return None
        return error_reply(403, "sent by a page of another site")


def _check_path_and_length(scope: Scope, max_length: int) -> Response | None:
    """Return a refusal if the path is unknown, or the body is too large or of unknown length."""
    headers, path = Headers(scope=scope), scope["path"]
    names = path.encode("utf-8", "surrogatepass").split(b"/")
    if len(path) > MAX_PATH or max(map(len, names)) > MAX_NAME or not is_allowed_path(path):
        return error_reply(404, "there is nothing of that name")
    if "transfer-encoding" in headers:
        return error_reply(411, "say how long the request is (Content-Length)")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        return error_reply(400, "the length of the request (Content-Length) is no number")
    if int(length) > max_length:
        return error_reply(
            413, f"the request has {int(length):,} bytes; {max_length:,} are the most"
        )
    return None
