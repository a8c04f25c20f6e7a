"""What is measured of each system. Systems take turns, so that noise meets all of them alike."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, TypeVar

from process import folder_size

from side_by_side.bench_folder import BenchFolder, Figures
from side_by_side.file_changes import Prints, fingerprints, written
from side_by_side.statement_files import Asked, Library, Place
from side_by_side.systems import Run, System
from side_by_side.timed_answers import FIRST

_T = TypeVar("_T")


@dataclass(frozen=True)
class Bench:
    """What is compared, where, and how often each figure is taken.

    Attributes:
        folder: The folder of the comparison.
        systems: The systems.
        runs: How often each figure is taken that takes seconds.
    """

    folder: BenchFolder
    systems: tuple[System, ...]
    runs: int

    def in_turns(self, measure: Callable[[System, int], _T], runs: int) -> dict[System, list[_T]]:
        """Measure each system `runs` times. The systems take turns."""
        results: dict[System, list[_T]] = {system: [] for system in self.systems}
        for number in range(runs):
            for system, found in results.items():
                found.append(measure(system, number))
        return results


def adding(bench: Bench, library: Library, runs: int) -> dict[str, Figures]:
    """Return how fast files are added to a new index, with which memory, and its size on disk."""
    taken = bench.in_turns(lambda system, _: bench.folder.add(system, library), runs)
    return {
        system.name: {
            "command": shown(system.add, "FILES"),
            "runs": len(found),
            "seconds": _seconds(found),
            "passages a second": library.passages / _seconds(found),
            "peak MB": _peak(found),
            "bytes a passage": folder_size(bench.folder.home(system, library)) / library.passages,
        }
        for system, found in taken.items()
    }


def starting(bench: Bench, library: Library) -> dict[str, Figures]:
    """Return how long a fresh process takes to answer one question, and its peak memory."""
    homes = {system: bench.folder.home(system, library) for system in bench.systems}

    def answer(system: System, number: int) -> Run:
        question = library.questions[number % len(library.questions)]
        return system.run(system.answer, homes[system], question.text)

    for system in bench.systems:  # files are in the cache of the system from now on
        answer(system, 0)
    return {
        system.name: {
            "command": shown(system.answer, "QUESTION"),
            "runs": len(found),
            "seconds": _seconds(found),
            "peak MB": _peak(found),
        }
        for system, found in bench.in_turns(answer, bench.runs).items()
    }


def asking(bench: Bench, library: Library) -> dict[str, Figures]:
    """Return how long later answers of one process take, and how often they are right."""
    questions = _questions_file(bench, library)
    homes = {system: bench.folder.home(system, library) for system in bench.systems}

    def ask(system: System, _: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(system.run(system.ask, homes[system], questions).output)
        return found

    return {
        system.name: {
            "command": shown(system.ask, "QUESTIONS"),
            "runs": len(found),
            "questions": len(library.questions),
            **_times([seconds for run in found for seconds in run["seconds"]]),
            **_recall(library.questions, found[0]["places"]),
        }
        for system, found in bench.in_turns(ask, bench.runs).items()
    }


def _questions_file(bench: Bench, library: Library) -> Path:
    path = bench.folder.work / f"questions-{library.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asked.text for asked in library.questions]), "utf-8")
    return path


def _times(seconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=20)
    return {"p50 s": cuts[9], "p95 s": cuts[18]}


def _recall(questions: Sequence[Asked], found: Sequence[Sequence[Any]]) -> dict[str, float]:
    if not all(asked.right for asked in questions):
        return {}
    places = [[Place(*place) for place in first] for first in found]
    return {
        "success@1": success(questions, places, 1),
        "in ten": success(questions, places, FIRST),
    }


def success(questions: Sequence[Asked], places: Sequence[Sequence[Place]], count: int) -> float:
    """Return for which share of questions one of the first places overlaps a right one, 0..1."""
    return mean(
        any(place.overlaps(right) for place in found[:count] for right in asked.right)
        for asked, found in zip(questions, places, strict=True)
    )


def adding_one_more(bench: Bench, library: Library, more: Library) -> dict[str, Figures]:
    """Return how long one more statement takes, and which files of the index are written again.

    Args:
        bench: What is compared.
        library: What is in the index.
        more: The one more statement.
    """

    def add(system: System, _: int) -> tuple[Run, Prints, Prints]:
        copy = bench.folder.work / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(bench.folder.home(system, library), copy)
        before = fingerprints(copy)
        return system.run(system.add, copy, *more.files), before, fingerprints(copy)

    return {
        system.name: {
            "command": shown(system.add, "FILE"),
            "runs": len(found),
            "seconds": _seconds([run for run, _, _ in found]),
            "peak MB": _peak([run for run, _, _ in found]),
            **written(*found[0][1:]),
        }
        for system, found in bench.in_turns(add, bench.runs).items()
    }


def proposing(bench: Bench, library: Library) -> dict[str, Figures]:
    """Return which share of the first passages of an exhaustive search are candidates, 0..1."""
    questions = _questions_file(bench, library)
    return {
        system.name: {
            "command": shown(system.propose, "QUESTIONS"),
            "runs": 1,
            **json.loads(
                system.run(system.propose, bench.folder.home(system, library), questions).output
            ),
        }
        for system in bench.systems
        if system.propose
    }


def shown(command: Sequence[str], *arguments: str) -> str:
    """Return a command as the report shows it, with words that stand for its places."""
    names = [Path(word).name if "/" in word else word for word in command]
    return " ".join(["python", *names, "HOME", *arguments])


def _seconds(runs: Sequence[Run]) -> float:
    return median(run.seconds for run in runs)


def _peak(runs: Sequence[Run]) -> float:
    return median(run.peak for run in runs)
