"""The tokenizer gives the tokens of XLM-RoBERTa, and tells which code points they cover."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from other_tokenizer import other_tokenizer

from corpus.characters.folding import fold
from corpus.library import QUESTIONS, bundled_paths
from index.models.folding_encoder import KINDS
from index.models.tokenizer import Tokenizer, tokenizer_model
from index.models.weights import ModelWeights, read_weights, weights_path

ODD = ["a  b", "ﬁne", "半㍍", "😀 x", "x \u0301a", "a\u200bb", "𠮷野家", "각", "ก็ไทย", "ｵーﾌ"]
# A text, and the code points of its tokens.
SPANS = {
    "が": ["が"],  # decomposed: the mark belongs to the letter
    "ｶﾞ": ["ｶﾞ"],
    "漢 b": ["漢", " b"],
    " 漢 \n": [" ", "漢"],
    "㈱": ["㈱", "㈱", "㈱"],
    "<s>": ["<", "s", ">"],  # no special token
    "": [],
}


@pytest.fixture(scope="module")
def weights() -> ModelWeights:
    return read_weights(weights_path())


@pytest.fixture(scope="module")
def tokenizer(weights: ModelWeights) -> Tokenizer:
    return Tokenizer(tokenizer_model(weights))


def test_ids_agree_with_another_tokenizer(tokenizer: Tokenizer, weights: ModelWeights) -> None:
    other = other_tokenizer(weights)
    files = ("background", "jucip-2023", "library-languages")
    lines = [
        line
        for name in files
        for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    texts = [json.loads(line)["question"] for line in lines] + ODD
    texts += [line for line in bundled_paths()[0].read_text("utf-8").splitlines() if line.strip()]
    assert len(texts) > 300
    for text in (fold(text, kinds=KINDS).key for text in texts):  # as the model reads them
        expected = other.encode(f"query: {text.rstrip()}")
        tokens = tokenizer.encode(f"query: {text}")
        assert tokens.ids == expected.ids, text
        assert all(tokens.spans[:, 1] >= [end for _, end in expected.offsets]), text


@pytest.mark.parametrize("text", SPANS)
def test_tokens_cover_their_characters(text: str, tokenizer: Tokenizer) -> None:
    spans = tokenizer.encode(f"x{text}").spans.tolist()
    covered = [f"x{text}"[start:end] for start, end in spans]
    assert [part for part in covered if part not in ("x", "")] == SPANS[text]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_spans_lie_within_any_text(tokenizer: Tokenizer, text: str) -> None:
    tokens = tokenizer.encode(text)
    assert len(tokens.ids) == len(tokens.spans)
    assert (tokens.spans >= 0).all()
    assert (tokens.spans <= len(text)).all()
    assert (tokens.spans[:, 1] > tokens.spans[:, 0]).all()


@pytest.mark.parametrize("count", [0, 1, 509, 510, 511, 1021])
def test_windows_hold_all_tokens(count: int, tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode("、" * count)
    windows = tokens.windows()
    assert [token for window in windows for token in window[1:-1]] == tokens.ids
    assert all(window[0] == 0 and window[-1] == 2 and len(window) <= 512 for window in windows)
    assert len(windows) == max(1, -(-len(tokens.ids) // 510))
