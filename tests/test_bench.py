"""The comparison with the usual way runs, and its report has all rows. Times are not judged."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from libraries import PATHS
from project import DATA, ROOT

from corpus.library import load_statement

pytestmark = pytest.mark.slow

SHARES = ("success@1", "in ten")
ROWS = [
    *(
        (kind, size)
        for kind in ("adding", "asking", "candidates", "one-more", "start")
        for size in ("18", "60")
    ),
    ("adding", "412-characters"),
    ("adding", "jsquad"),
]


def squad_files(folder: Path) -> Path:
    """Write each passage of the statements for tests, with its first sentence as the question."""
    for name, suffix in (("jsquad-valid", ".ja"), ("xquad.en", "")):
        statements = [load_statement(path) for path in PATHS]
        paragraphs = [
            {
                "context": passage.span.of(statement.source.text),
                "qas": [
                    {
                        "id": f"{statement.id}-{passage.id}",
                        "question": passage.sentences[0].of(statement.source.text),
                    }
                ],
            }
            for statement in statements
            if Path(statement.id).suffix == suffix
            for passage in statement.passages
        ]
        content = json.dumps({"data": [{"paragraphs": paragraphs}]})
        (folder / f"{name}.json").write_text(content, "utf-8")
    return folder


def figures(row: dict[str, Any]) -> list[tuple[str, float]]:
    """Return the numbers of Shutten in a row by their names."""
    found = row["systems"]["Shutten"].items()
    return [(name, value) for name, value in found if isinstance(value, int | float)]


def test_the_report_has_all_rows(tmp_path: Path) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    command = [sys.executable, Path("tests", "bench", "side_by_side"), "--smoke", "--out", out]
    command += ["--texts", squad_files(texts), "--statements", DATA / "library"]
    places = {"PYTHONPATH": os.pathsep.join([".", "tests", str(Path("tests", "bench"))])}
    for _ in range(2):  # the second time nothing is left to measure
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | places, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    rows = json.loads((out / "results.json").read_text("utf-8"))["rows"]
    assert sorted((row["kind"], row["library"]) for row in rows) == sorted(ROWS)
    for row in rows:
        assert len(figures(row)) >= 3
        for name, value in figures(row):
            assert math.isfinite(value)
            assert 0 <= value <= 1 if name in SHARES else value > 0, (row["kind"], name)
    report = (out / "report.md").read_text("utf-8")
    assert all(f"{library}" in report for _, library in ROWS)
    assert {path.suffix for path in out.glob("*.png")} == {".png"}
