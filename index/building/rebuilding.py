"""Makes a data folder anew from the originals in it: after damage, and for a newer version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.formats.encodings import detect_encoding, display_name
from corpus.formats.text import slug
from corpus.library import load_statement
from corpus.records import Provenance, Statement
from corpus.segmentation.parsing import parse
from index.building.adding import add, chosen_model, restore_derived
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from index.notices import notice
from index.store import search_arrays
from index.store.database import OutdatedError
from index.store.originals import DamagedError, Original, Originals
from index.store.schema import SCHEMA_VERSION
from index.store.store import Store


def open_store(home: Path) -> Store:
    """Open a data folder; one of an older version is made anew first.

    Raises:
        ShuttenError: It cannot be opened, or not be made anew.
    """
    try:
        return Store(home)
    except OutdatedError:
        older = Originals(home)
    try:
        _migrate(older)
    except DamagedError as error:  # what is asked of the others can be answered
        notice(str(error))
    except ShuttenError as error:
        raise ShuttenError(f"{error}; an older Shutten made it, and it must be made anew") from None
    finally:
        older.close()
    return Store(home)


def _migrate(older: Originals) -> None:
    encoder = open_encoder(chosen_model(older))
    with older.locked():
        if older.version != str(SCHEMA_VERSION):  # another process may have been first
            notice(
                f"{older.path}: made by an older Shutten (data version {older.version}); it is "
                "made anew, which takes seconds a statement"
            )
            _rebuild(older, encoder, progress=True)


def rebuild(store: Originals, encoder: Encoder, *, progress: bool = True) -> int:
    """Make everything anew from the originals, as if their files were added to a new data folder.

    Of all else only the choice of a model is kept, so no damage of it matters.

    Returns:
        How many wordings were embedded.

    Raises:
        DamagedError: The bytes of a statement are not those that were added. It stays as it is,
            and the others are made anew.
        ShuttenError: The originals cannot be read, or the folder cannot be written.
    """
    with store.locked():
        return _rebuild(store, encoder, progress=progress)


def _rebuild(store: Originals, encoder: Encoder, *, progress: bool) -> int:
    with _beside(store) as new:
        _keep_model(store, new)
        restored, damage = [], []
        for original in map(_named, store.originals()):
            try:
                restored.append((_restored(store, original), original.origin))
            except DamagedError as error:
                damage.append(str(error))
                new.keep(original)
        changes = add(new, encoder, restored, progress=progress, bounded=False)
        if not changes:
            restore_derived(new)
        _put_in_place(new, store)
    if damage:
        raise DamagedError(f"{'; '.join(damage)}; everything else was made anew")
    return sum(change.embedded for change in changes)


@contextmanager
def _beside(store: Originals) -> Iterator[Store]:
    """A new data folder within another one; it lies where any change clears what was left."""
    folder = search_arrays.folder(store, "rebuilding")
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    new = Store(folder)
    try:
        yield new
    finally:
        new.close()
        shutil.rmtree(folder, ignore_errors=True)


def _keep_model(store: Originals, new: Store) -> None:
    if model := store.meta("model"):
        new.set_meta("model", model)
    elif not store.version:
        notice(f"{store.path}: its settings are lost; the model is now {BUNDLED}, as by default")


def _put_in_place(new: Store, store: Originals) -> None:
    generation = new.meta("generation") or ""
    search_arrays.move(new, store, generation)
    store.take_over(new)
    search_arrays.remove_others(store, generation)


def _named(original: Original) -> Original:
    """The original, with a name that can be read."""
    name = original.id.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = name or slug(Path(original.origin))
    if name != original.id:
        notice(f"the name of a statement was damaged; it is called {name!r} now")
    return replace(original, id=name)


def _restored(store: Originals, original: Original) -> Statement:
    """A statement as adding its bytes again would give it.

    Raises:
        DamagedError: They are not those that were added, or cannot be read any more.
    """
    store.whole(original)
    encoding = detect_encoding(original.data) or original.encoding
    try:
        source = replace(original, encoding=encoding).source()
    except (ValueError, LookupError):
        raise store.damage(original, f"cannot be read as {encoding!r}") from None
    if encoding != original.encoding:
        name = display_name(encoding)
        notice(f"{original.id}: is read as {name}; {original.encoding!r} was recorded")
    return Statement(source, _facts(original), parse(source.text))


def _facts(original: Original) -> Provenance:
    """The provenance that was recorded, or else the one beside the file if that is still there."""
    try:
        return original.facts()
    except ValueError:
        beside = Path(original.origin).with_suffix(".toml")
    try:
        found = load_statement(Path(original.origin), original.id) if beside.is_file() else None
    except (ShuttenError, OSError, ValueError):
        found = None
    if found and found.source.sha256 == original.sha256:
        notice(f"{original.id}: its provenance was damaged, and was read again from {beside}")
        return found.provenance
    notice(
        f"{original.id}: its provenance was damaged and is empty now; write it to a TOML file "
        f"beside the statement and add that again with `--id {original.id}`"
    )
    return Provenance()
