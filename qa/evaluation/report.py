"""Evaluation results for readers: a summary for the terminal, and a Markdown report with plots."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.files import replacing
from qa.evaluation.plots import figures
from qa.evaluation.question_results import MEASURES
from qa.evaluation.results import AnswerSummary, GroupSummary, Results
from qa.evaluation.statistics import Interval

_LEVEL_HEAD = ("confidence", "answers", "first quote right")


def summary(results: Results) -> str:
    """Return the main figures as text for a terminal."""
    lines = [f"{results.question_set}: {_counted(results)}, {results.seconds} s", ""]
    lines += _system_table(results)
    if results.answer_summary:
        lines += ["", *table(["answers", "value"], _answer_rows(results.answer_summary))]
        lines += ["", *table(_LEVEL_HEAD, _level_rows(results.answer_summary))]
    return "\n".join(lines)


def _counted(results: Results) -> str:
    """Return how many questions there are, and how many a filter left out."""
    outside = f" ({results.left_out} left out: their gold is outside the filter)"
    return f"{results.n} questions{outside if results.left_out else ''}"


def write(results: Results, folder: Path) -> None:
    """Write `results.json`, `report.md` and the plots of the report into a folder.

    Raises:
        ShuttenError: The folder cannot be written.
    """
    text = json.dumps(results.to_json(), ensure_ascii=False, indent=1)
    contents = {"results.json": text.encode(), "report.md": _markdown(results).encode()}
    for name, figure in figures(results).items():
        image = io.BytesIO()
        figure.savefig(image, dpi=120)
        contents[f"{name}.png"] = image.getvalue()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ShuttenError(f"{folder}: cannot be written ({error.strerror}); check it") from None
    for name, content in contents.items():
        with replacing(folder / name) as file:
            file.write(content)


def _system_table(results: Results) -> list[str]:
    rows = [
        [system, *map(_with_interval, summary.measures.by_name().values())]
        for system, summary in results.systems.items()
    ]
    return table(["system", *MEASURES], rows)


def _group_table(title: str, groups: Mapping[str, GroupSummary]) -> list[str]:
    rows = [
        [name, str(group.n), *(f"{mean:.3f}" for mean in group.measures.by_name().values())]
        for name, group in groups.items()
    ]
    return table([title, "n", *MEASURES], rows)


def _answer_rows(answers: AnswerSummary) -> list[list[str]]:
    values = {
        "abstention AUC": answers.abstention_auc,
        "false answers (of unanswerable)": answers.false_answers,
        "false refusals (of answerable)": answers.false_refusals,
        "complete (of questions with several quotes)": answers.complete_of_several,
        "set precision (right ones among the quotes)": answers.set_precision,
        "set recall (gold fragments quoted)": answers.set_recall,
        "quotes in an answer, mean": answers.quotes,
        "expected calibration error": answers.calibration_error,
        "offsets valid": answers.offsets_valid,
        "language recognised": answers.language_right,
        "median length of the first quote": answers.median_first_quote,
    }
    return [[label, _number(value)] for label, value in values.items()]


def _level_rows(answers: AnswerSummary) -> list[list[str]]:
    return [[level, str(group.n), f"{group.right:.3f}"] for level, group in answers.levels.items()]


def _with_interval(value: Interval) -> str:
    return f"{value.mean:.3f} ({value.low:.2f}–{value.high:.2f})"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value <= 1 else f"{value:g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table whose columns also line up as plain text."""
    all_rows = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in all_rows
    ]
    rule = "| " + " | ".join("-" * max(3, width) for width in widths) + " |"
    return [lines[0], rule, *lines[1:]]


def _markdown(results: Results) -> str:
    lines = [
        *_ranking_section(results),
        *_group_sections(results),
        *_answer_section(results),
        *_missed_section(results),
    ]
    return "\n".join(lines) + "\n"


def _ranking_section(results: Results) -> list[str]:
    split = f", split `{results.split}`" if results.split else ""
    lines = [
        f"# Evaluation: {results.question_set}{split}",
        "",
        f"{_counted(results)}, {results.answerable} of them answerable; "
        f"{results.seconds} s. Intervals: 95% bootstrap over questions.",
        "",
        "## Ranking",
        "A sentence is right when it holds a gold fragment. `recall@3` is the share of a "
        "question's gold sentences among the first three; `success@k` asks for one of them.",
        "",
        *_system_table(results),
        "",
        "![success@1 and success@3 by system](systems.png)",
        "",
    ]
    if results.paired:
        lines += ["Exact McNemar test on success@1 (families of translations together):", ""]
        lines += [
            f"- {test.first} against {test.other}: {test.wins} won, "
            f"{test.losses} lost, p = {test.p:.2g}, after Holm {test.p_holm:.2g}"
            for test in results.paired
        ]
        lines.append("")
    return lines


def _group_sections(results: Results) -> list[str]:
    lines = []
    for system, summary in results.systems.items():
        if same := summary.invariance:
            share = f"{same.mean:.2f} of {same.n}"
            lines += [f"Families that select one passage in all languages ({system}): {share}", ""]
    first = results.first_system
    groupings = {
        "language": results.systems[first].by_language,
        "kind": results.systems[first].by_kind,
    }
    for title, groups in groupings.items():
        lines += [f"### By {title} ({first})", "", *_group_table(title, groups), ""]
    return lines


def _answer_section(results: Results) -> list[str]:
    answers = results.answer_summary
    if not answers:
        return []
    return [
        "## Answers",
        "",
        *table(["figure", "value"], _answer_rows(answers)),
        "",
        "### What confidence says",
        "",
        *table(_LEVEL_HEAD, _level_rows(answers)),
        "",
        "![Confidence of answerable and unanswerable questions](confidence.png)",
        "",
        "![Reliability of the confidence](reliability.png)",
        "",
    ]


def _missed_section(results: Results) -> list[str]:
    missed = [ranking for ranking in results.rankings if ranking.measures.success_at_1 == 0]
    lines = [
        f"- `{ranking.question.id}` reciprocal rank {ranking.measures.mrr:.2f}"
        for ranking in missed
    ]
    return [f"## Not first ({len(missed)})", "", *lines]
