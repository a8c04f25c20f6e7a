"""Heavy libraries are loaded only by what needs them, seen from a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "torch",
    "gradio",
    "transformers",
    "sentence_transformers",
    "faiss",
    "onnxruntime",
    "numpy",
}


def loaded(code: str, home: Path) -> set[str]:
    """Which heavy libraries a fresh Python has after running `code`."""
    script = f"import sys\n{code}\nprint('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "SHUTTEN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return HEAVY & set(done.stdout.splitlines()[-1].split())


HELP = "from cli.main import main\nassert main({}) == 0"


@pytest.mark.parametrize(
    "code",
    ["import qa, corpus, index", "import corpus.library"]
    + [HELP.format(arguments) for arguments in (["--help"], ["ask", "--help"], ["--version"])],
)
def test_nothing_heavy_for_help(code: str, tmp_path: Path) -> None:
    assert loaded(code, tmp_path) == set()


def test_asking_needs_neither_torch_nor_gradio(home: Path) -> None:
    ask = "from cli.main import main\nassert main(['ask', 'What was agreed on Open RAN?']) == 0"
    assert loaded(ask, home) == {"faiss", "onnxruntime", "numpy"}
