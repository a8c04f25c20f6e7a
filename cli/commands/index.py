"""`shutten index`: the statements that are searched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.index_add import add
from cli.commands.index_facts import list_statements, set_facts, show
from cli.commands.index_servers import conformance, copy_library
from cli.commands.index_sync import sync
from cli.commands.stopping import changing
from cli.exit_codes import DONE
from cli.groups import Command, Group
from cli.options import Place, argument, home_option, library_options

if TYPE_CHECKING:
    from index.store.base import Store


@click.command(cls=Command)
@argument("statement_id", "ID", "the statement, as `index list` shows it")
@library_options
def remove(statement_id: str, place: Place) -> int:
    """Remove a statement."""
    from index.building import adding
    from index.building.rebuilding import open_store
    from index.home import named_library

    store = open_store(named_library(*place))
    with changing(store):
        adding.remove(store, statement_id)
    print(f"{statement_id}: removed")
    return DONE


@click.command("rebuild", cls=Command)
@home_option
def rebuild_index(home: Path | None) -> int:
    """Parse and embed everything anew, with the chosen model."""
    from index.building import adding
    from index.building.rebuilding import rebuild
    from index.home import named_home
    from index.models import catalogue
    from index.store.originals import Originals

    store = Originals(named_home(home))
    encoder = catalogue.open_encoder(adding.chosen_model(store))
    with changing(store):
        count = rebuild(store, encoder)
    print(f"rebuilt {len(store.statement_ids())} statements, {count} wordings embedded")
    return DONE


@click.command("check", cls=Command)
@library_options
def check_index(place: Place) -> int:
    """Verify every offset, checksum and vector."""
    from corpus.errors import ShuttenError
    from index.building import adding, checking
    from index.building.rebuilding import open_store
    from index.home import named_library
    from index.models import catalogue
    from index.search.searcher import Searcher

    store = open_store(named_library(*place))
    problems = checking.check(store)
    for problem in problems:
        print(f"wrong: {problem}", file=sys.stderr)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ShuttenError(f"{count} in {store.name}; {_advice(store, len(problems))}")
    if not store.is_empty():
        # A searcher opens only when the index was made with the chosen model.
        Searcher(store, catalogue.open_encoder(adding.chosen_model(store)))
    passages = sum(len(store.statement(name).passages) for name in store.statement_ids())
    print(f"all well: {len(store.statement_ids())} statements, {passages} passages")
    return DONE


def _advice(store: Store, problems: int) -> str:
    damaged = len(store.damaged_ids())
    if damaged == problems:
        return "add those files again"
    return f"{store.remedy}{' and add the damaged files again' if damaged else ''}"


index = Group(
    "index",
    help="The statements that are searched.",
    commands=[
        add,
        sync,
        list_statements,
        show,
        set_facts,
        remove,
        rebuild_index,
        check_index,
        copy_library,
        conformance,
    ],
    subcommand_metavar="ACTION",
)
