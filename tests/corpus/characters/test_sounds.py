"""Names in Katakana and Hangul, and the names in Latin letters that they write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.characters.sounds import SpokenIndex, sounds_of, spoken_names

ALIKE = {
    "Albanese": ["アルバニージー", "앨버니지"],
    "Ardern": ["アーダーン", "아던"],
    "Biden": ["バイデン", "바이든"],
    "Carbis Bay": ["カービスベイ", "카비스베이"],
    "East Room": ["イーストルーム"],
    "Innovation Alliance": ["イノベーション・アライアンス"],
    "Jeddah": ["ジッダ", "ジェッダ", "제다", "제다에서"],
    "Jerusalem": ["エルサレム", "예루살렘"],
    "Kadhimi": ["カディミ"],
    "Kuala Lumpur": ["クアラルンプール"],
    "Lopez Obrador": ["ロペスオブラドール", "ロペス・オブラドール"],
    "Los Angeles": ["ロサンゼルス", "로스앤젤레스"],
    "Lula": ["ルラ", "룰라"],
    "López": ["ロペス"],
    "Macron": ["マクロン", "마크롱"],
    "Marcos": ["マルコス", "마르코스"],
    "Meloni": ["メローニ", "멜로니"],
    "Milei": ["ミレイ"],
    "Oyun Erdene": ["オユンエルデン"],
    "Petro": ["ペトロ", "페트로"],
    "Prabowo": ["プラボウォ", "프라보워"],
    "Putin": ["プーチン"],
    "Washington": ["ワシントン", "워싱턴"],
    "Wilmington": ["ウィルミントン"],
    "Zelenskyy": ["ゼレンスキー", "젤렌스키"],
    "von der Leyen": ["フォンデアライエン", "フォン・デア・ライエン", "폰데어라이엔"],
}
# Words of questions, and names that are near to them in sound.
NOT_ALIKE = {
    "エネルギー": ["Erdogan", "Anwar"],
    "オープン": ["Albanese", "Oban"],
    "カメラ": ["Kamala"],
    "サイバー": ["Sabah", "Zayed"],
    "シナ": ["Gina"],
    "ジェトロ": ["Seattle", "Petro"],
    "ジョモ": ["The MOU"],
    "デジタル": ["Dijon"],
    "ブリッジ": ["Boris"],
    "ヘビ": ["Javier"],
    "マイクロン": ["Macron"],
    "マシン": ["Martin"],
    "マックス": ["Marcos"],
    "ランサムウェア": ["Ransom"],
    "미래": ["Milei"],
    "설명": ["Salman"],
    "안전": ["Johnson"],
    "정상": ["Johnson"],
    "제대로": ["Jeddah"],
    "제도": ["Jeddah"],
    "토론": ["Trong"],
    "합의": ["Javier"],
}


def alike(text: str, names: list[str]) -> set[str]:
    index = SpokenIndex(names)
    return {name for word in spoken_names(text) for name in index.alike(word)}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in ALIKE.items() for text in texts]
)
def test_a_name_is_found_by_its_sound_among_others(name: str, text: str) -> None:
    found = alike(text, list(ALIKE))
    # The first part of ロペス・オブラドール is a name too.
    assert {name} <= found <= {name, "López"}


@pytest.mark.parametrize(("text", "names"), NOT_ALIKE.items())
def test_words_that_are_only_near_are_not_the_name(text: str, names: list[str]) -> None:
    assert not alike(text, names)


@pytest.mark.parametrize("text", ["", "ー", "・", "ッ", "ァ", "アル", "Jeddah", "漢字", "ん", "갸"])
def test_what_is_short_or_in_other_scripts_is_like_nothing(text: str) -> None:
    assert not alike(text, [*ALIKE, "Al", "Ul", "", " ", "-"])


@given(st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30FC), min_size=1))
def test_length_and_width_of_vowels_change_no_sound(text: str) -> None:
    assert sounds_of(text) == sounds_of(text.replace("ー", "").replace("ッ", ""))


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12)), st.text(max_size=30))
def test_any_names_can_be_asked_for_any_text(names: list[str], text: str) -> None:
    assert alike(text, names) <= set(names)
    assert alike(text, names) == alike(text, list(reversed(names)))


@given(st.from_regex(r"[A-Z][a-z]{3,9}( [A-Z][a-z]{3,9})?", fullmatch=True))
def test_the_spellings_of_every_name_are_known(name: str) -> None:
    SpokenIndex([name])
