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
from index.home import Library, data_library
from index.models.catalogue import open_encoder
from index.models.encoder import Encoder
from index.store.base import Store


def open_index(
    home: Path | str | Library | None = None, address: str = ""
) -> tuple[Store, Encoder]:
    """Open a library and the model of its index. A new data folder gets the bundled statement.

    Args:
        home: The data folder, or the library. Without it, `SHUTTEN_HOME` or the data directory of
            the user.
        address: The address of the store with the statements. Without it, `SHUTTEN_STORE` or the
            data folder.

    Raises:
        ShuttenError: The library or its model cannot be used; the message says why.
    """
    if not isinstance(home, Library):
        folder = None if home is None else arguments.require_path(home, "home")
        home = data_library(folder, arguments.require_text(address, "the address of the store"))
    store = open_store(home)
    encoder = open_encoder(adding.chosen_model(store))
    if store.meta("generation") is None and not store.has_statements():
        bundled = [(load_statement(path), str(path)) for path in bundled_paths()]
        adding.add(store, encoder, bundled)
    return store, encoder
