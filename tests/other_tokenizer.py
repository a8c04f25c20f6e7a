"""The tokenizer of the bundled model as the library tokenizers runs it, to compare with."""

from __future__ import annotations

from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.models.tokenizer import tokenizer_model
from index.models.weights import ModelWeights


def other_tokenizer(weights: ModelWeights) -> Tokenizer:
    """Return the tokenizer, which adds no special tokens."""
    table = pb.ModelProto.FromString(tokenizer_model(weights)).normalizer_spec.precompiled_charsmap
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=3, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(table), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    return tokenizer
