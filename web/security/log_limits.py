"""Keeps clients from filling the output of the server with repeated error lines."""

from __future__ import annotations

import logging

from web.rates import log_rate

_LOGGERS = "asyncio", "uvicorn.error", "python_multipart.multipart"


class _RepeatFilter(logging.Filter):
    """Lets five records of the same kind pass at once, and then five a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._rate = log_rate()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written."""
        error = record.exc_info[0] if record.exc_info else None
        return not self._rate.take((record.name, str(record.msg).partition("\n")[0], error))


_REPEAT_FILTER = _RepeatFilter()


def limit_repeated_lines() -> None:
    """Limit how often the libraries of the server may log the same error.

    When no file descriptors are left, asyncio logs an error for each connection that it cannot
    accept, a hundred times a second.
    """
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_REPEAT_FILTER)
