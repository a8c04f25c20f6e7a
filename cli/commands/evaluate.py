"""`shutten eval`: measure on a question set, or on SQuAD-format files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.exit_codes import DONE
from cli.groups import Command, DefaultGroup
from cli.options import (
    Place,
    complete_file,
    file_argument,
    file_option,
    home_option,
    json_option,
    library_options,
    within_options,
)
from cli.output import print_json

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete_questions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a question set, or the name of the other command."""
    from click.shell_completion import CompletionItem

    names = [name for name in ("library", "squad") if incomplete and name.startswith(incomplete)]
    return [*complete_file(ctx, param, incomplete), *map(CompletionItem, names)]


_system_option = click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Choice(["full", "dense", "lexical", "hybrid"]),
    help="what to measure (default full); repeat it to compare in one run",
)


@click.command("eval", cls=Command)
@file_argument(
    "questions", "QUESTIONS.jsonl", "the question set", shell_complete=_complete_questions
)
@library_options
@click.option("--split", metavar="NAME", help="only questions of this split")
@file_option("--report", "DIR", "write a report with plots there")
@json_option()
@_system_option
@within_options
def question_set(
    questions: Path,
    systems: tuple[str, ...],
    split: str | None,
    report: Path | None,
    as_json: bool,
    place: Place,
    within: dict[str, Any],
) -> int:
    """Measure answers on a question set.

    With a filter, only the gold in the statements that are searched counts. Questions whose gold is
    all in others are left out and counted.

    `shutten eval library` measures on several statements, `shutten eval squad` measures the ranking
    on SQuAD-format files.
    """
    from index.home import named_library
    from qa.assistant import Assistant
    from qa.evaluation import baselines, runner
    from qa.evaluation import report as reports

    assistant = Assistant.open(named_library(*place))
    rankers = baselines.rankers(assistant, baselines.chosen_systems(systems), within)
    results = runner.evaluate(assistant, questions, rankers, split, within=within)
    if report is not None:
        reports.write(results, report)
    if as_json:
        print_json(results.to_json())
    else:
        print(reports.summary(results))
    return DONE


@click.command(cls=Command)
@home_option
@file_option("--passages", "FILE", "the file whose paragraphs are searched", required=True)
@file_option("--questions", "FILE", "the file whose questions are asked", required=True)
@click.option("--sample", type=int, metavar="N", help="ask N questions drawn at random")
@click.option("--seed", type=int, default=0, metavar="S", help="of the draw (default 0)")
@json_option()
@_system_option
def squad(
    passages: Path,
    questions: Path,
    systems: tuple[str, ...],
    sample: int | None,
    seed: int,
    as_json: bool,
    home: Path | None,
) -> int:
    """Measure the ranking on SQuAD-format files, in an index that is not kept."""
    from index.building import adding
    from index.home import named_home
    from index.models import catalogue
    from index.store.originals import Originals
    from qa.evaluation import squad as squad_files

    encoder = catalogue.open_encoder(adding.chosen_model(Originals(named_home(home))))
    results = squad_files.evaluate(encoder, passages, questions, systems or None, sample, seed)
    if as_json:
        print_json(results.to_json())
    else:
        for name, measures in results.systems.items():
            values = measures.to_json().items()
            print(f"{name:8}" + "".join(f"  {key} {value:.3f}" for key, value in values))
        print(f"{results.n} questions, {results.seconds:.0f} s")
    return DONE


@click.command(cls=Command)
@file_argument("questions", "QUESTIONS.jsonl", "the question set, whose gold names statements")
@library_options
@click.option("--split", metavar="NAME", help="only questions of this split")
@click.option("--given", is_flag=True, help="measure too with the statement that is meant given")
@json_option()
@_system_option
@within_options
def library(
    questions: Path,
    systems: tuple[str, ...],
    split: str | None,
    given: bool,
    as_json: bool,
    place: Place,
    within: dict[str, Any],
) -> int:
    """Measure answers over a library of statements.

    The data folder must hold the statements that the question set names. With a filter, only the
    gold in the statements that are searched counts. Questions whose gold is all in others are left
    out and counted.
    """
    from index.home import named_library
    from qa.assistant import Assistant
    from qa.evaluation import baselines, library_measures, library_runner

    assistant = Assistant.open(named_library(*place))
    chosen = baselines.chosen_systems(systems)
    summaries = library_runner.evaluate(
        assistant, questions, split, chosen, given=given, within=within
    )
    if as_json:
        print_json({name: summary.to_json() for name, summary in summaries.items()})
    else:
        print(library_measures.table(summaries))
    return DONE


evaluate = DefaultGroup("eval", commands=[library, squad], default=question_set)
