"""What every request passes: who asks, how much it sends, and what the reply allows a browser."""

from __future__ import annotations

import re
from collections.abc import Collection

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import refusal
from web.gradio_limits.routes import needed
from web.gradio_limits.uploads import MAX_UPLOAD, UPLOAD
from web.rates import sender
from web.security.accounts import Accounts
from web.security.password_attempts import Guesses

MAX_BODY = 256 * 1024
# Gradio builds functions from strings, and writes styles and scripts into the page.
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
_HOLD, _HELD = 1.0, 100  # seconds that a reply with 429 is delayed; so many at once at most
_SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """ASGI middleware around all there is.

    Args:
        app: What it guards.
        accounts: Who may come in; everybody without.
        names: Names of this server that a proxy before it may have replaced.
    """

    def __init__(
        self, app: ASGIApp, accounts: Accounts | None = None, names: Collection[str] = ()
    ) -> None:
        self._app, self._names = app, {name.lower() for name in names}
        self._guesses = Guesses(accounts) if accounts else None
        self._held = 0  # replies that are being delayed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # nothing here speaks it
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 429:
                    await self._hold_back()
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refused = await self._stranger(scope) or self._elsewhere(scope) or _unwanted(scope)
        await (refused or self._app)(scope, receive, guarded)

    async def _hold_back(self) -> None:
        """Delay a reply, so that a client that is told to wait cannot ask again at once."""
        if self._held >= _HELD:
            return
        self._held += 1
        try:
            await anyio.sleep(_HOLD)
        finally:
            self._held -= 1

    async def _stranger(self, scope: Scope) -> JSONResponse | None:
        if not self._guesses:
            return None
        given = Headers(scope=scope).get("authorization")
        return await self._guesses.refused(given, sender(scope))

    def _elsewhere(self, scope: Scope) -> JSONResponse | None:
        """A page of another site may make a browser send things here, though not read replies."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if scope["method"] in _SAFE or origin is None:
            return None
        site = origin.partition("://")[2]
        if site and (
            site == headers.get("host") or re.sub(r":\d+$", "", site).lower() in self._names
        ):
            return None
        return refusal(403, "sent by a page of another site")


def _unwanted(scope: Scope) -> JSONResponse | None:
    headers, path = Headers(scope=scope), scope["path"]
    names = path.encode("utf-8", "surrogatepass").split(b"/")
    if len(path) > MAX_PATH or max(map(len, names)) > MAX_NAME or not needed(path):
        return refusal(404, "there is nothing of that name")
    if "transfer-encoding" in headers:
        return refusal(411, "say how long the request is (Content-Length)")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        return refusal(400, "the length of the request (Content-Length) is no number")
    most = MAX_UPLOAD if path.startswith(UPLOAD) else MAX_BODY
    if int(length) > most:
        return refusal(413, f"the request has {int(length):,} bytes; {most:,} are the most")
    return None
