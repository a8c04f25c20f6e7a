"""The output of the server does not grow without end, whatever clients do."""

from __future__ import annotations

import logging

from web.rates import Rate

_LOGGERS = "asyncio", "uvicorn.error", "python_multipart.multipart"


class _Sparing(logging.Filter):
    """Lets lines that begin alike pass five at once, and then five a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._rate = Rate(5, 12.0)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written."""
        kind = record.exc_info[0] if record.exc_info else None
        return not self._rate.take((record.name, str(record.msg).partition("\n")[0], kind))


_SPARING = _Sparing()


def spare() -> None:
    """Write the same trouble of the libraries below only so often.

    Without descriptors asyncio complains of each connection it cannot accept, a hundred times a
    second.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_SPARING)
