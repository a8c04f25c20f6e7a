"""Rebuilds a data folder from the originals in it: after damage, and for a newer version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

from corpus.documents import Format
from corpus.errors import ShuttenError
from corpus.facts.reading import complete
from corpus.formats.encodings import detect_encoding, display_name
from corpus.formats.text import slug
from corpus.library import load_statement
from corpus.records import Provenance, Statement
from corpus.segmentation.parsing import parse
from index.building.adding import add, chosen_model
from index.home import Library
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from index.notices import notice
from index.store.base import Store
from index.store.local import LocalStore
from index.store.originals import DamagedError, Original, Originals
from index.store.schema import SCHEMA_VERSION
from index.store.segments import folder as segment_folder
from index.store.versions import OutdatedError

_SHA256 = 64  # hexadecimal digits of a checksum


def open_store(library: Library | Path) -> Store:
    """Open a library.

    Args:
        library: Where it is; a path stands for a data folder.

    Raises:
        ShuttenError: It cannot be opened.
    """
    if isinstance(library, Path):
        library = Library(library)
    if not library.address:
        return open_folder(library.home)
    from index.store.milvus.address import Address
    from index.store.milvus.store import MilvusStore

    store = MilvusStore(library.home, Address.parse(library.address))
    if not (store.exists or library.new):
        store.close()
        raise ShuttenError(
            f"{store.name}: there is no such library on that server; check --store, or make it "
            f"with `shutten index add PATH --store {store.name}`"
        )
    return store


def open_folder(home: Path) -> LocalStore:
    """Open a data folder. A folder of an older version is rebuilt first.

    Raises:
        ShuttenError: The folder cannot be opened or rebuilt.
    """
    try:
        return LocalStore(home)
    except OutdatedError:
        older = Originals(home)
    try:
        _migrate(older)
    except DamagedError as error:  # The other statements were rebuilt and can be searched.
        notice(str(error))
    except ShuttenError as error:
        raise ShuttenError(f"{error}; an older Shutten made it, and it must be made anew") from None
    finally:
        older.close()
    return LocalStore(home)


def _migrate(older: Originals) -> None:
    encoder = open_encoder(chosen_model(older))
    with older.locked():
        if older.version != str(SCHEMA_VERSION):  # Another process may have done it meanwhile.
            notice(
                f"{older.path}: made by an older Shutten (data version {older.version}); it is "
                "made anew, which takes seconds a statement"
            )
            _rebuild(older, encoder, progress=True)


def rebuild(store: Originals, encoder: Encoder, *, progress: bool = True) -> int:
    """Make everything again from the originals, as if their files were added to a new data folder.

    Besides the originals only the chosen model is kept. So damage of anything else does not matter.

    Args:
        store: The data folder.
        encoder: The model.
        progress: Whether a progress bar is shown.

    Returns:
        The number of texts that were encoded.

    Raises:
        DamagedError: The bytes of a statement are not those that were added. That statement stays
            as it is, and the others are rebuilt.
        ShuttenError: The originals cannot be read, or the folder cannot be written.
    """
    with store.locked():
        return _rebuild(store, encoder, progress=progress)


def _rebuild(store: Originals, encoder: Encoder, *, progress: bool) -> int:
    with _temporary_store(store) as new:
        _copy_chosen_model(store, new)
        statements, damage, stored_ids = [], [], {}
        for stored in store.originals():
            original = _with_readable_id(stored)
            stored_ids[original.id] = stored.id
            try:
                statements.append((_parse_again(store, original), original.origin))
            except DamagedError as error:
                damage.append(str(error))
                new.put_original(original, _kept_file(store, stored.id))
        changes = add(
            new,
            encoder,
            statements,
            progress=progress,
            bounded=False,
            file_of=lambda statement: _kept_file(store, stored_ids[statement.id]),
        )
        _replace(store, new)
    if damage:
        raise DamagedError(f"{'; '.join(damage)}; everything else was made anew")
    return sum(change.embedded for change in changes)


@contextmanager
def _temporary_store(store: Originals) -> Iterator[LocalStore]:
    """Create an empty data folder inside another one.

    If the process is killed, the next rebuild deletes it.
    """
    folder = store.home / "rebuilding"
    shutil.rmtree(folder, ignore_errors=True)  # left by a process that was killed
    new = LocalStore(folder)
    try:
        yield new
    finally:
        new.close()
        shutil.rmtree(folder, ignore_errors=True)


def _copy_chosen_model(store: Originals, new: LocalStore) -> None:
    if model := store.meta("model"):
        new.set_meta("model", model)
    elif not store.version:
        notice(f"{store.path}: its settings are lost; the model is now {BUNDLED}, as by default")


def _replace(store: Originals, new: LocalStore) -> None:
    """Put a new data folder in the place of another one."""
    names = {file.name for file in new.segment_files()}
    segment_folder.move(new.home, store.home, names)
    store.copy_from(new)
    segment_folder.delete_others(store.home, names)
    shutil.rmtree(store.home / "derived", ignore_errors=True)  # of older versions


def _kept_file(store: Originals, statement: str) -> bytes | None:
    """Return the document of a statement, if it is kept and not damaged."""
    try:
        return store.document_file(statement)
    except ShuttenError as error:
        notice(str(error))
        return None


def _with_readable_id(original: Original) -> Original:
    """Replace an id that is damaged by one that can be read."""
    readable = original.id.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    readable = readable or slug(Path(original.origin))
    if readable != original.id:
        notice(f"the name of a statement was damaged; it is called {readable!r} now")
    return replace(original, id=readable)


def _parse_again(store: Originals, original: Original) -> Statement:
    """Return the statement that adding its bytes again would give.

    Raises:
        DamagedError: The bytes are not those that were added, or cannot be decoded any more.
    """
    store.require_intact(original)
    encoding = detect_encoding(original.data) or original.encoding
    original = _with_sound_document(original)
    try:
        source = replace(original, encoding=encoding).source()
    except (ValueError, LookupError):
        raise store.damage(original, f"cannot be read as {encoding!r}") from None
    if encoding != original.encoding:
        name = display_name(encoding)
        notice(f"{original.id}: is read as {name}; {original.encoding!r} was recorded")
    passages = parse(source.text)
    return Statement(source, complete(_provenance(original), source, passages), passages)


def _with_sound_document(original: Original) -> Original:
    """Return a statement without its document if what is recorded of this is damaged.

    The text stays, and quotes from it stay right. Only the map to the pages is lost.
    """
    document = original.document
    if document is None:
        return original
    try:
        details = document.details
        fits = all(each.end <= len(original.data) for each in details.map.stretches)
        sound = fits and document.format in get_args(Format) and len(document.sha256) == _SHA256
    except (ValueError, TypeError):
        sound = False
    if sound and document.reader.startswith(document.format):
        return original
    notice(
        f"{original.id}: the map to its original file is damaged and left out; add the file again: "
        f"`shutten index add --id {original.id} {original.origin or 'FILE'}`"
    )
    return replace(original, document=None)


def _provenance(original: Original) -> Provenance:
    """Return the recorded provenance.

    If it is damaged, the file beside the original file is read again. If that is not possible, the
    provenance is empty.
    """
    try:
        return original.parse_provenance()
    except ValueError:
        toml = Path(original.origin).with_suffix(".toml")
    try:
        loaded = load_statement(Path(original.origin), original.id) if toml.is_file() else None
    except (ShuttenError, OSError, ValueError):
        loaded = None
    if loaded and loaded.source.sha256 == original.sha256:
        notice(f"{original.id}: its provenance was damaged, and was read again from {toml}")
        return loaded.provenance
    notice(
        f"{original.id}: its provenance was damaged and is empty now; write it to a TOML file "
        f"beside the statement and add that again with `--id {original.id}`"
    )
    return Provenance()
