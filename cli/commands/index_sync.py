"""`shutten index sync`: keeps a data folder like a folder of files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.index_add import add_one_by_one
from cli.exit_codes import DONE
from cli.groups import Command
from cli.options import Place, file_argument, library_options, ocr_option

if TYPE_CHECKING:
    from index.building.files import FileAdder
    from index.store.base import Store

_BEGIN = 500  # milliseconds until a folder is watched
_MOST_NAMED = 10  # statements that are named before the question whether to remove them


@click.command(cls=Command)
@file_argument("folder", "FOLDER", "the folder of files and folders")
@library_options
@ocr_option
@click.option("--no-keep", is_flag=True, help="keep only the texts of documents, not the files")
@click.option("--remove", is_flag=True, help="remove statements whose files are gone, unasked")
@click.option("--watch", is_flag=True, help="go on, and do so after each change in the folder")
def sync(
    folder: Path,
    ocr: str,
    no_keep: bool,
    remove: bool,
    watch: bool,
    place: Place,
) -> int:
    """Add what is new in a folder, and read again what changed.

    Statements whose files are gone stay until you agree to remove them. A file that was moved
    within the folder stays the same statement. Facts that were set by hand stay.
    """
    from corpus.errors import ShuttenError
    from index.building import adding
    from index.building.files import FileAdder
    from index.building.rebuilding import open_store
    from index.home import named_library
    from index.models import catalogue

    if not folder.is_dir():
        raise ShuttenError(f"{folder}: is no folder; give the folder that holds the files")
    store = open_store(named_library(*place, new=True))
    encoder = catalogue.open_encoder(adding.chosen_model(store))

    def once() -> int:
        with FileAdder(store, encoder, ocr=ocr, keep=not no_keep) as adder:
            return _sync_once(adder, folder, remove, watching=watch)

    code = once()
    if watch:
        _watch(folder, once)
    return code


def _watch(folder: Path, once: Callable[[], int]) -> None:
    """Call `once` after each change in a folder, until the program is stopped."""
    from watchfiles import watch as changes_in

    watching = False
    # It raises KeyboardInterrupt only if it is told to. It yields nothing when it has begun.
    for changes in changes_in(
        folder, raise_interrupt=True, yield_on_timeout=True, rust_timeout=_BEGIN
    ):
        if not watching:
            print(f"watching {folder}; Ctrl-C ends it", flush=True)
        if changes or not watching:  # what changed before it began is not told
            once()
        watching = True


def _sync_once(adder: FileAdder, folder: Path, remove: bool, *, watching: bool) -> int:
    """Make the data folder like the folder once.

    Args:
        adder: Reads and adds files.
        folder: The folder.
        remove: Whether statements whose files are gone are removed.
        watching: Whether the folder is watched. If not, and if there is a terminal, the user is
            asked about statements whose files are gone. And what did not change is counted.
    """
    from corpus.inputs import in_folder

    files = list(in_folder(folder))
    code = add_one_by_one(adder, files, counts_unchanged=not watching)
    store = adder.store
    gone = adder.gone({file.origin for file in files}, folder)
    if not gone:
        return code
    names = ", ".join(gone[:_MOST_NAMED]) + (" ..." if len(gone) > _MOST_NAMED else "")
    print(f"gone from {folder}: {names}")
    if remove or (not watching and _agrees(len(gone))):
        _remove(store, gone)
    else:
        print("they stay; `--remove` removes them")
    return code or DONE


def _agrees(count: int) -> bool:
    if not sys.stdin.isatty():
        return False
    what = "this statement" if count == 1 else f"these {count} statements"
    return click.confirm(f"remove {what} from the library?", default=False)


def _remove(store: Store, names: list[str]) -> None:
    from index.building import adding

    for name in names:
        adding.remove(store, name)
        print(f"{name}: removed")
