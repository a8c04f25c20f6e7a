"""What is measured of each system. Systems take turns, so that noise meets all of them alike."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, TypeVar

from process import folder_size

from side_by_side.bench_folder import BenchFolder, Figures
from side_by_side.statement_files import Asked, Library, Place
from side_by_side.systems import Run, System

_T = TypeVar("_T")
IN_TEN = 10


@dataclass(frozen=True)
class Fingerprint:
    """Inode, time of the last change in ns, size in bytes and checksum of a file."""

    inode: int
    changed: int
    size: int
    sha256: str


Prints = Mapping[str, Fingerprint]


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
        """Measure all systems in turn, so often."""
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
        return system.run(system.answer, homes[system], library.questions[number].text)

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
    """Return how long answers take in a warm process, and how often the right passage is found."""
    questions = bench.folder.work / f"questions-{library.name}.json"
    questions.parent.mkdir(parents=True, exist_ok=True)
    questions.write_text(json.dumps([asked.text for asked in library.questions]), "utf-8")
    return {
        system.name: {
            "command": shown(system.ask, "QUESTIONS", str(bench.runs)),
            **_asked(system, bench.folder.home(system, library), questions, bench.runs, library),
        }
        for system in bench.systems
    }


def _asked(
    system: System, home: Path, questions: Path, passes: int, library: Library
) -> Mapping[str, float]:
    found = json.loads(system.run(system.ask, home, questions, passes).output)
    cuts = quantiles(found["seconds"], n=20)
    times = {"questions": len(library.questions), "p50 s": cuts[9], "p95 s": cuts[18]}
    if not all(asked.right for asked in library.questions):
        return times
    places = [[Place(*place) for place in first] for first in found["places"]]
    return times | {
        "success@1": success(library.questions, places, 1),
        "in ten": success(library.questions, places, IN_TEN),
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
            **_written(*found[0][1:]),
        }
        for system, found in bench.in_turns(add, bench.runs).items()
    }


def _written(before: Prints, after: Prints) -> dict[str, Any]:
    """Return how much of an index is new, and which of its files are not as they were."""
    written = sum(state.size for name, state in after.items() if before.get(name) != state)
    changed = [name for name, state in before.items() if after.get(name) != state]
    return {"MB written": written / 1e6, "rewritten": changed}


def fingerprints(folder: Path) -> Prints:
    """Return what tells whether a file was written again, for each file by its name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(folder).as_posix()
            found[name] = Fingerprint(state.st_ino, state.st_mtime_ns, state.st_size, digest)
    return found


def candidate_share(
    questions: Sequence[Asked],
    candidates: Callable[[str], set[str]],
    exhaustive: Callable[[str], Sequence[str]],
) -> float:
    """Return which share of the first ten of an exhaustive search is among the candidates, 0..1.

    Args:
        questions: What is asked.
        candidates: Returns the ids of the passages that are compared in full.
        exhaustive: Returns the ids of all passages, the best first.
    """
    return mean(
        len(candidates(asked.text).intersection(best)) / len(best)
        for asked in questions
        if (best := exhaustive(asked.text)[:IN_TEN])
    )


def shown(command: Sequence[str], *arguments: str) -> str:
    """Return a command as the report shows it, with words that stand for its places."""
    names = [Path(word).name if "/" in word else word for word in command]
    return " ".join(["python", *names, "HOME", *arguments])


def _seconds(runs: Sequence[Run]) -> float:
    return median(run.seconds for run in runs)


def _peak(runs: Sequence[Run]) -> float:
    return median(run.peak for run in runs)
