"""Imports run one way, and each heavy library is known to one file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from project import ROOT

# What may import what: each name only those before it. Within the four packages the same holds for
# their parts.
LAYERS = ["corpus", "index", "qa", "web", "ui", "cli"]
PARTS = {
    "corpus": "errors tables records arguments files characters formats segmentation library "
    "question_sets",
    "index": "home notices locking models late_interaction lexical store building search",
    "qa": "signals answers confidence questions listing overview combining retrieval assistant "
    "batch feedback proof rendering evaluation integrations",
    "web": "gate rates errors gradio_limits security page api server background_server",
}
TOPS = [*LAYERS, "training"]
FILES = [path for top in TOPS if top != "ui" for path in sorted((ROOT / top).rglob("*.py"))] + [
    ROOT / "ui.py"
]
CONFINED = {
    "faiss": {"index/store/vectors/faiss_index.py"},
    "sentence_transformers": {"index/models/sentence_transformer.py"},
    "langchain_text_splitters": {"corpus/segmentation/splitting.py"},
    "onnxruntime": {"index/models/onnx_encoder.py"},
    "onnx": {"index/models/onnx_graph.py"},
    "sqlite3": {
        "index/lexical/bm25.py",
        "index/store/connection.py",
        "index/store/database.py",
        "index/store/schema.py",
        "index/store/sqlite_errors.py",
        "qa/feedback.py",
    },
    "chardet": {"corpus/formats/encodings.py", "corpus/formats/detection.py"},
    "py3langid": {"qa/questions/language.py"},
    "ir_measures": {"qa/evaluation/ranking_measures.py"},
    "matplotlib": {"qa/evaluation/plots.py"},
    "gradio": {
        "web/gradio_limits/routes.py",
        "web/gradio_limits/unneeded_work.py",
        "web/gradio_limits/uploads.py",
        "web/page/chat/chat_tab.py",
        "web/page/chat/components.py",
        "web/page/chat/events.py",
        "web/page/layout.py",
        "web/page/measuring/measuring_tab.py",
        "web/page/strings.py",
        "web/server.py",
    },
    "fastapi": {
        "web/api/feedback.py",
        "web/api/rest.py",
        "web/page/statements.py",
        "web/server.py",
    },
    "mcp": {"web/api/mcp_tools.py"},
    "argon2": {"web/security/password_hashes.py"},
    "langchain_core": {"qa/integrations/langchain.py"},
    "sklearn": {"training/logistic.py"},
    "torch": {
        "training/adapter.py",
        "training/encoded_texts.py",
        "training/ranking_loss.py",
        "training/reranker.py",
        "training/torch_model.py",
        "training/trained_models.py",
    },
}
_DYNAMIC = re.compile(r"(?:import_module|__import__|find_spec|run_module)\(\s*[\"']([\w.]+)")


def imported(path: Path) -> set[str]:
    """Dotted names of everything a file imports, wherever in it, and however."""
    text = path.read_text("utf-8")
    names = set(_DYNAMIC.findall(text))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    # What a module loads by a name that is put together cannot be told from its text, so the
    # names of our packages stand in no other string that looks like a module.
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = re.fullmatch(rf"(?:{'|'.join(TOPS)})(?:\.\w+)+", node.value)
            if found and not node.value.endswith((".json", ".npz", ".jsonl")):
                names.add(node.value)
    return names


def place(path: Path) -> tuple[str, str]:
    """The package of a file, and its part of it; empty where it is the package itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    part = parts[1] if len(parts) > 1 and parts[1] not in ("__init__", "__main__") else ""
    return parts[0], part


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    top, part = place(path)
    names = [name.split(".") for name in imported(path)]
    ours = [name for name in names if name[0] in TOPS]
    below = LAYERS[: LAYERS.index(top) + 1] if top in LAYERS else [*LAYERS[:3], "training"]
    assert {name[0] for name in ours} <= set(below)
    order = PARTS.get(top, "").split()
    if order and part:
        parts = {name[1] for name in ours if name[0] == top and len(name) > 1}
        assert parts <= set(order[: order.index(part) + 1])


def test_every_part_has_a_place() -> None:
    found = {place(path) for path in FILES} - {(top, "") for top in TOPS}
    known = {(top, part) for top, parts in PARTS.items() for part in parts.split()}
    assert {one for one in found if one[0] in PARTS} == known


@pytest.mark.parametrize(("library", "homes"), CONFINED.items(), ids=CONFINED)
def test_a_library_is_known_to_one_place(library: str, homes: set[str]) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if library in {name.split(".")[0] for name in imported(path)}
    }
    assert users == homes
