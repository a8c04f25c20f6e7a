"""Paths of the checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
BESIDE = ROOT.parent / "shared" / "library"  # more statements, where the developers have them
