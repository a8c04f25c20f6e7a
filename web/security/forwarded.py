"""Headers in which a proxy describes a request. They are believed only of named proxies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from corpus.errors import ShuttenError

Network = IPv4Network | IPv6Network


def parse_networks(proxies: Iterable[str]) -> list[Network]:
    """Parse addresses and networks, such as `127.0.0.1` or `10.0.0.0/8`.

    Raises:
        ShuttenError: One is neither an address nor a network.
    """
    try:
        return [ip_network(proxy, strict=False) for proxy in proxies]
    except ValueError as error:
        raise ShuttenError(f"--proxy: {error}; give one such as 127.0.0.1 or 10.0.0.0/8") from None


class ForwardedHeaders:
    """ASGI middleware that reads and removes the headers in which a proxy describes a request.

    A request of a named proxy gets the sender, the scheme and the host from these headers.

    Gradio believes `X-Forwarded-Host` and some headers of its own from everybody, and writes them
    into code samples that it keeps for all visitors. So no header of that kind is passed on.

    Args:
        app: The application behind it.
        proxies: The addresses of the named proxies.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[Network] = ()) -> None:
        self._app, self._proxies = app, proxies
        trusted = [str(network) for network in proxies]
        # It sets the sender and the scheme if the request comes from one of the proxies.
        self._with_sender = ProxyHeadersMiddleware(
            self._without_forwarded,  # type: ignore[arg-type]
            trusted,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the headers changed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if self._is_proxy(scope) and (hosts := Headers(scope=scope).get("x-forwarded-host")):
            # The nearest proxy appends its value last.
            host = hosts.rpartition(",")[2].strip().encode("latin-1")
            headers = [header for header in scope["headers"] if header[0] != b"host"]
            scope = {**scope, "headers": [(b"host", host), *headers]}
        await self._with_sender(scope, receive, send)  # type: ignore[arg-type]

    async def _without_forwarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [header for header in scope["headers"] if not _is_forwarded(header[0])]
        await self._app({**scope, "headers": headers}, receive, send)

    def _is_proxy(self, scope: Scope) -> bool:
        try:
            address = ip_address(scope["client"][0])
        except (TypeError, ValueError):  # a Unix socket has no address
            return False
        return any(address in network for network in self._proxies)


def _is_forwarded(name: bytes) -> bool:
    return name == b"forwarded" or name.startswith(b"x-")
