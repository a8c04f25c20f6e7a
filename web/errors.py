"""What a client may read of an error."""

from __future__ import annotations

import sys
from pathlib import Path

from corpus.errors import ShuttenError

_OWN = "the server has trouble with its data folder; whoever runs it finds the reason in its output"


def for_client(error: ShuttenError, home: Path) -> tuple[str, bool]:
    """The line for a client, and whether the trouble is the server's own.

    What names the data folder is no mistake of the client's, and where that folder lies is nobody
    else's business: it is written for the one who runs the server.

    Args:
        error: What went wrong.
        home: The data folder.
    """
    line = " ".join(str(error).split())
    places = [f"{home}/", f"{home}:", str(home.absolute()), str(home.resolve())]
    if not any(place in line for place in places):
        return line, False
    print(f"shutten: {line}", file=sys.stderr)
    return _OWN, True
