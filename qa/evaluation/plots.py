"""Plots of evaluation results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.evaluation.results import Results
from qa.evaluation.statistics import reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR_WIDTH = 0.36


def figures(results: Results) -> dict[str, Figure]:
    """Draw the plots of the results.

    Returns:
        The plot `systems`, and the plots `confidence` and `reliability` if answers were measured.
    """
    from matplotlib.figure import Figure

    plots = {"systems": Figure(figsize=(7, 3.2), layout="constrained")}
    _plot_systems(plots["systems"].subplots(), results)
    if results.answers:
        plots["confidence"] = Figure(figsize=(7, 3.2), layout="constrained")
        _plot_confidence(plots["confidence"].subplots(), results)
        plots["reliability"] = Figure(figsize=(4, 4), layout="constrained")
        _plot_reliability(plots["reliability"].subplots(), results)
    return plots


def _plot_systems(axes: Axes, results: Results) -> None:
    summaries = results.systems.values()
    bars = {
        "success@1": (-0.2, [summary.measures.success_at_1 for summary in summaries]),
        "success@3": (0.2, [summary.measures.success_at_3 for summary in summaries]),
    }
    for label, (offset, intervals) in bars.items():
        means = [interval.mean for interval in intervals]
        errors = [
            [interval.mean - interval.low for interval in intervals],
            [interval.high - interval.mean for interval in intervals],
        ]
        places = [place + offset for place in range(len(intervals))]
        axes.bar(places, means, _BAR_WIDTH, yerr=errors, capsize=3, label=label)
    axes.set_xticks(range(len(results.systems)), list(results.systems))
    axes.set_ylim(0, 1)
    axes.legend(loc="lower right")


def _plot_confidence(axes: Axes, results: Results) -> None:
    answers = results.answers
    groups = {
        "answerable": [row.confidence for row in answers if row.question.answerable],
        "unanswerable": [row.confidence for row in answers if not row.question.answerable],
    }
    axes.hist(list(groups.values()), bins=20, range=(0, 1), label=list(groups))
    axes.set_xlabel("confidence")
    axes.set_ylabel("questions")
    axes.legend()


def _plot_reliability(axes: Axes, results: Results) -> None:
    bins = reliability(
        [answer.confidence for answer in results.answers],
        [answer.question.answerable for answer in results.answers],
    )
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.plot([bin_.confidence for bin_ in bins], [bin_.share for bin_ in bins], marker="o")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share answerable, both classes weighing the same")
