"""Lines above the question box: what is wrong, or what happens now. All functions are pure."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import ShuttenError
from index.store.values import UnreachableError
from qa.questions.checks import MAX_QUESTION
from web.errors import for_client
from web.gate import BusyError
from web.page.elements import escaped, in_each
from web.page.strings import TEXTS


def problem(question: str, error: ShuttenError, home: Path) -> str:
    """Return what is wrong with a question, as a line above the question box.

    Such a question may have no language to answer in. So the line is in both languages, and the
    style sheet shows that of the page.

    Args:
        question: The question as it was asked.
        error: What went wrong.
        home: The data folder, whose path is not shown.
    """
    if isinstance(error, BusyError):
        return bilingual("busy")
    if not question.strip():
        return bilingual("empty")
    if len(question) > MAX_QUESTION:
        return bilingual("long")
    return trouble(error, home)


def trouble(error: ShuttenError, home: Path) -> str:
    """Return an error that no question is to blame for, as a line above the question box.

    Args:
        error: What went wrong.
        home: The data folder, whose path is not shown.
    """
    line = error_line(error, home)  # tells the operator what the reader need not know
    return bilingual("unreachable") if isinstance(error, UnreachableError) else line


def bilingual(key: str, most: int = MAX_QUESTION, role: str = "alert") -> str:
    """Return a text in both languages, as a line above the question box.

    Args:
        key: Key of the text.
        most: The number that stands for `{most}` in the text.
        role: `alert` for a problem, which screen readers announce at once; `status` otherwise.
    """
    kind = "problem" if role == "alert" else "note"
    return f'<p class="{kind}" role="{role}">{in_both_languages(key, most=most)}</p>'


def in_both_languages(key: str, **values: object) -> str:
    """Return a text in both languages. The style sheet shows that of the page.

    Args:
        key: Key of the text.
        values: What stands for the placeholders of the text.
    """
    return in_each({name: texts[key].format(**values) for name, texts in TEXTS.items()})


def error_line(error: ShuttenError, home: Path) -> str:
    """Return an error as a line that screen readers announce at once.

    Args:
        error: What went wrong.
        home: The data folder, whose path is not shown.
    """
    return f'<p class="problem" role="alert">{escaped(for_client(error, home)[0])}</p>'
