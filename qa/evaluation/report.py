"""Evaluation results for people: a summary for the terminal, a Markdown report with plots."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ShuttenError
from corpus.files import replacing
from qa.evaluation.measures import MEASURES
from qa.evaluation.statistics import reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ANSWERS = {
    "abstention_auc": "abstention AUC",
    "false_answers": "false answers (of unanswerable)",
    "false_refusals": "false refusals (of answerable)",
    "complete_of_several": "complete (of questions with several quotes)",
    "set_precision": "set precision (right ones among the quotes)",
    "set_recall": "set recall (gold fragments quoted)",
    "quotes": "quotes in an answer, mean",
    "calibration_error": "expected calibration error",
    "offsets_valid": "offsets valid",
    "language_right": "language recognised",
    "median_first_quote": "median length of the first quote",
}
_LEVELS = ("confidence", "answers", "first quote right")


def summary(results: dict[str, Any]) -> str:
    """The main figures as text."""
    lines = [f"{results['set']}: {results['n']} questions, {results['seconds']} s", ""]
    lines += _table(["system", *MEASURES], _system_rows(results))
    if "answers" in results:
        lines += ["", *_table(["answers", "value"], _answer_rows(results))]
        lines += ["", *_table(_LEVELS, _level_rows(results))]
    return "\n".join(lines)


def write(results: dict[str, Any], folder: Path) -> None:
    """Write `results.json`, `report.md` and its plots into `folder`.

    Raises:
        ShuttenError: The folder cannot be written.
    """
    text = json.dumps(results, ensure_ascii=False, indent=1)
    written = {"results.json": text.encode(), "report.md": _markdown(results).encode()}
    for name, figure in figures(results).items():
        drawn = io.BytesIO()
        figure.savefig(drawn, dpi=120)
        written[f"{name}.png"] = drawn.getvalue()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ShuttenError(f"{folder}: cannot be written ({error.strerror}); check it") from None
    for name, data in written.items():
        with replacing(folder / name) as file:
            file.write(data)


def _system_rows(results: dict[str, Any]) -> list[list[str]]:
    return [
        [name, *(_with_interval(system[measure]) for measure in MEASURES)]
        for name, system in results["systems"].items()
    ]


def _answer_rows(results: dict[str, Any]) -> list[list[str]]:
    answers = results["answers"]
    return [[label, _figure(answers[key])] for key, label in _ANSWERS.items()]


def _level_rows(results: dict[str, Any]) -> list[list[str]]:
    levels = results["answers"]["levels"]
    return [[name, f"{one['n']}", f"{one['right']:.3f}"] for name, one in levels.items()]


def _with_interval(value: dict[str, float]) -> str:
    return f"{value['mean']:.3f} ({value['low']:.2f}–{value['high']:.2f})"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and value <= 1 else f"{value:g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table whose columns also line up as plain text."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "| " + " | ".join("-" * max(3, width) for width in widths) + " |"
    return [lines[0], rule, *lines[1:]]


def _markdown(results: dict[str, Any]) -> str:
    main = next(iter(results["systems"]))
    split = f", split `{results['split']}`" if results["split"] else ""
    lines = [
        f"# Evaluation: {results['set']}{split}",
        "",
        f"{results['n']} questions, {results['answerable']} of them answerable; "
        f"{results['seconds']} s. Intervals: 95% bootstrap over questions.",
        "",
        "## Ranking",
        "A sentence is right when it holds a gold fragment. `recall@3` is the share of a "
        "question's gold sentences among the first three; `success@k` asks for one of them.",
        "",
        *_table(["system", *MEASURES], _system_rows(results)),
        "",
        "![success@1 and success@3 by system](systems.png)",
        "",
    ]
    if results["paired"]:
        lines += ["Exact McNemar test on success@1 (families of translations together):", ""]
        lines += [
            f"- {pair['first']} against {pair['other']}: {pair['wins']} won, "
            f"{pair['losses']} lost, p = {pair['p']:.2g}, after Holm {pair['p_holm']:.2g}"
            for pair in results["paired"]
        ]
        lines.append("")
    for name, system in results["systems"].items():
        if "invariance" in system:
            same = system["invariance"]
            share = f"{same['mean']:.2f} of {same['n']}"
            lines += [f"Families that select one passage in all languages ({name}): {share}", ""]
    for key in ("language", "kind"):
        groups = results["systems"][main][f"by_{key}"]
        rows = [
            [name, str(group["n"]), *(f"{group[measure]:.3f}" for measure in MEASURES)]
            for name, group in groups.items()
        ]
        lines += [f"### By {key} ({main})", "", *_table([key, "n", *MEASURES], rows), ""]
    if "answers" in results:
        lines += ["## Answers", "", *_table(["figure", "value"], _answer_rows(results)), ""]
        lines += ["### What confidence says", "", *_table(_LEVELS, _level_rows(results)), ""]
        lines += ["![Confidence of answerable and unanswerable questions](confidence.png)", ""]
        lines += ["![Reliability of the confidence](reliability.png)", ""]
    missed = [row for row in results["questions"] if row.get("success@1") == 0]
    lines += [f"## Not first ({len(missed)})", ""]
    lines += [f"- `{row['id']}` reciprocal rank {row['mrr']:.2f}" for row in missed]
    return "\n".join(lines) + "\n"


def figures(results: dict[str, Any]) -> dict[str, Figure]:
    """Plots by name: `systems`, and `confidence` and `reliability` where answers were measured."""
    from matplotlib.figure import Figure

    drawn = {"systems": Figure(figsize=(7, 3.2), layout="constrained")}
    _plot_systems(drawn["systems"].subplots(), results)
    if "answers" in results:
        drawn["confidence"] = Figure(figsize=(7, 3.2), layout="constrained")
        _plot_confidence(drawn["confidence"].subplots(), results)
        drawn["reliability"] = Figure(figsize=(4, 4), layout="constrained")
        _plot_reliability(drawn["reliability"].subplots(), results)
    return drawn


def _plot_systems(axes: Axes, results: dict[str, Any]) -> None:
    names = list(results["systems"])
    for offset, measure in ((-0.2, "success@1"), (0.2, "success@3")):
        values = [results["systems"][name][measure] for name in names]
        means = [value["mean"] for value in values]
        errors = [
            [value["mean"] - value["low"] for value in values],
            [value["high"] - value["mean"] for value in values],
        ]
        places = [position + offset for position in range(len(names))]
        axes.bar(places, means, 0.36, yerr=errors, capsize=3, label=measure)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(0, 1)
    axes.legend(loc="lower right")


def _plot_confidence(axes: Axes, results: dict[str, Any]) -> None:
    rows = results["questions"]
    groups = {
        "answerable": [row["confidence"] for row in rows if row["answerable"]],
        "unanswerable": [row["confidence"] for row in rows if not row["answerable"]],
    }
    axes.hist(list(groups.values()), bins=20, range=(0, 1), label=list(groups))
    axes.set_xlabel("confidence")
    axes.set_ylabel("questions")
    axes.legend()


def _plot_reliability(axes: Axes, results: dict[str, Any]) -> None:
    rows = results["questions"]
    bins = reliability([row["confidence"] for row in rows], [row["answerable"] for row in rows])
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.plot([chance for chance, _, _ in bins], [share for _, share, _ in bins], marker="o")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share answerable, both classes weighing the same")
