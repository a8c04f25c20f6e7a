"""Opens a data folder with its model, before the modules are imported that answer questions.

The model is loaded by threads. A command that opens the folder first, and imports `qa.assistant`
only then, imports it while the model is loaded.
"""

from __future__ import annotations

from pathlib import Path

from corpus import arguments
from corpus.library import bundled_paths, load_statement
from index.building import adding
from index.building.rebuilding import open_store
from index.home import data_home
from index.models.catalogue import open_encoder
from index.models.encoder import Encoder
from index.store.base import Store


def open_index(home: Path | str | None = None) -> tuple[Store, Encoder]:
    """Open a data folder and the model of its index. A new folder gets the bundled statement.

    Args:
        home: The folder. Without it, `SHUTTEN_HOME` or the data directory of the user.

    Raises:
        ShuttenError: The folder or its model cannot be used; the message says why.
    """
    folder = None if home is None else arguments.require_path(home, "home")
    store = open_store(data_home(folder))
    encoder = open_encoder(adding.chosen_model(store))
    if store.meta("generation") is None and not store.has_statements():
        bundled = [(load_statement(path), str(path)) for path in bundled_paths()]
        adding.add(store, encoder, bundled)
    return store, encoder
