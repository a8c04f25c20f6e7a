"""The bundled encoder in torch, with low-rank changes that can be trained.

`index.models.graph` writes the same model for onnxruntime, and a test compares both. The upper
layers get low-rank changes (LoRA, Hu et al. 2021); the original weights never change. There is no
command: `training.networks.trained_models` adds the heads of the two models that are trained.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.models.trained_arrays import NamedArrays
from index.models.weights import ModelWeights, dequantised

# The layers below this one have no changes, so all models share them and they run once.
FIRST_ADAPTED = 4
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_DROPOUT = 0.1
_BATCH = 8  # texts


class _Linear(nn.Module):
    """A linear layer with fixed weights plus a low-rank change `b @ a`."""

    w: Tensor
    bias: Tensor

    def __init__(self, weights: ModelWeights, name: str, rows: int, rank: int) -> None:
        super().__init__()
        matrix = weights.matrix(f"{name}.w", rows)
        self.register_buffer("w", torch.from_numpy(matrix).bfloat16())
        self.register_buffer(
            "bias", torch.tensor(weights.vector(f"{name}.b"), dtype=torch.bfloat16)
        )
        columns = matrix.shape[1]
        self.a = nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.b = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, x: Tensor) -> Tensor:
        fixed = functional.linear(x, self.w, self.bias)
        if not len(self.a):
            return fixed
        return fixed + functional.linear(functional.linear(x, self.a.type_as(x)), self.b.type_as(x))


def _norm(weights: ModelWeights, name: str, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    scale, shift = (torch.tensor(weights.vector(f"{name}.{part}"), dtype=dtype) for part in "wb")
    return scale, shift


class _Layer(nn.Module):
    """A transformer layer. A layer of rank 0 has no changes."""

    ao: _Linear
    fi: _Linear
    fo: _Linear

    def __init__(self, weights: ModelWeights, number: int, rank: int) -> None:
        super().__init__()
        self.sizes, self.adapted = weights.sizes, rank > 0
        for name in _MATRICES:
            rows = self.sizes.feed_forward if name == "fi" else self.sizes.hidden
            self.add_module(name, _Linear(weights, f"l{number}.{name}", rows, rank))
        self.norms = {
            name: _norm(weights, f"l{number}.{name}", torch.bfloat16) for name in ("aln", "oln")
        }

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        count, length, hidden = x.shape
        query, key, value = (
            getattr(self, name)(x).view(count, length, self.sizes.heads, -1).transpose(1, 2)
            for name in ("q", "k", "v")
        )
        # On a CPU, torch's own attention function takes three times as long on short texts.
        shares = (query @ key.transpose(2, 3) / math.sqrt(query.shape[-1]) + mask).softmax(-1)
        attended = self.ao((shares @ value).transpose(1, 2).reshape(count, length, hidden))
        x = self._add(x, attended, "aln")
        return self._add(x, self.fo(functional.gelu(self.fi(x))), "oln")

    def _add(self, x: Tensor, change: Tensor, norm: str) -> Tensor:
        # Dropout removes whole channels of a text, because fewer random values are cheaper to draw.
        if self.training and self.adapted:
            kept = torch.rand(len(x), 1, x.shape[2]) >= _DROPOUT
            change = change * kept.type_as(x) / (1 - _DROPOUT)
        x = x + change
        return functional.layer_norm(x, x.shape[-1:], *self.norms[norm], eps=self.sizes.epsilon)


class AdaptedEncoder(nn.Module):
    """The bundled encoder with trainable low-rank changes in its upper layers.

    Args:
        weights: The weights of the bundled model.
        rank: The rank of the changes.
    """

    def __init__(self, weights: ModelWeights, rank: int) -> None:
        super().__init__()
        self.sizes = sizes = weights.sizes
        self.words = weights.blocks("emb.word", sizes.vocabulary)
        self.positions = torch.from_numpy(weights.position_vectors())
        self.norm = _norm(weights, "emb.ln", torch.float32)
        self.layers = nn.ModuleList(
            _Layer(weights, number, rank if number >= FIRST_ADAPTED else 0)
            for number in range(sizes.layers)
        )
        self.eval()  # there is no dropout except during training

    def embed(self, ids: Tensor) -> Tensor:
        """Return the input of the first layer, f32 (texts, length, hidden)."""
        words = torch.from_numpy(dequantised(self.words[ids.numpy()]))
        x = words + self.positions[: ids.shape[1]]
        return functional.layer_norm(x, x.shape[-1:], *self.norm, eps=self.sizes.epsilon)

    def run(self, states: Sequence[Tensor], first: int, last: int) -> list[Tensor]:
        """Run some layers over texts of any lengths.

        Args:
            states: The input for each text, (tokens, hidden).
            first: The first layer to run.
            last: The layer before which to stop.

        Returns:
            The output for each text, f32 (tokens, hidden).
        """
        outputs: list[Tensor] = [torch.empty(0)] * len(states)
        order = sorted(range(len(states)), key=lambda number: len(states[number]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            lengths = [len(states[number]) for number in batch]
            x = nn.utils.rnn.pad_sequence([states[n].bfloat16() for n in batch], batch_first=True)
            padding = torch.arange(x.shape[1]) >= torch.tensor(lengths)[:, None]
            mask = torch.zeros(padding.shape).masked_fill(padding, -1e4)
            mask = mask[:, None, None, :].bfloat16()
            for layer in self.layers[first:last]:
                x = layer(x, mask)
            for row, number in enumerate(batch):
                outputs[number] = x[row, : lengths[row]].float()
        return outputs

    @torch.no_grad()
    def lower(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """Run the layers without changes over token ids; f16 (tokens, hidden) for each text.

        The states are f16 because training keeps those of all texts in memory.
        """
        embedded = [self.embed(torch.tensor([list(ids)]))[0] for ids in texts]
        return [states.half() for states in self.run(embedded, 0, FIRST_ADAPTED)]

    def upper(self, states: Sequence[Tensor]) -> list[Tensor]:
        """Run the adapted layers over the output of `lower`; f32 (tokens, hidden) for each text."""
        return self.run(states, FIRST_ADAPTED, len(self.layers))

    def table(self) -> NamedArrays:
        """Return the trained arrays by the names that `index.models.lora` reads."""
        arrays = {
            f"l{number}.{name}.{factor}": getattr(getattr(layer, name), factor)
            for number, layer in enumerate(self.layers)
            for name in _MATRICES
            for factor in ("ab" if number >= FIRST_ADAPTED else "")
        }
        halves = {name: half_precision(values) for name, values in arrays.items()}
        return {"first": np.array(FIRST_ADAPTED), **halves}

    @torch.no_grad()
    def start_from(self, table: NamedArrays) -> None:
        """Load changes of the same or a smaller rank."""
        for key, values in table.items():
            layer, _, factor = key.rpartition(".")
            if layer.startswith("l") and factor in ("a", "b"):
                number, name = layer[1:].split(".")
                target = getattr(getattr(self.layers[int(number)], name), factor)
                target[: values.shape[0], : values.shape[1]] = torch.from_numpy(values).float()


def half_precision(values: Tensor) -> npt.NDArray[np.float16]:
    """Return the values as they are stored in files."""
    return values.detach().numpy().astype(np.float16)
