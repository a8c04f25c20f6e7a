"""What a model reads is folded; its spans are those of the text."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from index.models.encoder import Encoder

PLAIN = "両省は、2023年9月にグローバルサプライチェーンと半導体のデジタル貿易について合意した。"
ODD = {
    "decomposed": unicodedata.normalize("NFD", PLAIN),
    "half width": PLAIN.replace("グローバル", "ｸﾞﾛｰﾊﾞﾙ").replace("デジタル", "ﾃﾞｼﾞﾀﾙ"),
    "invisible": PLAIN.replace("導", "\u200b導\ufeff").replace("タル", "\xadタル"),
    "wrapped": PLAIN.replace("導", "\n　　導").replace("合意", "\r\n合意"),
    "mark-up": PLAIN.replace("半導体", "**半導体**").replace("貿易", "<u>貿易</u>"),
    "era": PLAIN.replace("2023年", "令和五年"),
}
DIGITAL = {"decomposed": unicodedata.normalize("NFD", "デジタル"), "half width": "ﾃﾞｼﾞﾀﾙ"}
DIGITAL |= {"invisible": "デジ\xadタル"}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_text_is_read_as_the_plain_one(encoder: Encoder, name: str) -> None:
    plain, odd = encoder.encode([PLAIN, ODD[name]], "passage")
    assert np.allclose(plain.vector, odd.vector, atol=1e-5)
    assert np.allclose(plain.tokens, odd.tokens, atol=1e-4)
    at = [PLAIN[start:end] for start, end in plain.spans].index("デジタル")
    start, end = odd.spans[at]
    assert ODD[name][start:end] == DIGITAL.get(name, "デジタル")


@pytest.mark.parametrize("name", ODD)
def test_a_reader_reads_it_so_too(encoder: Encoder, name: str) -> None:
    question = "半導体の貿易は？"
    plain, odd = encoder.rerank(question, [PLAIN, ODD[name]])
    assert np.allclose(plain.logits, odd.logits, atol=1e-3)
    assert odd.spans.max() == len(ODD[name])
    asked = encoder.rerank(unicodedata.normalize("NFD", question), [PLAIN])[0]
    assert np.allclose(plain.logits, asked.logits, atol=1e-3)


@pytest.mark.parametrize("text", ["", "\u200b", "**", "\n\n", "<br>", "&amp;"])
def test_a_text_of_layout_alone_has_a_vector(encoder: Encoder, text: str) -> None:
    (encoded,) = encoder.encode([text], "passage")
    assert np.isfinite(encoded.vector).all()
    assert (encoded.spans <= len(text)).all()
