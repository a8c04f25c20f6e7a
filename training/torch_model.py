"""The bundled encoder in torch, with low-rank changes to train (LoRA, Hu et al. 2021).

`index.models.graph` writes the same models for onnxruntime; a test holds them together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.late_interaction.background import TokenCentring
from index.models.trained_arrays import Table
from index.models.weights import ModelWeights

FIRST = 4  # layers below are left as they are, and run once for all models
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_DROPOUT = 0.1
_BATCH = 8  # texts


class _Linear(nn.Module):
    w: Tensor
    bias: Tensor

    def __init__(self, weights: ModelWeights, name: str, rows: int, rank: int) -> None:
        super().__init__()
        values, scales = weights.blocks(f"{name}.w", rows)
        whole = ((values.astype(np.float32) - 128) * scales[..., None]).reshape(rows, -1)
        self.register_buffer("w", torch.from_numpy(whole).bfloat16())
        self.register_buffer(
            "bias", torch.tensor(weights.vector(f"{name}.b"), dtype=torch.bfloat16)
        )
        columns = whole.shape[1]
        self.a = nn.Parameter(torch.randn(rank, columns) / math.sqrt(columns))
        self.b = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, x: Tensor) -> Tensor:
        whole = functional.linear(x, self.w, self.bias)
        if not len(self.a):
            return whole
        return whole + functional.linear(functional.linear(x, self.a.type_as(x)), self.b.type_as(x))


def _norm(weights: ModelWeights, name: str, kind: torch.dtype) -> tuple[Tensor, Tensor]:
    scale, shift = (torch.tensor(weights.vector(f"{name}.{part}"), dtype=kind) for part in "wb")
    return scale, shift


class _Layer(nn.Module):
    ao: _Linear
    fi: _Linear
    fo: _Linear

    def __init__(self, weights: ModelWeights, number: int, rank: int) -> None:
        super().__init__()
        self.sizes, self.changed = weights.sizes, rank > 0
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
        # Written out: on a CPU, torch's own attention takes three times as long on short texts.
        shares = (query @ key.transpose(2, 3) / math.sqrt(query.shape[-1]) + mask).softmax(-1)
        attended = self.ao((shares @ value).transpose(1, 2).reshape(count, length, hidden))
        x = self._add(x, attended, "aln")
        return self._add(x, self.fo(functional.gelu(self.fi(x))), "oln")

    def _add(self, x: Tensor, change: Tensor, norm: str) -> Tensor:
        # Whole channels of a text are dropped: they cost less to draw than single values.
        if self.training and self.changed:
            kept = torch.rand(len(x), 1, x.shape[2]) >= _DROPOUT
            change = change * kept.type_as(x) / (1 - _DROPOUT)
        x = x + change
        return functional.layer_norm(x, x.shape[-1:], *self.norms[norm], eps=self.sizes.epsilon)


class AdaptedEncoder(nn.Module):
    """The bundled encoder, with changes to train in its upper layers.

    Args:
        weights: What it starts from.
        rank: Of the changes.
    """

    def __init__(self, weights: ModelWeights, rank: int) -> None:
        super().__init__()
        self.sizes = sizes = weights.sizes
        words, scales = weights.blocks("emb.word", sizes.vocabulary)
        self.words, self.scales = torch.from_numpy(words), torch.from_numpy(scales)
        positions = (
            weights.matrix("emb.pos", sizes.positions) + weights.vector("emb.type")[: sizes.hidden]
        )
        self.positions = torch.from_numpy(positions)
        self.norm = _norm(weights, "emb.ln", torch.float32)
        self.layers = nn.ModuleList(
            _Layer(weights, number, rank if number >= FIRST else 0)
            for number in range(sizes.layers)
        )
        self.eval()  # drop nothing out, but while training

    def embed(self, ids: Tensor) -> Tensor:
        """What goes into the first layer, f32 (texts, length, hidden)."""
        words = (self.words[ids].float() - 128) * self.scales[ids][..., None]
        x = words.flatten(2) + self.positions[: ids.shape[1]]
        return functional.layer_norm(x, x.shape[-1:], *self.norm, eps=self.sizes.epsilon)

    def run(self, states: Sequence[Tensor], first: int, last: int) -> list[Tensor]:
        """Layers `first` to `last` over texts of any length, each f32 (tokens, hidden)."""
        found: list[Tensor] = [torch.empty(0)] * len(states)
        order = sorted(range(len(states)), key=lambda number: len(states[number]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            lengths = [len(states[number]) for number in batch]
            x = nn.utils.rnn.pad_sequence([states[n].bfloat16() for n in batch], batch_first=True)
            absent = torch.arange(x.shape[1]) >= torch.tensor(lengths)[:, None]
            mask = torch.zeros(absent.shape).masked_fill(absent, -1e4)[:, None, None, :].bfloat16()
            for layer in self.layers[first:last]:
                x = layer(x, mask)
            for row, number in enumerate(batch):
                found[number] = x[row, : lengths[row]].float()
        return found

    @torch.no_grad()
    def lower(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """States below the first changed layer, f16 to save memory; they never change."""
        embedded = [self.embed(torch.tensor([list(ids)]))[0] for ids in texts]
        return [states.half() for states in self.run(embedded, 0, FIRST)]

    def upper(self, states: Sequence[Tensor]) -> list[Tensor]:
        """Last-layer states, changes included."""
        return self.run(states, FIRST, len(self.layers))

    def table(self) -> Table:
        """What `index.models.lora` reads."""
        arrays = {
            f"l{number}.{name}.{factor}": getattr(getattr(layer, name), factor)
            for number, layer in enumerate(self.layers)
            for name in _MATRICES
            for factor in ("ab" if number >= FIRST else "")
        }
        return {"first": np.array(FIRST), **{key: _halves(one) for key, one in arrays.items()}}

    @torch.no_grad()
    def start_from(self, table: Table) -> None:
        """Take over changes of the same or a smaller rank."""
        for key, values in table.items():
            layer, _, factor = key.rpartition(".")
            if layer.startswith("l") and factor in ("a", "b"):
                number, name = layer[1:].split(".")
                ours = getattr(getattr(self.layers[int(number)], name), factor)
                ours[: values.shape[0], : values.shape[1]] = torch.from_numpy(values).float()


class LateInteraction(AdaptedEncoder):
    """Token vectors that rank by late interaction, and what each token of a question counts."""

    def __init__(self, weights: ModelWeights, rank: int = 16) -> None:
        super().__init__(weights, rank)
        self.head = nn.Linear(self.sizes.hidden, 3)
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, math.log(math.e - 1))  # softplus gives 1
        nn.init.zeros_(self.head.bias[2:])
        self.least = nn.Parameter(torch.tensor(0.5))  # how well an answer meets what tells it
        self.steep = nn.Parameter(torch.tensor(math.log(10.0)))
        self.sharp = nn.Parameter(torch.tensor(math.log(30.0)))  # inverse temperature of ranking
        self.centring = TokenCentring.nothing(self.sizes.hidden)

    def centred(self, states: Tensor) -> Tensor:
        """Token vectors for late interaction, f32 (tokens, hidden), of length 1."""
        centre, languages = map(torch.from_numpy, (self.centring.centre, self.centring.languages))
        apart = functional.normalize(states, dim=-1) - centre
        return functional.normalize(apart - (apart @ languages.T) @ languages, dim=-1)

    def table(self) -> Table:
        """What `index.models.lora` reads."""
        return super().table() | {
            "head.w": _halves(self.head.weight.T),
            "head.b": _halves(self.head.bias),
            "centre": self.centring.centre.astype(np.float16),
            "languages": self.centring.languages.astype(np.float16),
        }

    @torch.no_grad()
    def start_from(self, table: Table) -> None:
        """Take over all of `table`."""
        super().start_from(table)
        self.head.weight.copy_(torch.from_numpy(table["head.w"].T))
        self.head.bias.copy_(torch.from_numpy(table["head.b"]))
        self.centring = TokenCentring(
            *(table[name].astype(np.float32) for name in ("centre", "languages"))
        )


class Reranker(AdaptedEncoder):
    """Reads a question and a passage as one text, and says of each token whether it answers."""

    def __init__(self, weights: ModelWeights, rank: int = 32) -> None:
        super().__init__(weights, rank)
        self.out = nn.Linear(self.sizes.hidden, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, pairs: Sequence[Sequence[int]]) -> list[Tensor]:
        """Logits of pairs of texts, each f32 (tokens,)."""
        found = self.upper(self.lower(pairs))
        return [self.out(functional.layer_norm(x, x.shape[-1:]))[:, 0] for x in found]

    def table(self) -> Table:
        """What `index.models.lora` reads."""
        return super().table() | {
            "head.w": _halves(self.out.weight.T),
            "head.b": _halves(self.out.bias),
        }


def _halves(values: Tensor) -> npt.NDArray[np.float16]:
    return values.detach().numpy().astype(np.float16)
