"""The `shutten` program: its commands, its exit codes, and what it prints when one fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from cli.exit_codes import DONE, INTERRUPTED, WRONG_INPUT
from cli.groups import LazyGroup
from qa.signals import stoppable

_NAME = "shutten"
_COMPLETION = "_SHUTTEN_COMPLETE"  # a shell sets this variable when it asks for completions
_COMMANDS = {
    "ask": ("cli.commands.ask", "Ask one question, or a file of them."),
    "verify": (
        "cli.commands.verify",
        "Check the quotes of a kept answer against the source, word for word.",
    ),
    "check": (
        "cli.commands.check",
        "Put a sentence from a press article beside the source's own words.",
    ),
    "index": ("cli.commands.index", "The statements that are searched."),
    "eval": (
        "cli.commands.evaluate",
        "Measure answers on a question set (or `eval squad`: on SQuAD-format files).",
    ),
    "chat": ("cli.commands.chat", "Open the web chat."),
    "feedback": (
        "cli.commands.feedback",
        "Write what readers said of answers as a question set for `eval`.",
    ),
    "model": ("cli.commands.model", "The model that reads questions and passages."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words behind `shutten`; those of this process when omitted.

    Returns:
        The exit code: 0 answered or done, 1 not found, 2 usage or input error, 128 + the number
        of a signal that stopped the command.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    # Without a value, the tokenizers warn on standard error when a process forks.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    _write_utf8()
    try:
        with stoppable():
            code = _run(words)
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # the reader of the output wants no more, e.g. `| head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return DONE
    except KeyboardInterrupt as stop:
        print("; ".join([f"{_NAME}: stopped", *getattr(stop, "__notes__", ())]), file=sys.stderr)
        return getattr(stop, "code", INTERRUPTED)
    except Exception as error:
        from cli.errors import explain

        line = explain(error)
        if line is None:
            raise
        print(f"{_NAME}: {line}", file=sys.stderr)
        return WRONG_INPUT


def _write_utf8() -> None:
    """Write UTF-8 on any console; lone surrogates become escapes, which JSON reads back."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _run(words: list[str]) -> int:
    """Run one command, or print completions, without click's own handling of errors."""
    if instruction := os.environ.get(_COMPLETION):
        from click.shell_completion import shell_complete

        if shell_complete(program, {}, _NAME, _COMPLETION, instruction) != 0:
            values = "`bash_source`, `zsh_source` or `fish_source`"
            raise click.UsageError(f"{_COMPLETION} must be {values}, not {instruction!r}")
        return DONE
    try:
        with program.make_context(_NAME, words) as context:
            return int(program.invoke(context))
    except click.exceptions.Exit as end:  # `--help` and `--version` end a command early
        return end.exit_code


def _print_version(context: click.Context, _: click.Parameter, given: bool) -> None:
    if not given or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version(_NAME)
    except PackageNotFoundError:
        number = "unknown (not installed)"
    print(f"{_NAME} {number}")
    context.exit()


program = LazyGroup(
    _NAME,
    modules=_COMMANDS,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="print the version",
        )
    ],
    subcommand_metavar="COMMAND",
    help="Ask a joint statement a question in any language, get its exact words back.",
    epilog="Exit codes: 0 answered or done, 1 not found, 2 usage or input error.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
