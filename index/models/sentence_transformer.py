"""Any sentence-transformers model as an `Encoder`. The only file that knows that library."""

from __future__ import annotations

import hashlib
import socket
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpus.errors import ShuttenError
from index.models.encoder import Encoded, Role, TokenLogits, unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEncoder:
    """A model by hub name or folder, in f32 on the CPU.

    Its prompts named `query` and `passage` (or `document`) are used where it has them. Token
    vectors are the states of its transformer; texts beyond its window are cut there.
    """

    trained, reranker = False, ""
    _BATCH = 16

    def __init__(self, name: str) -> None:
        """Load the model.

        Raises:
            ShuttenError: There is no such model, or it has no token vectors.
        """
        try:
            from sentence_transformers import SentenceTransformer

            self._model: SentenceTransformer = SentenceTransformer(
                name, device="cpu", local_files_only=Path(name).is_dir() or _offline()
            )
        except ImportError:
            raise ShuttenError(
                f"model {name!r} needs sentence-transformers; run "
                "`pip install torch==2.13.0 sentence-transformers`"
            ) from None
        except (OSError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ShuttenError(
                f"model {name!r} cannot be loaded ({reason}); give the folder of a "
                "sentence-transformers model, or a hub name when online"
            ) from error
        if not getattr(self._model.tokenizer, "is_fast", False):
            raise ShuttenError(f"model {name!r} has no fast tokenizer; choose another model")
        self.fingerprint = f"sentence-transformers:{_weights_digest(self._model)}"

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`."""
        prompt = self._prompt(role)
        for start in range(0, len(texts), self._BATCH):
            batch = [
                text.encode("utf-8", "replace").decode("utf-8")
                for text in texts[start : start + self._BATCH]
            ]
            outputs = self._model.encode(
                batch, prompt=prompt, output_value=None, show_progress_bar=False
            )
            for text, output in zip(batch, cast(list[dict[str, Any]], outputs), strict=True):
                yield self._encoded(prompt, text, output)

    def rerank(self, question: str, passages: Sequence[str]) -> list[TokenLogits]:
        """See `Encoder.rerank`: such a model was not trained for it."""
        del question, passages
        return []

    def _prompt(self, role: Role) -> str:
        prompts = self._model.prompts or {}
        names = ("query",) if role == "query" else ("passage", "document")
        return next((prompt for name in names if (prompt := prompts.get(name))), "")

    def _encoded(self, prompt: str, text: str, output: dict[str, Any]) -> Encoded:
        limit = self._model.get_max_seq_length() or 512
        tokenized = self._model.tokenizer(
            prompt + text,
            truncation=True,
            max_length=limit,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        spans = np.array(tokenized["offset_mapping"], np.int32).reshape(-1, 2)
        special = np.array(tokenized["special_tokens_mask"])
        states = output["token_embeddings"].float().numpy()[: len(spans)]
        spans, special = spans[: len(states)], special[: len(states)]
        kept = (special == 0) & (spans[:, 0] >= len(prompt)) & (spans[:, 1] > spans[:, 0])
        return Encoded(
            vector=unit_rows(output["sentence_embedding"].float().numpy()),
            tokens=unit_rows(states[kept]),
            spans=spans[kept] - len(prompt),
        )


def _offline() -> bool:
    """Whether the model hub's name is unknown here; the hub's own client retries for minutes."""
    from huggingface_hub import constants

    if urllib.request.getproxies():
        return False  # then the proxy knows
    try:
        socket.getaddrinfo(urllib.parse.urlsplit(constants.ENDPOINT).hostname, 443)
    except OSError:
        return True
    return False


def _weights_digest(model: SentenceTransformer) -> str:
    """A digest of all parameters, so that a retrained folder is not taken for the old one."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
