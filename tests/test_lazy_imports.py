"""Heavy libraries are loaded only where they are needed, in a new process."""

from __future__ import annotations

from pathlib import Path

import pytest
from processes import run_python

HEAVY = {
    *("torch", "gradio", "transformers", "sentence_transformers", "faiss", "onnxruntime", "numpy"),
}
COMMANDS = [
    *("", "ask", "verify", "check", "index", "index add", "index list", "index remove"),
    *("index rebuild", "index check", "eval", "eval squad", "chat", "feedback", "model"),
    *("model list", "model build", "model use"),
]
HELP = [[*command.split(), "--help"] for command in COMMANDS]


def heavy_modules(code: str, home: Path) -> set[str]:
    """Return which heavy libraries are loaded after some code was run."""
    script = f"import sys\n{code}\nprint('\\n' + ' '.join(sys.modules))"
    modules = set(run_python("-c", script, SHUTTEN_HOME=home).splitlines()[-1].split())
    assert modules & {"cli", "corpus"}
    return HEAVY & modules


@pytest.mark.parametrize(
    "code",
    [
        "import qa, corpus, index",
        "import corpus.library",
        f"import cli.main\nfor words in {HELP}: assert cli.main.main(words) == 0",
        "import cli.main\nassert cli.main.main(['--version']) == 0",
    ],
    ids=["packages", "library", "help", "version"],
)
def test_imports_help_and_version_load_nothing_heavy(code: str, tmp_path: Path) -> None:
    assert heavy_modules(code, tmp_path) == set()


def test_asking_loads_neither_torch_nor_gradio(home: Path) -> None:
    code = "import cli.main\nassert cli.main.main(['ask', 'What was agreed on Open RAN?']) == 0"
    assert heavy_modules(code, home) == {"faiss", "onnxruntime", "numpy"}
