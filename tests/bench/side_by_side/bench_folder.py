"""The folder of a comparison: rows that were measured stay, and are not measured again."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.files import appearing, replacing
from side_by_side.statement_files import Library
from side_by_side.systems import Run, System

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class BenchFolder:
    """The folder with the rows (`rows`), the report, and what can be deleted (`work`).

    Attributes:
        path: The folder.
        checkout: The folder whose Shutten is measured.
    """

    path: Path
    checkout: Path

    def row(self, kind: str, name: str, measure: Callable[[], Mapping[str, Figures]]) -> None:
        """Measure a row, unless it was measured before.

        Args:
            kind: What is measured, such as `start`.
            name: The name of the library.
            measure: Returns the figures of each system by its name.
        """
        path = self.path / "rows" / f"{kind}-{name}.json"
        if path.is_file():
            return
        print(f"{kind} {name} ...", flush=True)
        figures = measure()
        row = {"kind": kind, "library": name, **circumstances(self.checkout), "systems": figures}
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps(row, ensure_ascii=False, indent=1).encode())
        print(json.dumps(figures, ensure_ascii=False), flush=True)

    def rows(self) -> list[dict[str, Any]]:
        """Return all rows that were measured, the small libraries first."""
        paths = (self.path / "rows").glob("*.json")
        rows = [json.loads(path.read_text("utf-8")) for path in paths]
        return sorted(rows, key=lambda row: (row["kind"], len(row["library"]), row["library"]))

    def forget(self) -> None:
        """Delete what was measured and made."""
        shutil.rmtree(self.path / "rows", ignore_errors=True)
        shutil.rmtree(self.work, ignore_errors=True)

    @property
    def work(self) -> Path:
        """The folder of texts and indexes."""
        return self.path / "work"

    def home(self, system: System, library: Library) -> Path:
        """Return the data folder of a system with a library, which is made if it is not there.

        An index that was made in another way, say of synthetic vectors, is measured like any
        other where it lies here already.
        """
        if not self._home(system, library).is_dir():
            self.add(system, library)
        return self._home(system, library)

    def add(self, system: System, library: Library) -> Run:
        """Make that data folder anew in a fresh process."""
        home = self._home(system, library)
        shutil.rmtree(home, ignore_errors=True)
        home.parent.mkdir(parents=True, exist_ok=True)
        with appearing(home) as part:
            part.rmdir()  # the system makes it
            return system.run(system.add, part, *library.files)

    def _home(self, system: System, library: Library) -> Path:
        return self.work / "indexes" / f"{system.name}-{library.name}"


def circumstances(checkout: Path) -> dict[str, Any]:
    """Return when, on what, and with which code is measured."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=checkout, capture_output=True, text=True
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {platform.system()}",
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "code": commit.stdout.strip(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
