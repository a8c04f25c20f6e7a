"""What a proxy says of a request: believed only of the proxies that were named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from corpus.errors import ShuttenError

Network = IPv4Network | IPv6Network


def networks(proxies: Iterable[str]) -> list[Network]:
    """Addresses and networks as they are written.

    Raises:
        ShuttenError: One is neither.
    """
    try:
        return [ip_network(one, strict=False) for one in proxies]
    except ValueError as error:
        raise ShuttenError(f"--proxy: {error}; give one such as 127.0.0.1 or 10.0.0.0/8") from None


class Forwarded:
    """ASGI middleware that takes sender, scheme and host from a proxy, and hides what was said.

    Gradio believes `X-Forwarded-Host` and some headers of its own of anybody, and writes what
    they say into samples of code that it keeps for all. So no header of that kind passes.

    Args:
        app: What it stands before.
        proxies: Where the proxies are.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[Network] = ()) -> None:
        self._app, self._proxies = app, proxies
        # It takes the sender and the scheme, if the request comes from one of them.
        trusted = [str(one) for one in proxies]
        self._told = ProxyHeadersMiddleware(self._plain, trusted)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if self._is_proxy(scope) and (hosts := Headers(scope=scope).get("x-forwarded-host")):
            host = hosts.rpartition(",")[2].strip().encode("latin-1")
            others = [one for one in scope["headers"] if one[0] != b"host"]
            scope = {**scope, "headers": [(b"host", host), *others]}
        await self._told(scope, receive, send)  # type: ignore[arg-type]

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = [one for one in scope["headers"] if not _is_said(one[0])]
        await self._app({**scope, "headers": kept}, receive, send)

    def _is_proxy(self, scope: Scope) -> bool:
        try:
            address = ip_address(scope["client"][0])
        except (TypeError, ValueError):  # a socket of the file system has none
            return False
        return any(address in network for network in self._proxies)


def _is_said(name: bytes) -> bool:
    return name == b"forwarded" or name.startswith(b"x-")
