"""The model reads one-character names of countries with the full names behind them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.characters.country_signs import country_positions
from index.models.country_names import expand_country_names
from index.models.encoder import Encoder
from qa.assistant import Assistant

# A text, and its characters that stand for countries.
COUNTRIES = [
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
OTHER_WORDS = [
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


@pytest.mark.parametrize(("text", "signs"), COUNTRIES)
def test_characters_that_stand_for_countries_are_found(text: str, signs: str) -> None:
    text = f"{text}について"
    assert "".join(text[position] for position in country_positions(text)) == signs


@pytest.mark.parametrize("text", OTHER_WORDS)
def test_other_words_with_these_characters_stay_as_they_are(text: str) -> None:
    assert expand_country_names(f"{text}について") is None


@pytest.mark.parametrize("text", ["伊比利亚半岛", "加泰罗尼亚", "中日韩三国", "米韓首脳会談"])
def test_a_text_without_kana_stays_as_it_is(text: str) -> None:
    """It may be Chinese."""
    assert expand_country_names(text) is None


def test_a_full_name_stands_behind_each_character() -> None:
    expanded = expand_country_names("対露と訪米の計画")
    assert expanded is not None
    assert expanded.text == "対露ロシアと訪米アメリカ合衆国の計画"


@given(st.text(alphabet="対日米韓中印露、国小企業2 aの", max_size=30))
def test_spans_lead_back_to_the_original_text(text: str) -> None:
    expanded = expand_country_names(text)
    if expanded is None:
        return
    assert len(expanded.origins) == len(expanded.text)
    assert (np.diff(expanded.origins) >= 0).all()
    firsts = np.flatnonzero(np.diff(expanded.origins, prepend=-1))
    assert "".join(expanded.text[first] for first in firsts) == text
    spans = np.array([[0, 0], [0, len(expanded.text)]], np.int32)
    assert expanded.original_spans(spans).tolist() == [[0, 0], [0, len(text)]]


def test_the_tokens_of_an_added_name_cover_the_character(encoder: Encoder) -> None:
    text = "対露輸出管理における重要な提携の継続。"
    (encoded,) = encoder.encode([text], "passage")
    assert encoded.spans.max() <= len(text)
    assert (encoded.spans[:, 1] >= encoded.spans[:, 0]).all()
    tokens_of_russia = [text[a:b] for a, b in encoded.spans if a < 2 <= b]
    assert len(tokens_of_russia) > 1  # 露, and the name behind it


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


def test_russia_is_among_the_best_sentences_for_a_longer_question(assistant: Assistant) -> None:
    answer = assistant.ask("How does the statement describe Russia?")
    assert any("対露輸出管理" in quote.text for quote in answer.ranked)
