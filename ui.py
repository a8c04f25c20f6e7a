"""Starts the web chat for `python ui.py` and for `shutten chat`. Its code is in `web`."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import ShuttenError
from index.home import Library
from qa.assistant import Assistant
from web.background_server import BackgroundServer
from web.server import Options, is_for_this_machine_only

__all__ = ["BackgroundServer", "Options", "is_for_this_machine_only", "main", "serve", "start"]


def serve(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860) -> BackgroundServer:
    """Start a server in the background. Its method `close` stops it.

    Raises:
        ShuttenError: The port is in use, or the host is not an address of this machine.
    """
    return start(assistant, Options(host, port))


def start(assistant: Assistant, options: Options) -> BackgroundServer:
    """Start a server in the background, with all options.

    Raises:
        ShuttenError: The port, the host or the accounts cannot be used; the message says why.
    """
    return BackgroundServer(assistant, options)


def main(options: Options | None = None, home: Path | str | Library | None = None) -> None:
    """Serve the chat until it is interrupted.

    Args:
        options: How to serve. Without them, the chat is for this machine only, and its users may
            add statements.
        home: Data folder or library. Without it, the usual one.

    Raises:
        ShuttenError: The port or the data folder cannot be used; the message says why.
    """
    server = start(Assistant.open(home), options or Options(uploads=True))
    print(f"Shutten: {server.local_url}", flush=True)
    server.wait()


if __name__ == "__main__":
    try:
        main()
    except ShuttenError as error:
        raise SystemExit(f"shutten: {error}") from None
