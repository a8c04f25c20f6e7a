"""Imports go one way, and each heavy library is imported in few files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from project import ROOT

# Each layer may import only itself and the layers before it. The same holds for the parts of the
# packages.
LAYERS = ["corpus", "index", "qa", "web", "ui", "cli"]
PARTS = {
    "corpus": "errors tables spans documents records arguments files characters language "
    "segmentation formats facts inputs library gloss question_sets library_questions",
    "index": "home notices locking ranges models late_interaction lexical names store building "
    "search",
    "qa": "signals opening originals mentions together answers confidence questions listing "
    "overview combining retrieval scope assistant conformance batch feedback proof rendering "
    "examples evaluation integrations",
    "web": "gate rates errors probes observing gradio_limits security page api uploads server "
    "background_server",
    "cli": "exit_codes output groups options errors commands main",
}
TOPS = [*LAYERS, "training"]
FILES = [path for top in TOPS if top != "ui" for path in sorted((ROOT / top).rglob("*.py"))] + [
    ROOT / "ui.py"
]
CONFINED = {
    "faiss": {
        "index/late_interaction/background.py",
        "index/store/vectors/clusters.py",
        "index/store/vectors/faiss_index.py",
    },
    "sentence_transformers": {"index/models/sentence_transformer.py"},
    "langchain_text_splitters": {"corpus/segmentation/splitting.py"},
    "onnxruntime": {"index/models/onnx_session.py"},
    "onnx": {"index/models/onnx_graph.py"},
    "sqlite3": {
        "index/store/connection.py",
        "index/store/database.py",
        "index/store/schema.py",
        "index/store/sqlite_errors.py",
        "qa/feedback.py",
    },
    "prometheus_client": {"web/observing.py"},
    "distributed": {"index/models/dask_encoder.py"},
    "pymilvus": {"index/store/milvus/client.py", "index/store/milvus/schema.py"},
    "grpc": {"index/store/milvus/client.py"},
    "anyascii": {"corpus/characters/sounds.py"},
    "lxml": {"corpus/formats/docx/markup.py"},
    "pypdfium2": {
        "corpus/formats/pdf/characters.py",
        "corpus/formats/pdf/drawings.py",
        "corpus/formats/pdf/recognition.py",
    },
    "selectolax": {"corpus/formats/html/tree.py"},
    "watchfiles": {"cli/commands/index_sync.py"},
    "chardet": {"corpus/formats/encodings.py", "corpus/formats/detection.py"},
    "py3langid": {"corpus/language.py"},
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
        "web/page/originals.py",
        "web/page/statements.py",
        "web/server.py",
        "web/uploads/routes.py",
    },
    "mcp": {"web/api/mcp_tools.py"},
    "argon2": {"web/security/password_hashes.py"},
    "langchain_core": {"qa/integrations/langchain.py"},
    "sklearn": {"training/fitting/logistic.py"},
    "torch": {
        "training/adapter.py",
        "training/networks/encoded_texts.py",
        "training/networks/optimizer.py",
        "training/networks/ranking_loss.py",
        "training/networks/torch_model.py",
        "training/networks/trained_models.py",
        "training/reranker.py",
    },
}
_DYNAMIC = re.compile(r"(?:import_module|__import__|find_spec|run_module)\(\s*[\"']([\w.]+)")


def imported(path: Path) -> set[str]:
    """Return the dotted names of all that a file imports, in whatever way."""
    text = path.read_text("utf-8")
    names = set(_DYNAMIC.findall(text))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    # A module may also be loaded by its name in a string, so each string that looks like the name
    # of one of our modules counts as an import.
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_module = re.fullmatch(rf"(?:{'|'.join(TOPS)})(?:\.\w+)+", node.value)
            if is_module and not node.value.endswith((".json", ".npz", ".jsonl")):
                names.add(node.value)
    return names


def layer_and_part(path: Path) -> tuple[str, str]:
    """Return the layer of a file and its part, which is empty for the layer itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    part = parts[1] if len(parts) > 1 and parts[1] not in ("__init__", "__main__") else ""
    return parts[0], part


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    top, part = layer_and_part(path)
    names = [name.split(".") for name in imported(path)]
    own = [name for name in names if name[0] in TOPS]
    allowed = LAYERS[: LAYERS.index(top) + 1] if top in LAYERS else [*LAYERS[:3], "training"]
    assert {name[0] for name in own} <= set(allowed)
    order = PARTS.get(top, "").split()
    if order and part:
        parts = {name[1] for name in own if name[0] == top and len(name) > 1}
        assert parts <= set(order[: order.index(part) + 1])


def test_every_part_is_listed() -> None:
    parts = {layer_and_part(path) for path in FILES}
    listed = {(layer, part) for layer, names in PARTS.items() for part in names.split()}
    assert {(layer, part) for layer, part in parts if layer in PARTS and part} == listed


@pytest.mark.parametrize(("library", "files"), CONFINED.items(), ids=CONFINED)
def test_a_library_is_imported_only_in_its_files(library: str, files: set[str]) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if library in {name.split(".")[0] for name in imported(path)}
    }
    assert users == files
