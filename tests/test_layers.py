"""Imports run one way, and each heavy library is known to one file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ["corpus", "index", "qa", "web", "ui"]
FILES = [path for layer in LAYERS[:4] for path in sorted((ROOT / layer).rglob("*.py"))]
CONFINED = {
    "faiss": {"index/vectors.py"},
    "sentence_transformers": {"index/sentence_transformer.py"},
    "langchain_text_splitters": {"corpus/splitting.py"},
    "onnxruntime": {"index/encoder.py"},
    "onnx": {"index/graph.py"},
    "sqlite3": {
        "index/connecting.py",
        "index/database.py",
        "index/lexical.py",
        "index/readable.py",
        "index/schema.py",
        "qa/feedback.py",
    },
    "chardet": {"corpus/encodings.py", "corpus/formats.py"},
    "py3langid": {"qa/language.py"},
    "ir_measures": {"qa/evaluation.py"},
    "matplotlib": {"qa/report.py"},
    "gradio": {
        "web/chat.py",
        "web/closed.py",
        "web/conversation.py",
        "web/page.py",
        "web/server.py",
        "web/trial.py",
        "web/trimming.py",
        "web/uploads.py",
        "web/words.py",
    },
    "fastapi": {"web/feedback.py", "web/rest.py", "web/server.py", "web/statements.py"},
    "mcp": {"web/agents.py"},
    "langchain_core": {"qa/integrations/langchain.py"},
    "sklearn": {"qa/fitting.py"},
    "torch": {"qa/lessons.py", "qa/modelling.py", "qa/training.py", "qa/reader_training.py"},
}


def imports(path: Path) -> set[str]:
    """Top-level names of everything a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", [*FILES, ROOT / "ui.py"], ids=lambda path: path.name)
def test_imports_run_one_way(path: Path) -> None:
    layer = path.stem if path.parent == ROOT else path.relative_to(ROOT).parts[0]
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    assert not imports(path) & above


@pytest.mark.parametrize(("library", "homes"), CONFINED.items(), ids=CONFINED)
def test_a_library_is_known_to_one_place(library: str, homes: set[str]) -> None:
    users = {path.relative_to(ROOT).as_posix() for path in FILES if library in imports(path)}
    assert users == homes


def test_only_the_command_line_names_the_page() -> None:
    naming = [path.name for path in FILES if 'import_module("ui")' in path.read_text("utf-8")]
    assert naming == ["commands.py"]
