"""`shutten verify`: the quotes of a kept answer against their source."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit_codes import DONE, NOT_FOUND
from cli.groups import Command
from cli.options import Place, file_argument, file_option, json_option, library_options
from cli.output import print_json

if TYPE_CHECKING:
    from qa.originals import OriginalFinding
    from qa.proof.verification import Verdict


@click.command(
    cls=Command,
    epilog="Exit codes: 0 every quote stands in the source (line breaks, widths and the like "
    "aside), 1 one does not, or its statement is not here, 2 usage or input error.",
)
@file_argument(
    "answers",
    "ANSWER.json",
    "what `ask --json` printed, or the lines of `ask --batch`; - reads a pipe",
)
@library_options
@file_option(
    "--source",
    "FILE",
    "the file of the statement to check against (else the indexed statements)",
    type=str,
)
@json_option()
def verify(answers: Path, source: str | None, as_json: bool, place: Place) -> int:
    """Check the quotes of a kept answer against the source, word for word."""
    from qa.proof import verification
    from qa.rendering.terminal import verdict_counts, verdict_to_text

    verdicts = _verdicts(answers, source, place)
    if as_json:
        print_json(verification.report(verdicts))
    else:
        print("\n".join([*map(verdict_to_text, verdicts), verdict_counts(verdicts)]))
    return DONE if all(verdict.holds for verdict in verdicts) else NOT_FOUND


def _verdicts(answers: Path, source: str | None, place: Place) -> list[Verdict]:
    """Compare each quote with one statement file, or with the indexed statements."""
    from corpus.formats.text import local_path
    from corpus.library import load_statement
    from index.building.rebuilding import open_store
    from index.home import named_library
    from qa.originals import prove_original
    from qa.proof import kept_answers, verification

    quotes = kept_answers.load(answers)
    if source:
        statement = load_statement(local_path(source))
        # The text was read from the file just now.
        proved: OriginalFinding = "proved" if statement.source.document else ""
        verdicts = (verification.verify(quote, statement) for quote in quotes)
        return [replace(verdict, original=proved) for verdict in verdicts]
    store = open_store(named_library(*place))

    def original(name: str) -> OriginalFinding:
        return prove_original(store.statement(name).source, store.document_file(name))

    ids = store.statement_ids()
    return verification.verify_all(quotes, ids, cache(store.statement), original=cache(original))
