"""Measure Shutten beside the usual way: `make bench`, or this command.

Each row of figures is saved in `bench-report/rows` when it was measured, and is not measured again
unless `--fresh` is given. The report is written anew each time.

    PYTHONPATH=.:tests:tests/bench python tests/bench/side_by_side --sizes 18,300
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from project import BESIDE, ROOT

from side_by_side import measurements
from side_by_side.bench_folder import BenchFolder
from side_by_side.measurements import Bench
from side_by_side.passages import SEED, Passage, Texts, first, of_mean_length, read_texts, recombine
from side_by_side.statement_files import (
    BUNDLED_PASSAGES,
    PASSAGES_OF_A_STATEMENT,
    Library,
    bundled_library,
    write_library,
)
from side_by_side.systems import systems

LENGTH = 412  # characters of a passage, as its size on disk is measured
REPEATED = 1200  # passages; more are added only once


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    Attributes:
        sizes: Numbers of passages.
        questions: How many questions are drawn.
        bundled: How many questions are asked about the bundled statement, at most.
        more: How many passages the statement has that is added to each library.
        runs: How often each figure is taken that takes seconds.
        real: How many passages of JSQuAD are added, at most.
        of_length: How many passages of one mean length are added.
    """

    sizes: str
    questions: int
    bundled: int
    more: int
    runs: int
    real: int
    of_length: int


FULL = Scale(
    sizes="18,300,1000,5000,50000",
    questions=100,
    bundled=1000,
    more=PASSAGES_OF_A_STATEMENT,
    runs=5,
    real=2000,
    of_length=1200,
)
SMOKE = Scale(sizes="18,60", questions=6, bundled=6, more=10, runs=1, real=20, of_length=16)


def main() -> None:
    """Measure what was not measured yet, and write the report."""
    options = parsed()
    scale = SMOKE if options.smoke else FULL
    scale = replace(scale, runs=options.runs or scale.runs)
    folder = BenchFolder(options.out.resolve(), options.checkout)
    if options.fresh:
        folder.forget()
    texts = read_texts(options.texts, options.statements, scale.questions)
    bench = Bench(folder, systems(options.checkout), scale.runs)
    more = one_more(folder, texts, scale.more)
    for size in map(int, (options.sizes or scale.sizes).split(",")):
        measure_size(bench, library_of(folder, texts, size, scale), more)
    measure_adding(bench, texts, scale)
    from side_by_side.comparison_report import write  # its memory would count for processes

    write(folder, len(texts.asked) + len(texts.others))


def parsed() -> argparse.Namespace:
    """Return the options of the command."""
    parser = argparse.ArgumentParser(prog="side_by_side", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", help=f"numbers of passages (default: {FULL.sizes})")
    parser.add_argument("--smoke", action="store_true", help="measure little, and once")
    parser.add_argument("--runs", type=int, help="how often each figure is taken")
    parser.add_argument("--fresh", action="store_true", help="measure everything again")
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--statements", type=Path, default=BESIDE)
    parser.add_argument("--out", type=Path, default=ROOT / "bench-report")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose Shutten is measured")
    options = parser.parse_args()
    if not list(options.texts.glob("*.json")):
        parser.error(f"no files in SQuAD format in {options.texts}; name their folder: --texts")
    return options


def library_of(folder: BenchFolder, texts: Texts, size: int, scale: Scale) -> Library:
    """Return the library of `size` passages. For 18 it is the bundled statement."""
    if size == BUNDLED_PASSAGES:
        return bundled_library(scale.bundled)
    place = folder.work / "texts" / str(size)
    return write_library(place, first(texts.endless(), size), texts.questions)


def one_more(folder: BenchFolder, texts: Texts, count: int) -> Library:
    """Return the statement of Japanese passages that is added to each library."""
    source = texts.of_source("jsquad")
    passages = first(recombine(source, random.Random(SEED + 1)), count)
    return write_library(folder.work / "texts" / "more", passages)


def measure_size(bench: Bench, library: Library, more: Library) -> None:
    """Measure the rows of one library: adding, start, asking, candidates and one more."""
    steps = {
        "adding": partial(measurements.adding, bench, library, _runs(bench, library)),
        "start": partial(measurements.starting, bench, library),
        "asking": partial(measurements.asking, bench, library),
        "candidates": partial(measurements.proposing, bench, library),
        "one-more": partial(measurements.adding_one_more, bench, library, more),
    }
    for kind, measure in steps.items():
        bench.folder.row(kind, library.name, measure)


def measure_adding(bench: Bench, texts: Texts, scale: Scale) -> None:
    """Measure how fast real passages of JSQuAD are added, and passages of a mean length of 412."""
    place = bench.folder.work / "texts"
    real = write_library(place / "jsquad", texts.of_source("jsquad")[: scale.real])
    sized = write_library(place / f"{LENGTH}-characters", sized_passages(texts, scale.of_length))
    for library in (real, sized):
        measure = partial(measurements.adding, bench, library, _runs(bench, library))
        bench.folder.row("adding", library.name, measure)


def sized_passages(texts: Texts, count: int) -> list[Passage]:
    """Return passages of one mean length: half Japanese, half in the languages of XQuAD."""
    draw, half = random.Random(SEED), count // 2
    languages = sorted({passage.source for passage in texts.of_source("xquad")})
    shares = {"jsquad": half} | {name: half // len(languages) for name in languages}
    return [
        passage
        for name, share in shares.items()
        for passage in of_mean_length(texts.of_source(name), LENGTH, share, draw)
    ]


def _runs(bench: Bench, library: Library) -> int:
    return min(3, bench.runs) if library.passages <= REPEATED else 1


if __name__ == "__main__":
    main()
