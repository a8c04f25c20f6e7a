"""`shutten chat`: the web chat, and the accounts that may use it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.exit_codes import DONE
from cli.groups import Command
from cli.options import Place, file_option, library_options


@click.command(cls=Command)
@library_options
@click.option(
    "--host", default="127.0.0.1", metavar="HOST", help="address to listen on (default local)"
)
@click.option(
    "--port", type=int, default=7860, metavar="PORT", help="port to listen on (default 7860)"
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="a name that the server is also called by; repeat it for more",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="address or network of a proxy whose X-Forwarded headers are believed; repeat it for "
    "more (default: nobody's)",
)
@click.option("--mcp", is_flag=True, help="offer tools to agents at /mcp")
@click.option(
    "--allow-upload",
    is_flag=True,
    help="users of the page may add, correct and remove statements (default if no other machine "
    "can reach the server)",
)
@click.option("--no-upload", is_flag=True, help="users of the page may change nothing")
@click.option(
    "--metrics-port",
    type=int,
    default=0,
    metavar="PORT",
    help="serve figures for Prometheus at /metrics of this port",
)
@file_option("--log", "FILE", "add a line of JSON for each question, without it; - for the output")
@click.option("--log-questions", is_flag=True, help="write the questions into --log, too")
@file_option(
    "--auth-file", "FILE", "only those named in FILE may come in, to the page and to programs"
)
@click.option(
    "--add-user",
    "new_user",
    metavar="NAME",
    help="add NAME to --auth-file, or change the password, and stop",
)
def chat(
    host: str,
    port: int,
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    mcp: bool,
    allow_upload: bool,
    no_upload: bool,
    metrics_port: int,
    log: Path | None,
    log_questions: bool,
    auth_file: Path | None,
    new_user: str | None,
    place: Place,
) -> int:
    """Open the web chat."""
    if new_user:
        return _add_user(new_user, auth_file)
    import ui
    from corpus.errors import ShuttenError
    from index.home import named_library

    if allow_upload and no_upload:
        raise ShuttenError("--allow-upload and --no-upload exclude each other; give one")
    if log_questions and log is None:
        raise ShuttenError("into which file? give --log FILE with --log-questions")
    by_default = ui.is_for_this_machine_only(host, names, proxies)
    options = ui.Options(
        host=host,
        port=port,
        names=names,
        auth_file=auth_file,
        mcp=mcp,
        proxies=proxies,
        uploads=allow_upload or (by_default and not no_upload),
        metrics_port=metrics_port,
        log=log,
        log_questions=log_questions,
    )
    ui.main(options, named_library(*place))
    return DONE


def _add_user(name: str, auth_file: Path | None) -> int:
    """Add an account to the file that `--auth-file` names."""
    from corpus.errors import ShuttenError
    from web.security import accounts

    if auth_file is None:
        raise ShuttenError("into which file? give --auth-file FILE with --add-user")
    accounts.add(auth_file, name, _read_password())
    print(f"{auth_file}: {name} may come in")
    return DONE


def _read_password() -> str:
    """Ask for a password twice, or read one line when standard input is not a terminal."""
    from corpus.errors import ShuttenError

    try:
        return _typed_password() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    except UnicodeDecodeError:
        raise ShuttenError("the password is not UTF-8; nothing was changed") from None


def _typed_password() -> str:
    from getpass import getpass

    from corpus.errors import ShuttenError

    try:
        password, again = getpass("password: "), getpass("once more: ")
    except EOFError:  # Ctrl-D
        print(file=sys.stderr)  # the error does not stand behind the prompt
        raise ShuttenError(
            "no password was given; nothing was changed; type it twice, each time with Enter"
        ) from None
    if again != password:
        raise ShuttenError("the two differ; nothing was changed")
    return password
