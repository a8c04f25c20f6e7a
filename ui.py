"""The web chat: `python ui.py`, or `shutten chat`. What it serves is made in `web`."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.server import Options, Running

__all__ = ["Options", "Running", "main", "serve", "start"]


def serve(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860) -> Running:
    """Start the server in the background; `close()` of what it returns stops it.

    Raises:
        ShuttenError: Another program has that port, or the host is not an address of here.
    """
    return start(assistant, Options(host, port))


def start(assistant: Assistant, options: Options) -> Running:
    """The same with all options.

    Raises:
        ShuttenError: The port, the host or the accounts cannot be used; the message says why.
    """
    return Running(assistant, options)


def main(options: Options | None = None, home: Path | str | None = None) -> None:
    """Serve the chat until interrupted.

    Args:
        options: How.
        home: Data folder; the usual one when omitted.

    Raises:
        ShuttenError: The port or the data folder cannot be used; the message says why.
    """
    server = start(Assistant.open(home), options or Options())
    print(f"Shutten: {server.local_url}", flush=True)
    server.wait()


if __name__ == "__main__":
    try:
        main()
    except ShuttenError as error:
        raise SystemExit(f"shutten: {error}") from None
