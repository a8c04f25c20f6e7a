"""`shutten index`: the statements that are searched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.index_facts import list_statements, set_facts, show
from cli.commands.stopping import adding_to, changing
from cli.exit_codes import DONE
from cli.groups import Command, Group
from cli.options import argument, file_argument, home_option

if TYPE_CHECKING:
    from index.building.adding import Change
    from index.store.store import Store


@click.command(cls=Command)
@file_argument("paths", "PATH...", "the statement files", type=str, nargs=-1, required=True)
@home_option
@click.option("--id", "statement_id", metavar="ID", help="name the statement (with a single PATH)")
def add(paths: tuple[str, ...], statement_id: str | None, home: Path | None) -> int:
    """Add statement files, each wholly or not at all.

    If one of the files is refused, none is added. If the program is stopped, the statements that
    are stored stay, and the same command goes on behind them.

    Facts that were set by hand (`index set`) stay when a file is added again, edited or not.
    """
    from corpus.errors import ShuttenError
    from corpus.formats.text import local_path
    from corpus.library import load_statement, unknown_key_warnings
    from index.building import adding
    from index.building.rebuilding import open_store
    from index.home import named_home
    from index.models import catalogue
    from qa.listing import encoding_note

    if statement_id and len(paths) > 1:
        raise ShuttenError("--id names one statement; add the paths one by one")
    files = [local_path(path) for path in paths]
    statements = [(load_statement(file, statement_id), str(file.resolve())) for file in files]
    names = [statement.id for statement, _ in statements]
    for name in names:
        if names.count(name) > 1:
            raise ShuttenError(f"two of the files would be called {name!r}; add one with --id")
    store = open_store(named_home(home, new=True))
    encoder = catalogue.open_encoder(adding.chosen_model(store))
    named = bool(statement_id)
    with adding_to(store, [statement for statement, _ in statements]):
        changes = adding.add(
            store, encoder, statements, replace_origin=named, leave_copies=not named
        )
    for file, (statement, _), change in zip(files, statements, changes, strict=True):
        print(_change_line(change, encoding_note(statement.source)))
        for line in unknown_key_warnings(file):
            print(f"{change.statement}: {line}")
    return DONE


def _change_line(change: Change, encoding: str) -> str:
    if change.outcome == "copy":
        return (
            f"{change.statement}: not added, it has the same bytes as {change.original!r}, which "
            "is there; with `--id NAME` it is added all the same"
        )
    counts = f"{change.passages} passages, {change.embedded} wordings embedded"
    kept = f"kept as set by hand: {', '.join(change.by_hand)}" if change.by_hand else ""
    parts = [f"{change.statement}: {change.outcome}", counts, kept, encoding]
    return ", ".join(filter(None, parts))


@click.command(cls=Command)
@argument("statement_id", "ID", "the statement, as `index list` shows it")
@home_option
def remove(statement_id: str, home: Path | None) -> int:
    """Remove a statement."""
    from index.building import adding
    from index.building.rebuilding import open_store
    from index.home import named_home

    store = open_store(named_home(home))
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
@home_option
def check_index(home: Path | None) -> int:
    """Verify every offset, checksum and vector."""
    from corpus.errors import ShuttenError
    from index.building import adding, checking
    from index.building.rebuilding import open_store
    from index.home import named_home
    from index.models import catalogue
    from index.search.searcher import Searcher

    store = open_store(named_home(home))
    problems = checking.check(store)
    for problem in problems:
        print(f"wrong: {problem}", file=sys.stderr)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ShuttenError(f"{count} in {store.home}; {_advice(store, len(problems))}")
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
    return f"run `shutten index rebuild`{' and add the damaged files again' if damaged else ''}"


index = Group(
    "index",
    help="The statements that are searched.",
    commands=[add, list_statements, show, set_facts, remove, rebuild_index, check_index],
    subcommand_metavar="ACTION",
)
