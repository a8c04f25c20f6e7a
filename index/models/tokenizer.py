"""Builds the tokenizer of the bundled model: that of XLM-RoBERTa."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from index.models.weights import ModelWeights

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def build_tokenizer(weights: ModelWeights) -> Tokenizer:
    """Build the tokenizer: nmt_nfkc normalisation, then unigram pieces."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=3, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(_nmt_nfkc()), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(weights.sizes.positions)
    return tokenizer


def _nmt_nfkc() -> bytes:
    """Return the normalisation table nmt_nfkc.

    sentencepiece writes this table into each model that it trains, and offers no other way to it.
    """
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as pb

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e"]),
        model_writer=written,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model = pb.ModelProto.FromString(written.getvalue())  # type: ignore[attr-defined]
    return bytes(model.normalizer_spec.precompiled_charsmap)
