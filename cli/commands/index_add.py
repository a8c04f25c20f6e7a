"""`shutten index add`: the files, folders and archives that a user names."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shlex import quote
from typing import TYPE_CHECKING

import click

from cli.commands.stopping import adding_files, adding_to
from cli.exit_codes import DONE, WRONG_INPUT
from cli.groups import Command
from cli.options import Place, file_argument, library_options, ocr_option

if TYPE_CHECKING:
    from corpus.inputs import InputFile
    from corpus.records import Statement
    from index.building.adding import Change
    from index.building.files import FileAdder
    from index.models.encoder import Encoder

_FILES_AT_ONCE = 16  # files of a folder that are read before they are stored
_SUMMARY_FROM = 4  # files, from which the changes are counted at the end


@click.command(cls=Command)
@file_argument(
    "paths",
    "PATH...",
    "text, Markdown, HTML, PDF or Word files; folders or ZIP archives of them",
    type=str,
    nargs=-1,
    required=True,
)
@library_options
@click.option("--id", "statement_id", metavar="ID", help="name the statement (with a single file)")
@ocr_option
@click.option(
    "--no-keep", is_flag=True, help="keep only the text of a document, not the file itself"
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    default="",
    help="let the workers of a Dask scheduler read the passages: tcp://HOST:8786",
)
def add(
    paths: tuple[str, ...],
    statement_id: str | None,
    ocr: str,
    no_keep: bool,
    dask: str,
    place: Place,
) -> int:
    """Add statement files, each wholly or not at all.

    If a file that you name is refused, none is added. In a folder or an archive, the others are
    added all the same, and each that is refused has its line.

    If the program is stopped, the statements that are stored stay, and the same command goes on
    behind them. Facts that were set by hand (`index set`) stay when a file is added again.
    """
    from corpus.errors import ShuttenError
    from corpus.inputs import expand
    from index.building import adding
    from index.building.files import FileAdder
    from index.building.rebuilding import open_store
    from index.home import named_library
    from index.models import catalogue

    files = expand(paths)
    if statement_id and len(files) > 1:
        raise ShuttenError("--id names one statement; add the paths one by one")
    if statement_id:
        files[0] = _named(files[0])
    store = open_store(named_library(*place, new=True))
    model = adding.chosen_model(store)
    with (
        _reading(catalogue.open_encoder(model), model, dask) as (encoder, at_once),
        FileAdder(store, encoder, ocr=ocr, keep=not no_keep, at_once=at_once) as adder,
    ):
        if all(file.named for file in files):
            return _add_together(adder, files, statement_id)
        return add_one_by_one(adder, files)


@contextmanager
def _reading(encoder: Encoder, model: str, dask: str) -> Iterator[tuple[Encoder, int]]:
    """Return what reads passages, and how many passages share a transaction."""
    from index.building.adding import PASSAGES_AT_ONCE

    if not dask:
        yield encoder, PASSAGES_AT_ONCE
        return
    from index.models.dask_encoder import DaskEncoder

    with DaskEncoder(encoder, model, dask) as remote:
        yield remote, PASSAGES_AT_ONCE * max(1, remote.workers)


def _named(file: InputFile) -> InputFile:
    from dataclasses import replace

    return replace(file, named=True)


def _add_together(adder: FileAdder, files: Sequence[InputFile], statement_id: str | None) -> int:
    """Add files of which each must be good."""
    from corpus.errors import ShuttenError

    statements = [adder.read(file, statement_id) for file in _progress(files, "reading")]
    names = [statement.id for statement in statements]
    for name in names:
        if names.count(name) > 1:
            raise ShuttenError(f"two of the files would be called {name!r}; add one with --id")
    named = bool(statement_id)
    with adding_to(adder.store, statements):
        changes = adder.add(statements, replace_origin=named, leave_copies=not named)
    for file, statement, change in zip(files, statements, changes, strict=True):
        _print_change(adder, file, statement, change)
    return DONE


def add_one_by_one(
    adder: FileAdder, files: Sequence[InputFile], *, counts_unchanged: bool = True
) -> int:
    """Add the files of folders and archives. A bad one is reported, and the others are added."""
    from tqdm import tqdm

    from corpus.errors import ShuttenError

    outcomes: Counter[str] = Counter()
    batch: list[tuple[InputFile, Statement]] = []

    def store() -> None:
        statements = [statement for _, statement in batch]
        for (file, statement), change in zip(
            batch, adder.add(statements, progress=False), strict=True
        ):
            if adder.follow_moved(change):
                outcomes["moved"] += 1
                print(f"{change.original}: moved to {file.label}")
                continue
            outcomes[change.outcome] += 1
            _print_change(adder, file, statement, change)
        batch.clear()

    with adding_files(adder.store):
        for file in _progress(files, "adding"):
            try:
                if adder.unchanged(file):
                    outcomes["unchanged"] += 1
                    continue
                batch.append((file, adder.read(file)))
            except ShuttenError as error:
                outcomes["refused"] += 1
                tqdm.write(f"not added: {error}", file=sys.stderr)
            if len(batch) >= _FILES_AT_ONCE:
                store()
        if batch:
            store()
    if not counts_unchanged:
        del outcomes["unchanged"]
    if outcomes and (len(files) >= _SUMMARY_FROM or outcomes["unchanged"]):
        print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items())))
    return WRONG_INPUT if outcomes["refused"] else DONE


def _progress(files: Sequence[InputFile], what: str) -> Iterator[InputFile]:
    from tqdm import tqdm

    yield from tqdm(
        files, desc=what, unit=" files", leave=False, delay=1, disable=len(files) < _SUMMARY_FROM
    )


def _print_change(adder: FileAdder, file: InputFile, statement: Statement, change: Change) -> None:
    from corpus.library import unknown_key_warnings
    from qa.listing import source_note

    if change.outcome == "copy":
        print(
            f"{change.statement}: not added, it has the same text as {change.original!r}, which "
            "is there; with `--id NAME` it is added all the same"
        )
        return
    counts = f"{change.passages} passages, {change.embedded} wordings embedded"
    kept = f"kept as set by hand: {', '.join(change.by_hand)}" if change.by_hand else ""
    parts = [f"{change.statement}: {change.outcome}", counts, kept, source_note(statement.source)]
    print(", ".join(filter(None, parts)))
    document = statement.source.document
    warnings = document.details.warnings if document else ()
    for line in (*warnings, *unknown_key_warnings(file)):
        print(f"{change.statement}: {line}")
    if change.outcome == "added" and (pair := adder.likely_pair(statement)):
        print(
            f"{change.statement}: may be {pair!r} in another language; if so, "
            f"`shutten index set {quote(change.statement)} pair={quote(pair)}` shows both together"
        )
