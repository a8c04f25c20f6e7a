"""Write the rows of a comparison for readers: `results.json`, `report.md` and two plots."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from corpus.files import replacing
from qa.evaluation.report import table
from side_by_side.bench_folder import BenchFolder
from side_by_side.statement_files import BUNDLED_PASSAGES

Row = Mapping[str, Any]
FIRST, PEER = "Shutten", "peer"
TITLES = {
    "start": "From the start of a process to an answer",
    "adding": "Adding to a new index",
    "asking": "Asking in a warm process",
    "candidates": "Passages that are proposed, of the first ten by an exhaustive MaxSim",
    "one-more": "Adding one more statement",
}
ABOUT = """\
The peer is LangChain with FAISS: chunks of 400 characters, one vector for each, the same weights
in f32 with sentence-transformers. Systems take turns in one run. Each figure is the median of its
runs. Times of `start`, `adding` and `one-more` are of whole processes, from their start to their
end, and peak MB is the most memory (RSS) that the process had. A ratio is Shutten's figure by the
peer's.

The statement of 18 passages is the bundled one. Larger libraries have {real} real paragraphs
(JSQuAD, XQuAD, statements), and then passages that are put together of sentences of real paragraphs
of the same source: no two are alike, and none has a sentence of a passage that is asked about. A
passage counts as found if the sentence (of Shutten) or the chunk (of the peer) overlaps it or its
translation; a chunk may hold several short passages. Half of the passages of 412 characters are
Japanese, the others English, German, Spanish and Chinese; they are put together in the same way.
"""


def write(folder: BenchFolder, real: int) -> None:
    """Write the report.

    Args:
        folder: The folder of the comparison.
        real: How many real paragraphs there are.
    """
    rows = folder.rows()
    contents = {
        "results.json": json.dumps({"rows": rows, "slopes": slopes(rows)}, indent=1).encode(),
        "report.md": markdown(rows, real).encode(),
        "asking.png": plot(rows, "asking", "p50 s", "median seconds to an answer"),
        "memory.png": plot(rows, "start", "peak MB", "peak MB of a process that answers"),
    }
    for name, content in contents.items():
        with replacing(folder.path / name) as file:
            file.write(content)


def markdown(rows: Sequence[Row], real: int) -> str:
    """Return the report in Markdown."""
    lines = ["# Shutten beside the usual way", "", ABOUT.format(real=f"{real:,}")]
    for kind, title in TITLES.items():
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            lines += [f"## {title}", "", *_table_of(of_kind), "", *_commands(of_kind), ""]
    lines += [
        f"- Slope of the median time over the size, both as logarithms: {name} {slope:.2f}."
        for name, slope in slopes(rows).items()
    ]
    lines += ["", "![Time to an answer](asking.png)", "", "![Memory](memory.png)", ""]
    return "\n".join(lines)


def slopes(rows: Sequence[Row]) -> dict[str, float]:
    """Return for each system the slope of log p50 over log size, without the bundled statement.

    The questions about the larger libraries are the same. A system needs two sizes.
    """
    fitted = {}
    for name in _names(rows):
        points = zip(*series(rows, "asking", "p50 s", name), strict=True)
        larger = [(size, seconds) for size, seconds in points if size > BUNDLED_PASSAGES]
        if len(larger) > 1:
            sizes, seconds = np.log(np.array(larger)).T
            fitted[name] = float(np.polyfit(sizes, seconds, 1)[0])
    return fitted


def series(
    rows: Sequence[Row], kind: str, figure: str, system: str
) -> tuple[list[int], list[float]]:
    """Return the sizes, and a figure of a system for each of them."""
    found = sorted(
        (int(row["library"]), row["systems"][system][figure])
        for row in rows
        if row["kind"] == kind and system in row["systems"] and row["library"].isdecimal()
    )
    return [size for size, _ in found], [value for _, value in found]


def plot(rows: Sequence[Row], kind: str, figure: str, label: str) -> bytes:
    """Return a plot of a figure over the size, as PNG."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(6, 3.6), layout="constrained")
    axes = drawing.subplots()
    for name in _names(rows):
        axes.loglog(*series(rows, kind, figure, name), marker="o", label=name)
    axes.set_xlabel("passages")
    axes.set_ylabel(label)
    axes.legend()
    image = io.BytesIO()
    drawing.savefig(image, dpi=120)
    return image.getvalue()


def _names(rows: Sequence[Row]) -> list[str]:
    return sorted({name for row in rows for name in row["systems"]})


def _table_of(rows: Sequence[Row]) -> list[str]:
    """Return a table with a line for each library and figure."""
    lines = []
    for row in rows:
        ours, theirs = row["systems"][FIRST], row["systems"].get(PEER, {})
        for figure, value in ours.items():
            if figure not in ("command", "runs", "questions"):
                cells = [_shown(value), _shown(theirs.get(figure)), _ratio(value, theirs, figure)]
                lines.append([row["library"], figure, *cells])
    return table(["passages", "figure", FIRST, PEER, "ratio"], lines)


def _commands(rows: Sequence[Row]) -> list[str]:
    """Return the commands, how often they were run, and the circumstances."""
    first = rows[0]
    lines = [f"- {name}: `{figures['command']}`" for name, figures in first["systems"].items()]
    runs = [f"{row['library']}: {row['systems'][FIRST]['runs']}" for row in rows]
    places = sorted({f"{row['machine']}, Python {row['python']}" for row in rows})
    dates = sorted(f"{row['library']}: {row['date']} (load {row['load']})" for row in rows)
    codes = sorted({row["code"] for row in rows})
    return [
        *lines,
        f"- Runs: {'; '.join(runs)}",
        f"- Machine: {'; '.join(places)}",
        f"- Measured: {'; '.join(dates)}; code {', '.join(codes)}",
    ]


def _ratio(value: object, theirs: Mapping[str, Any], figure: str) -> str:
    if not isinstance(value, int | float) or not theirs.get(figure):
        return "–"
    return f"{value / theirs[figure]:.2f}"


def _shown(value: object) -> str:
    if isinstance(value, int | float) and math.isfinite(value):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, list):
        return ", ".join(value) or "nothing"
    return "–"
