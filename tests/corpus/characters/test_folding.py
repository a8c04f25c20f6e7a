"""Texts with the same words have the same key, and every key can be mapped back to its text."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.characters.folding import KINDS, differing_kinds, fold
from corpus.records import Statement

SAME = [  # kind of difference, then texts with one key
    (
        "breaks",
        "hydrogen centre in Kobe",
        "hydrogen centre\nin Kobe",
        "hydrogen  \r\n centre in Kobe",
    ),
    ("breaks", "両省は、半導体の関税を", "両省は、\n　半導体の\r\n    関税を"),
    ("breaks", "経済産業省(METI)は", "経済産業省\n(METI)\nは"),
    ("breaks", "a long-term plan", "a long-\nterm plan"),
    ("breaks", "short-and long-term", "short-\nand long-term"),
    ("breaks", "การค้าเสรี", "การค้า\nเสรี"),
    ("breaks", "양국은 배터리", "양국은\n  배터리"),
    ("blanks", "JUCIPにおいて", "JUCIP において", "JUCIP\tにおいて"),
    ("blanks", "経済産業省(METI)は", "経済産業省 (METI) は"),
    ("blanks", "両省は、半導体の関税を", "両省は、 半導体の関税を"),
    ("blanks", "hydrogen centre", "hydrogen   centre", "hydrogen \tcentre"),
    ("blanks", "short-and long-term", "short- and long-term"),
    ("blanks", "the talks-in Oslo", "the talks - in Oslo"),
    ("blanks", "deux mots; et", "deux mots ; et"),
    ("eras", "2023年9月", "令和5年9月", "令和五年9月"),
    ("eras", "2019年5月", "令和元年5月", "令和1年5月", "平成31年5月", "平成三十一年5月"),
    ("eras", "1989年", "昭和64年", "昭和六十四年", "平成元年", "平成1年"),
    (
        "eras",
        "1926年、1912年、1868年",
        "昭和元年、大正元年、明治元年",
        "大正15年、明治45年、明治元年",
    ),
    ("eras", "in 2023 and 1989", "in Reiwa 5 and Heisei 1", "in reiwa 5 and Showa 64"),
    ("eras", "2025年度", "令和7年度", "令和七年度"),
    ("invisible", "半導体", "半\u200b導体", "半導体\ufeff", "\u2060半導\u200d体"),
    ("invisible", "semiconductor", "semi\xadconductor", "semi\u200cconductor"),
    ("invisible", "葛城", "葛\U000e0100城", "葛\ufe00城"),
    ("forms", "デジタル", "ﾃﾞｼﾞﾀﾙ", unicodedata.normalize("NFD", "デジタル")),
    ("forms", "RAN2023", "ＲＡＮ２０２３"),
    ("forms", "Überprüfung", "U\u0308berpru\u0308fung"),
    ("forms", "환경", unicodedata.normalize("NFD", "환경")),
    ("forms", "キロ", "㌔", "ｷﾛ"),
    ("forms", "戶", "\u2f3e"),
    ("forms", "神", "\ufa19"),
    ("signs", 'states\' "rights"', "states’ “rights”", "states' «rights»", "states‘ 〝rights〟"),
    ("signs", "2020-2023", "2020–2023", "2020—2023", "2020‑2023", "2020−2023"),
    ("signs", "環境・社会", "環境ㆍ社会", "環境·社会", "環境‧社会", "環境∙社会"),
    ("signs", "長西民", "\u2ed1\u2ec4\u2ea0"),
    ("markup", "the 21st century", "the 21<sup>st</sup> century", "the **21st** century"),
    ("markup", "the 21st century", "the <u>21st</u> century<!-- a -->", "the 21st *century*"),
    ("markup", "37. The CoRe Partnership", r"37\. The [CoRe Partnership](https://a.example/b)"),
    ("markup", "trade & energy", "trade &amp; energy"),
    ("markup", "半導体", "<ruby>半導体</ruby>", "半\\**導*\\*体"),
]
SAME_BY_SEVERAL_KINDS = [
    ("デジタル・貿易", "ﾃﾞｼﾞﾀﾙ･貿易"),
    ("a b", "a\u3000b"),
    ("a b", " a b\n"),
    ("2023年9月", "令和５年９月"),
    ("2023年9月", "令和 5 年 9 月"),
    ("2023年9月", "令\n和５\n年９月"),
    ("2023年9月", "㋿5年9月"),
    ("1989年", "㍻元年"),
    ("a b", "a\xa0b"),
    ("「2+2」", "｢２＋２｣"),
    ("1/2", "½"),
    ("a...", "a…"),
    ("one two", "one<br/>two"),
    ("半導体", "半導<br>体"),
    ("the 21st century", "the _21st_ century"),
    ('a " b', "a &amp;quot; b"),
    ("[CoRe](a)", "[CoRe](a)"),
]
DIFFERENT = [
    ("令和5年", "2022年"),
    ("令和5年", "平成5年"),
    ("平成40年", "2028年"),
    ("令和0年", "2018年"),
    ("令和新選組", "2018"),
    ("昭和四日市", "1929日市"),
    ("令和五条件", "2023条件"),
    ("ban", "Ban"),
    ("カ", "ガ"),
    ("ハ", "パ"),
    ("力", "カ"),
    ("ー", "一"),
    ("now here", "nowhere"),
    ("撤廃しない", "撤廃する"),
    ("1,000", "1.000"),
    ("関税を撤廃", "関税は撤廃"),
    ("the U.S. and", "the US and"),
    ("a < b and c > d", "a d"),
    ("see [1](a)", "see 1"),
    ("[1]", "1"),
]


@pytest.mark.parametrize(("kind", "texts"), [(kind, texts) for kind, *texts in SAME])
def test_the_same_words_have_one_key(kind: str, texts: list[str]) -> None:
    assert len({fold(text).key for text in texts}) == 1
    for text in texts[1:]:
        assert differing_kinds(texts[0], text) == (kind,)


@pytest.mark.parametrize(("first", "second"), SAME_BY_SEVERAL_KINDS)
def test_several_kinds_together_give_one_key(first: str, second: str) -> None:
    assert fold(first).key == fold(second).key


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_words_have_different_keys(first: str, second: str) -> None:
    assert fold(first).key != fold(second).key


def test_several_differences_are_all_named() -> None:
    kinds = differing_kinds("**半\u200b導体** – ＲＡＮ", "半導\n体-RAN")
    assert kinds == ("markup", "invisible", "signs", "forms", "blanks")
    assert differing_kinds("a", "a") == ()


@pytest.mark.parametrize(
    ("text", "key", "start", "words"),
    [
        ("the Open\n  RAN", "Open RAN", 4, "Open\n  RAN"),
        ("次の半\n　導\u200b体を", "半導体", 2, "半\n　導\u200b体"),
        ("㈱ｶﾞｽ", "ガ", 1, "ｶﾞ"),
        ("a [CoRe Partnership](https://a.b) c", "CoRe Partnership", 3, "CoRe Partnership"),
        ("the **bold** word", "bold word", 6, "bold** word"),
        ("the 21<sup>st</sup> century", "21st", 4, "21<sup>st"),
    ],
)
def test_a_match_in_the_key_is_mapped_back_to_the_text(
    text: str, key: str, start: int, words: str
) -> None:
    folded = fold(text, 100)
    place = folded.key.index(key)
    span = folded.span(place, place + len(key))
    assert span.start == 100 + start
    assert text[span.start - 100 : span.end - 100] == words


def test_only_white_space_of_the_bundled_statement_differs_from_nfkc(statement: Statement) -> None:
    for passage in statement.passages:
        text = passage.span.of(statement.source.text)
        assert fold(fold(text).key).key == fold(text).key
        composed = unicodedata.normalize("NFKC", text)
        assert "".join(fold(text).key.split()) == "".join(composed.split())


# Pieces are separated by blanks. White space and invisible characters are written as escapes.
PIECES = r"""
か ゛ ﾞ ﾟ ｶ が ヵ 力 A B a b 1 2 . , ; : - – — ' ’ " “ ” 「 」 ( ) [ ] { } * _ \ / < > & # ! % ~
・ ㆍ · • … ⋯ ½ ㌔ ㈱ ² ᄒ ᅡ ᆫ 하 ㅎ ㅏ 한국 ไทย 令和 年 元 五
<b> </b> <br> <!-- --> ** [a](b.c) ]( &amp; &lt; &#92; \*
\u3099 \u309a \u0301 \u0323 \u200b \u200d \ufe0f \xad \ufeff \ud800 \x00 \x1c \x20 \t \n \r
\u3000 \xa0 \u2ed1 \u2f3e \ufdfa \U000e0100
""".split()
ESCAPE = re.compile(r"\\[uxU]([0-9a-f]+)|\\([tnr])")


def unescaped(piece: str) -> str:
    match = ESCAPE.fullmatch(piece)
    if not match:
        return piece
    return chr(int(match[1], 16)) if match[1] else {"t": "\t", "n": "\n", "r": "\r"}[match[2]]


pieces = st.sampled_from([unescaped(piece) for piece in PIECES])
texts = st.text(max_size=40) | st.lists(pieces, max_size=12).map("".join)


@given(texts)
@example("\\**")
@example("&amp;lt;b>")
@example("<<b>b>")
def test_folding_a_key_changes_nothing(text: str) -> None:
    key = fold(text).key
    assert fold(key).key == key


@given(texts, st.integers(0, 1000))
def test_the_map_is_monotone_and_within_the_text(text: str, start: int) -> None:
    folded = fold(text, start)
    assert len(folded.key) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    for begin, end in zip(folded.starts, folded.ends, strict=True):
        assert start <= begin < end <= start + len(text)


@given(texts, st.sampled_from(KINDS))
def test_a_difference_is_always_named(text: str, kind: str) -> None:
    partly_folded = fold(text, kinds=[kind]).key
    if fold(partly_folded).key == fold(text).key:
        assert bool(differing_kinds(text, partly_folded)) == (text != partly_folded)


@given(texts, st.data())
def test_a_slice_of_the_key_is_the_key_of_its_slice(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    boundaries = [  # places between characters of the text
        place
        for place in range(len(folded.key) + 1)
        if place in (0, len(folded.key)) or folded.starts[place] >= folded.ends[place - 1]
    ]
    begin, end = sorted(data.draw(st.lists(st.sampled_from(boundaries), min_size=2, max_size=2)))
    if folded.key[begin:end].strip() != folded.key[begin:end] or begin == end:
        return
    span = folded.span(begin, end)
    words = span.of(text)
    if re.search(r"\[[^]]*\Z", words):  # the slice may cut the mark-up of a link
        return
    assert fold(words, span.start).key == folded.key[begin:end]


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 50_000 + "x",
        "令和" + " " * 50_000,
        "](" + "." * 50_000,
        "[a](" + "/" * 50_000,
        "&" + "amp;" * 12_500,
        "<!--" * 12_500,
    ],
    ids=["blanks", "era", "link's end", "link", "escapes", "comments"],
)
def test_folding_time_does_not_grow_with_the_square_of_the_length(text: str) -> None:
    started = time.monotonic()
    fold(text)
    assert time.monotonic() - started < 20  # seconds; most of these texts once took minutes
