"""Runs any sentence-transformers model. The only file that knows that library."""

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
from index.models.encoder import Encoded, Role, encodable, unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEncoder:
    """A sentence-transformers model as an `Encoder`, in f32 on the CPU.

    The prompts `query` and `passage` (or `document`) of the model are used if it has them. The
    token vectors are the states of its transformer. A text is cut at the end of the window.

    Args:
        name: The name of the model on the model hub, or its folder.

    Raises:
        ShuttenError: The model or the library cannot be loaded, or the tokenizer of the model
            cannot tell which code points a token covers.
    """

    trained, reranker = False, ""
    _BATCH = 16

    def __init__(self, name: str) -> None:
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
            batch = [encodable(text) for text in texts[start : start + self._BATCH]]
            outputs = self._model.encode(
                batch, prompt=prompt, output_value=None, show_progress_bar=False
            )
            for text, output in zip(batch, cast(list[dict[str, Any]], outputs), strict=True):
                yield self._encoded(prompt, text, output)

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`. These models have no reranker."""
        del question, texts
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
    """Return whether the host of the model hub cannot be found.

    The client of the hub would try to reach it for minutes.
    """
    from huggingface_hub import constants

    if urllib.request.getproxies():
        return False  # a proxy looks the name up itself
    try:
        socket.getaddrinfo(urllib.parse.urlsplit(constants.ENDPOINT).hostname, 443)
    except OSError:
        return True
    return False


def _weights_digest(model: SentenceTransformer) -> str:
    """Return a checksum of all parameters, which differs after the model was trained again."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
