"""The commands of `shutten index` that show statements with their facts, and correct these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.commands.stopping import changing
from cli.exit_codes import DONE
from cli.groups import Command
from cli.options import Place, argument, json_option, library_options
from cli.output import print_json, print_table

if TYPE_CHECKING:
    from corpus.records import Statement
    from index.store.base import Store


@click.command("list", cls=Command)
@library_options
@json_option("print JSON, with all facts")
def list_statements(as_json: bool, place: Place) -> int:
    """List the statements, the newest first."""
    from corpus.errors import ShuttenError
    from index.building.rebuilding import open_store
    from index.home import named_library
    from qa.listing import TABLE_HEAD, newest_first, table_row

    store = open_store(named_library(*place))
    statements: list[Statement] = []
    damage: list[ShuttenError] = []
    for name in store.statement_ids():
        try:
            statements.append(store.statement(name))
        except ShuttenError as error:
            damage.append(error)
    statements = newest_first(statements)
    if as_json:
        print_json([_row(store, statement) for statement in statements])
    elif statements:
        print_table(TABLE_HEAD, map(table_row, statements), shortened=TABLE_HEAD.index("title"))
    elif not damage:
        print(f"no statements in {store.name}; add one with `shutten index add PATH`")
    if damage:  # the other statements are listed first
        raise damage[0]
    return DONE


def _row(store: Store, statement: Statement) -> dict[str, Any]:
    """Return what `--json` prints for one statement."""
    from qa.listing import statement_row

    return statement_row(statement) | {"origin": store.original(statement.id).origin}


@click.command(cls=Command)
@argument("statement_id", "ID", "the statement, as `index list` shows it")
@library_options
@click.option("--cut", "cuts", is_flag=True, help="show what of the file is not in the text")
@json_option()
def show(statement_id: str, cuts: bool, as_json: bool, place: Place) -> int:
    """Show the facts of a statement, and where each was found."""
    from index.building.rebuilding import open_store
    from index.home import named_library
    from qa.listing import cut_line, cut_rows, fact_lines

    store = open_store(named_library(*place))
    statement = store.statement(statement_id)
    if cuts:
        rows = cut_rows(statement.source)
        if as_json:
            print_json(rows)
        else:
            print("\n".join(map(cut_line, rows)) or "nothing was cut")
    elif as_json:
        print_json(_row(store, statement))
    else:
        print("\n".join(fact_lines(statement, store.original(statement_id).origin)))
    return DONE


@click.command("set", cls=Command)
@argument("statement_id", "ID", "the statement, as `index list` shows it")
@argument("facts", "KEY=VALUE...", "the facts, such as date=2023-05-26", nargs=-1, required=True)
@library_options
def set_facts(statement_id: str, facts: tuple[str, ...], place: Place) -> int:
    """Correct facts of a statement by hand.

    `index show` lists the keys. KEY= empties a fact. Parties are names or codes with commas between
    them. For several issuers or signatories, repeat the key.

    What was set stays when the file is added again, also when the file itself changed, and after a
    rebuild. To read the facts from the file again, remove the statement and add it.
    """
    from corpus.facts.recorded import parse_settings
    from index.building import adding
    from index.building.rebuilding import open_store
    from index.home import named_library
    from index.models import catalogue
    from qa.listing import changed_facts

    store = open_store(named_library(*place))
    store.original(statement_id)  # an unknown id is reported before a value that is wrong
    values = parse_settings(facts, statement_id)
    encoder = catalogue.open_encoder(adding.chosen_model(store))
    with changing(store):
        before, after = adding.set_facts(store, encoder, statement_id, values)
    for line in [*changed_facts(before, after)] or ["nothing changed"]:
        print(f"{statement_id}: {line}")
    return DONE
