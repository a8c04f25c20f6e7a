"""`shutten ask`: one question, or a file of questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.exit_codes import DONE, NOT_FOUND
from cli.groups import Command
from cli.options import Place, argument, file_option, json_option, library_options, within_options
from cli.output import print_json


@click.command(cls=Command)
@argument("question", "[QUESTION]", "the question, in any language", required=False)
@library_options
@json_option("print one JSON object and nothing else")
@click.option(
    "-k",
    type=int,
    default=12,
    metavar="N",
    help="at most N quotes (default: as many as seem to answer, up to 12)",
)
@click.option(
    "--history",
    multiple=True,
    metavar="QUESTION",
    help="an earlier question this one leans on; repeat it, oldest first",
)
@click.option(
    "--gloss", is_flag=True, help="show an unofficial translation under each quote that has one"
)
@file_option("--batch", "IN.jsonl", "questions, one JSON a line; - reads a pipe")
@file_option("--out", "OUT.jsonl", "where the answers go")
@within_options
def ask(
    question: str | None,
    history: tuple[str, ...],
    k: int,
    as_json: bool,
    gloss: bool,
    batch: Path | None,
    out: Path | None,
    place: Place,
    within: dict[str, Any],
) -> int:
    """Ask one question, or a file of them."""
    from corpus.errors import ShuttenError

    if batch is not None or out is not None:
        if question is not None or batch is None or out is None:
            raise ShuttenError("give either a question, or both --batch IN.jsonl and --out FILE")
        return _answer_file(batch, out, k, place, within)
    if question is None:
        raise ShuttenError('what is the question? e.g. shutten ask "What was agreed on 5G?"')
    return _answer(question, history, k, as_json, gloss, place, within)


def _answer_file(
    questions: Path, answers: Path, k: int, place: Place, within: dict[str, Any]
) -> int:
    from index.home import named_library
    from qa.assistant import Assistant
    from qa.batch import answer_file

    answer_file(Assistant.open(named_library(*place)), questions, answers, k, within)
    return DONE


def _answer(
    question: str,
    history: tuple[str, ...],
    k: int,
    as_json: bool,
    gloss: bool,
    place: Place,
    within: dict[str, Any],
) -> int:
    """Print the answer to one question. The exit code tells whether there is one."""
    from index.home import named_library
    from qa.opening import open_index

    store, encoder = open_index(named_library(*place))
    # The model is loaded by threads while this is imported.
    from qa.assistant import Assistant
    from qa.rendering.outline import cited_provenance
    from qa.rendering.terminal import to_text

    assistant = Assistant.over(store, encoder)
    answer = assistant.ask(question, history, k, within)
    if as_json:
        print_json(answer.to_json())
    else:
        provenance = cited_provenance(answer.ranked, assistant.statement)
        print(to_text(answer, provenance, with_gloss=gloss))
    return NOT_FOUND if answer.status == "not_found" else DONE
