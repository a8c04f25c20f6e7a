"""Where things lie in the checkout, for all tests."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
BESIDE = ROOT.parent / "shared" / "library"
