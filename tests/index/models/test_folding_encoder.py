"""The model reads folded texts, and its spans count code points of the original texts."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from index.models.encoder import Encoder

PLAIN = "両省は、2023年9月にグローバルサプライチェーンと半導体のデジタル貿易について合意した。"
VARIANTS = {
    "decomposed": unicodedata.normalize("NFD", PLAIN),
    "half width": PLAIN.replace("グローバル", "ｸﾞﾛｰﾊﾞﾙ").replace("デジタル", "ﾃﾞｼﾞﾀﾙ"),
    "invisible": PLAIN.replace("導", "\u200b導\ufeff").replace("タル", "\xadタル"),
    "wrapped": PLAIN.replace("導", "\n　　導").replace("合意", "\r\n合意"),
    "mark-up": PLAIN.replace("半導体", "**半導体**").replace("貿易", "<u>貿易</u>"),
    "era": PLAIN.replace("2023年", "令和五年"),
}
# How the word デジタル is written where a variant changes it.
DIGITAL = {
    "decomposed": unicodedata.normalize("NFD", "デジタル"),
    "half width": "ﾃﾞｼﾞﾀﾙ",
    "invisible": "デジ\xadタル",
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_encoded_as_the_plain_text(encoder: Encoder, name: str) -> None:
    plain, variant = encoder.encode([PLAIN, VARIANTS[name]], "passage")
    assert np.allclose(plain.vector, variant.vector, atol=1e-5)
    assert np.allclose(plain.tokens, variant.tokens, atol=1e-4)
    token = [PLAIN[start:end] for start, end in plain.spans].index("デジタル")
    start, end = variant.spans[token]
    assert VARIANTS[name][start:end] == DIGITAL.get(name, "デジタル")


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_reranked_as_the_plain_text(encoder: Encoder, name: str) -> None:
    question = "半導体の貿易は？"
    plain, variant = encoder.rerank(question, [PLAIN, VARIANTS[name]])
    assert plain == pytest.approx(variant, abs=1e-3)


def test_a_variant_of_the_question_is_reranked_as_the_plain_question(encoder: Encoder) -> None:
    question = "デジタル貿易は？"
    decomposed = unicodedata.normalize("NFD", question)
    assert decomposed != question
    plain, variant = (encoder.rerank(text, [PLAIN])[0] for text in (question, decomposed))
    assert plain == pytest.approx(variant, abs=1e-3)


@pytest.mark.parametrize("text", ["", "\u200b", "**", "\n\n", "<br>", "&amp;"])
def test_a_text_without_words_has_a_vector(encoder: Encoder, text: str) -> None:
    (encoded,) = encoder.encode([text], "passage")
    assert np.isfinite(encoded.vector).all()
    assert (encoded.spans <= len(text)).all()
