"""Numbers of lists in all formats of Word that official texts use."""

from __future__ import annotations

import pytest

from corpus.formats.docx.counting import Number
from corpus.formats.docx.number_formats import formatted, is_known
from corpus.segmentation.lines import read_lines
from corpus.segmentation.markers import find_marker

FORMATS = {
    "decimal": "1 2 10 25 100",
    "decimalZero": "01 02 10 25 100",
    "lowerLetter": "a b j y vvvv",
    "upperLetter": "A B J Y VVVV",
    "lowerRoman": "i ii x xxv c",
    "upperRoman": "I II X XXV C",
    "decimalFullWidth": "１ ２ １０ ２５ １００",
    "decimalEnclosedCircle": "① ② ⑩ 25 100",
    "decimalEnclosedParen": "⑴ ⑵ ⑽ 25 100",
    "aiueo": "ｱ ｲ ｺ ﾉ 100",
    "aiueoFullWidth": "ア イ コ ノ 100",
    "iroha": "ｲ ﾛ ﾇ ヰ 100",
    "irohaFullWidth": "イ ロ ヌ ヰ 100",
    "ideographDigital": "一 二 一〇 二五 一〇〇",
    "japaneseCounting": "一 二 十 二十五 百",
    "japaneseLegal": "壱 弐 壱拾 弐拾伍 壱百",
    "taiwaneseCountingThousand": "一 二 十 二十五 一百",
    "ideographTraditional": "甲 乙 癸 25 100",
    "koreanCounting": "일 이 십 이십오 백",
    "ganada": "가 나 차 25 100",
    "ordinal": "1st 2nd 10th 25th 100th",
    "numberInDash": "- 1 - - 2 - - 10 - - 25 - - 100 -",
    "001, 002, 003, ...": "001 002 010 025 100",
    "none": "",
    "bullet": "",
}


@pytest.mark.parametrize("form", FORMATS)
def test_format(form):
    written = " ".join(formatted(count, form) for count in (1, 2, 10, 25, 100))
    assert written.strip() == FORMATS[form]
    assert is_known(form)


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (0, "lowerLetter", "0"),
        (27, "lowerLetter", "aa"),
        (26 * 30 + 1, "lowerLetter", "781"),
        (0, "lowerRoman", "0"),
        (4999, "lowerRoman", "mmmmcmxcix"),
        (5000, "upperRoman", "5000"),
        (20, "decimalEnclosedCircle", "⑳"),
        (1000, "japaneseCounting", "一千"),
        (2026, "japaneseCounting", "二千二十六"),
        (10_000, "japaneseCounting", "10000"),
        (11, "ordinal", "11th"),
        (3, "cardinalText", "3"),
    ],
)
def test_number_at_the_edge_of_a_format(count, form, text):
    assert formatted(count, form) == text


def test_an_unknown_format():
    assert not is_known("cardinalText")


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("none", "bullet")])
@pytest.mark.parametrize(
    "text", ["({})", "（{}）", "{}.", "{}．", "{})", "{}", "第{}条", "{0}.{0}"]
)
def test_the_segmentation_finds_each_marker_that_is_sure(form, text):
    for count in (1, 3, 12, 25):
        number = Number(text.format(formatted(count, form)), " ", ordered=True)
        if number.is_sure:
            line = f"{number.marker}甲"
            found = find_marker(line, *read_lines(line))
            assert found is not None
            assert found.printed == number.text
