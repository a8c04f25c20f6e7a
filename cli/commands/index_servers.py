"""`shutten index copy` and `shutten index conformance`: libraries on a server."""

from __future__ import annotations

from pathlib import Path

import click

from cli.exit_codes import DONE, NOT_FOUND
from cli.groups import Command
from cli.options import Place, argument, library_options


@click.command("copy", cls=Command)
@library_options
@click.option(
    "--to",
    "target",
    required=True,
    metavar="WHERE",
    help="a store such as milvus://HOST:PORT/NAME, or a data folder",
)
def copy_library(place: Place, target: str) -> int:
    """Copy the library, with its index, to another store, and compare.

    Nothing is encoded anew. If it is stopped, the same command goes on.
    """
    from contextlib import closing

    from tqdm import tqdm

    from index.building.copying import copy
    from index.building.rebuilding import open_store
    from index.home import Library, named_home, named_library

    library = named_library(*place)
    is_address = "://" in target
    where: Library | Path = Library(library.home, target, new=True)
    if not is_address:
        where = named_home(Path(target), new=True)
    with closing(open_store(library)) as source, closing(open_store(where)) as copied:
        names = source.statement_ids()
        with tqdm(total=len(names), desc="copying", unit=" statements", leave=False) as bar:
            count = copy(source, copied, lambda _: bar.update())
        print(f"copied and compared {count} statements: {source.name} -> {copied.name}")
    return DONE


@click.command(cls=Command)
@argument("url", "URL", "the server: milvus://HOST:PORT/NAME, with the name of no library")
def conformance(url: str) -> int:
    """Check that a server gives the answers of a data folder.

    A library is made under that name, compared with a data folder, and deleted again.
    """
    from qa.conformance import conform

    failed = 0
    for step, problem in conform(url):
        failed += bool(problem)
        print(f"failed: {step}: {problem}" if problem else f"ok: {step}", flush=True)
    return NOT_FOUND if failed else DONE
