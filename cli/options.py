"""Options and arguments that several commands share, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.groups import Argument

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_Decorator = Callable[[Callable[..., int]], Callable[..., int]]


def complete_file(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Let the shell complete the name of a file or folder."""
    from click.shell_completion import CompletionItem

    del ctx, param
    return [CompletionItem(incomplete, type="file")]


def argument(name: str, metavar: str, summary: str = "", **settings: Any) -> _Decorator:
    """Declare a positional argument with its line of help."""
    return click.argument(name, cls=Argument, metavar=metavar, summary=summary, **settings)


def file_argument(name: str, metavar: str, summary: str = "", **settings: Any) -> _Decorator:
    """Declare a positional argument that names a file. The command gets a `Path`."""
    settings.setdefault("type", Path)
    settings.setdefault("shell_complete", complete_file)
    return argument(name, metavar, summary, **settings)


def file_option(name: str, metavar: str, summary: str, **settings: Any) -> _Decorator:
    """Declare an option that names a file or a folder. The command gets a `Path`."""
    settings.setdefault("type", Path)
    settings.setdefault("shell_complete", complete_file)
    return click.option(name, metavar=metavar, help=summary, **settings)


def ocr_option(command: Callable[..., int]) -> Callable[..., int]:
    """Declare `--ocr`. The command gets it as `ocr`, which is empty if it is not given."""
    return click.option(
        "--ocr",
        metavar="LANGUAGES",
        default="",
        help="recognise the words of scanned pages with tesseract, such as in jpn, or in jpn+eng",
    )(command)


def json_option(summary: str = "print one JSON object") -> _Decorator:
    """Declare `--json`. The command gets it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=summary)


def _folder(name: str) -> Path:
    """Return the path of a data folder, or refuse a name that no folder can have."""
    from corpus import arguments
    from corpus.errors import ShuttenError

    try:
        return arguments.require_path(name, "the data folder")
    except ShuttenError as error:
        raise click.BadParameter(str(error)) from None


def within_options(command: Callable[..., int]) -> Callable[..., int]:
    """Declare the filters of statements. The command gets them as `within`, a mapping."""

    @wraps(command)
    def wrapped(
        *args: Any,
        statements: tuple[str, ...],
        since: str,
        until: str,
        parties: tuple[str, ...],
        **options: Any,
    ) -> int:
        within = {"statements": statements, "since": since, "until": until, "parties": parties}
        return command(*args, within=within, **options)

    for option in reversed(
        (
            click.option(
                *("--statement", "statements"),
                multiple=True,
                metavar="ID",
                help="search only this statement; repeat it for several",
            ),
            click.option(
                *("--from", "since"),
                default="",
                metavar="DATE",
                help="search statements from this date on: 2023, 2023-05 or 2023-05-26",
            ),
            click.option(
                *("--to", "until"),
                default="",
                metavar="DATE",
                help="search statements up to this date",
            ),
            click.option(
                *("--party", "parties"),
                multiple=True,
                metavar="NAME",
                help="search statements of this country or organisation; repeat it for several",
            ),
        )
    ):
        wrapped = option(wrapped)
    return wrapped


class Place(NamedTuple):
    """Where a command finds its library, as far as the user said; see `named_library`.

    Attributes:
        home: The data folder.
        address: The address of a store.
    """

    home: Path | None
    address: str


def library_options(command: Callable[..., int]) -> Callable[..., int]:
    """Declare `--home` and `--store`. The command gets them as `place`."""

    @wraps(command)
    def wrapped(*args: Any, home: Path | None, address: str, **options: Any) -> int:
        return command(*args, place=Place(home, address), **options)

    return home_option(
        click.option(
            *("--store", "address"),
            default="",
            metavar="URL",
            help="where the statements are, if not in the data folder: milvus://HOST:PORT/NAME "
            "(else SHUTTEN_STORE)",
        )(wrapped)
    )


home_option = file_option(
    "--home",
    "DIR",
    "the data folder (else SHUTTEN_HOME, else the user's data directory); only `index add` and "
    "`model use` make a new one",
    type=_folder,
)
