"""The one line that tells the user what is wrong. It is imported only when a command fails."""

from __future__ import annotations

import re

import click

from cli.groups import did_you_mean
from corpus.errors import ShuttenError

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def explain(error: Exception) -> str | None:
    """Return what is wrong in one line, or None when the error is a fault of this program."""
    if isinstance(error, ShuttenError):
        return " ".join(str(error).split())
    if isinstance(error, click.UsageError):
        return _explain_usage(error)
    if isinstance(error, OSError):
        place = error.filename
        subject = f"{place}: cannot be used" if place else "the output cannot be written"
        return f"{subject} ({error.strerror or error})"
    return None


def _explain_usage(error: click.UsageError) -> str:
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):
        message = f"No such option {error.option_name!r}{_similar_option(error)}"
    # The words of the user may hold line breaks and characters that move the cursor.
    message = " ".join(_CONTROL_CHARACTERS.sub(" ", message).split()).removesuffix(".")
    command = error.ctx.command_path if error.ctx else "shutten"
    return f"{message[:1].lower()}{message[1:]}; see `{command} --help`"


def _similar_option(error: click.NoSuchOption) -> str:
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    names = [name for param in params if isinstance(param, click.Option) for name in param.opts]
    return did_you_mean(error.option_name, names)
