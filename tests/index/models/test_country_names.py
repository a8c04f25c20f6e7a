"""One-character names of countries are read with their full names behind them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models.country_names import countries, spelled_out
from index.models.encoder import Encoder
from qa.assistant import Assistant

STANDING = [
    ("対露輸出管理", "露"),
    ("対ロシアではなく対中政策", "中"),
    ("日米韓三か国", "日米韓"),
    ("日米豪印の枠組み", "日米豪印"),
    ("英仏独首脳", "英仏独"),
    ("日加両国", "日加"),
    ("米越関係", "米越"),
    ("日伊協力", "日伊"),
    ("日比間の協定", "日比"),
    ("対台協力", "台"),
    ("在日米韓軍", "日米韓"),
    ("訪米した", "米"),
    ("伯政府", "伯"),
    ("対日投資", "日"),
    ("26日米韓は", "米韓"),
]
ORDINARY = [
    "両国中の中小企業",
    "日米中小企業",
    "比較と対比",
    "会議の日程",
    "5月26日、米国で",
    "２６日英語で",
    "日米両国",
    "在日米軍",
    "参加国と加盟国",
    "独自の越境取引",
    "印加電圧",
    "朝日新聞",
    "絶対中立",
    "途中で",
    "日本と米国と英国と韓国と中国",
    "台湾の台風",
    "豪雨と露出",
    "Japan and the U.S.",
]


@pytest.mark.parametrize(("text", "signs"), STANDING)
def test_signs_of_countries(text: str, signs: str) -> None:
    text = f"{text}について"
    assert "".join(text[place] for place in countries(text)) == signs


@pytest.mark.parametrize("text", ORDINARY)
def test_the_same_characters_in_other_words(text: str) -> None:
    assert spelled_out(f"{text}について") is None


@pytest.mark.parametrize("text", ["伊比利亚半岛", "加泰罗尼亚", "中日韩三国", "米韓首脳会談"])
def test_a_text_without_kana_may_be_chinese(text: str) -> None:
    assert spelled_out(text) is None


@given(st.text(alphabet="対日米韓中印露、国小企業2 aの", max_size=30))
def test_the_way_back(text: str) -> None:
    spelled = spelled_out(text)
    if spelled is None:
        return
    assert len(spelled.origins) == len(spelled.text)
    assert (np.diff(spelled.origins) >= 0).all()
    firsts = np.flatnonzero(np.diff(spelled.origins, prepend=-1))
    assert "".join(spelled.text[place] for place in firsts) == text
    whole = np.array([[0, 0], [0, len(spelled.text)]], np.int32)
    assert spelled.back(whole).tolist() == [[0, 0], [0, len(text)]]


def test_tokens_stand_for_the_text_as_it_was(encoder: Encoder) -> None:
    text = "対露輸出管理における重要な提携の継続。"
    (encoded,) = encoder.encode([text], "passage")
    assert encoded.spans.max() <= len(text)
    assert (encoded.spans[:, 1] >= encoded.spans[:, 0]).all()
    named = [text[a:b] for a, b in encoded.spans if a < 2 <= b]
    assert len(named) > 1  # 露, and the name behind it
    (reading,) = encoder.rerank("ロシアについて", [text])
    assert reading.spans.max() <= len(text)


@pytest.mark.parametrize(
    "question",
    [
        "Does it mention Russia?",
        "ロシアについて",
        "关于俄罗斯说了什么？",
        "Wird Russland erwähnt?",
        "¿Se menciona a Rusia?",
        "러시아에 대해 뭐라고 하나요?",
    ],
)
def test_russia_is_found_by_its_full_name(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert "対露輸出管理" in answer.ranked[0].text


def test_russia_is_among_the_nearest_where_the_question_says_more(assistant: Assistant) -> None:
    answer = assistant.ask("How does the statement describe Russia?")
    assert any("対露輸出管理" in quote.text for quote in answer.ranked)
