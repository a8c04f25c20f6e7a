"""Questions in, answers out: what is quoted, how confident it is, and how it is shown and measured.

Scripts use `Assistant`, `retrieve` and the types that these return. They are loaded at the first
use, so that `import qa` and `shutten --help` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.errors import ShuttenError
    from qa.answers.answer import Answer, Quote
    from qa.assistant import Assistant, retrieve

__all__ = ["Answer", "Assistant", "Quote", "ShuttenError", "retrieve"]

_HOMES = {
    "Answer": "qa.answers.answer",
    "Assistant": "qa.assistant",
    "Quote": "qa.answers.answer",
    "ShuttenError": "corpus.errors",
    "retrieve": "qa.assistant",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
