"""`shutten model`: the model that reads questions and passages."""

from __future__ import annotations

from pathlib import Path

import click

from cli.exit_codes import DONE
from cli.groups import Command, Group
from cli.options import file_argument, home_option


@click.command("list", cls=Command)
@home_option
def list_models(home: Path | None) -> int:
    """Show the models and the choice."""
    from index.building import adding
    from index.home import named_home
    from index.models import catalogue
    from index.store.originals import Originals

    store = Originals(named_home(home))
    chosen = adding.chosen_model(store)
    state = "built" if catalogue.bundled_folder().is_dir() else "not built yet"
    mark = "*" if chosen == catalogue.BUNDLED else " "
    print(f"{mark} {catalogue.BUNDLED}  bundled, int8, {state}: {catalogue.bundled_folder()}")
    if chosen != catalogue.BUNDLED:
        print(f"* {chosen}  sentence-transformers")
    print(f"index made with: {store.meta('fingerprint') or 'nothing yet'}")
    return DONE


@click.command(cls=Command)
@home_option
def build(home: Path | None) -> int:
    """Build the bundled model now, or check the files that were built before."""
    from index.models import catalogue

    del home  # every command takes `--home`, but models are kept in the cache
    print(f"{catalogue.BUNDLED}: {catalogue.build_bundled(checksums=True)}")
    return DONE


@click.command(cls=Command)
@file_argument("name", "NAME_OR_PATH", "its name on a model hub, or its folder", type=str)
@home_option
def use(name: str, home: Path | None) -> int:
    """Choose a model for this data folder."""
    from corpus.errors import ShuttenError
    from index.home import named_home
    from index.models import catalogue
    from index.store.originals import Originals

    store = Originals(named_home(home, new=True))
    if not name.strip():
        raise ShuttenError("the model has no name; give a name or a folder")
    if name != catalogue.BUNDLED and Path(name).is_dir():
        name = str(Path(name).resolve())
    # A model that cannot read a text is not chosen.
    list(catalogue.open_encoder(name).encode([name], "query"))
    with store.writing():
        store.set_meta("model", name)
    print(f"model: {name}")
    if store.statement_ids():
        print("run `shutten index rebuild` to embed the statements with it")
    return DONE


model = Group(
    "model",
    help="The model that reads questions and passages.",
    commands=[list_models, build, use],
    subcommand_metavar="ACTION",
)
