"""Sentence boundaries. `|` marks the expected cuts; the key of a row says what it tests."""

import pytest

from corpus.records import Span
from corpus.segmentation.sentences import ends_sentence, split_sentences, trim

ROWS = {
    "two sentences": "両省は歓迎した。|両省は一致した。",
    "no final stop": "両省は歓迎した。|成果は公開しない",
    "no stop at all": "対露輸出管理における提携の継続",
    "question and exclamation": "賛成か？|反対か！|両省は答えなかった！？|以上である。",
    "half-width stop": "ﾃｽﾄは終わった｡|次に進む｡",
    "full-width full stop": "両省は歓迎した．|両省は一致した．",
    "ideographic space": "両省は歓迎した。|　両省は一致した。",
    "quotation inside": "両省は「続ける。延ばさない。」と述べた。|以上である。",
    "quotations nested": "両省は（「甲。『乙。』丙。」を含む。）を歓迎した。|以上である。",
    "half-width brackets": "両省は方針 (以下「方針」という。) を歓迎した。|以上である。",
    "closing bracket goes along": "（両省は歓迎した。）",
    "bracket never closed": "「両省は歓迎した。|以上である。",
    "bracket never opened": "両省は歓迎した。」|以上である。",
    "bracket unclosed in a quotation": "報告書『水（第３版。』を公表しない。|以上である。",
    "bracket unclosed before a quotation": "（甲である。|両省は「乙。丙。」と述べた。|以上である。",
    "line end inside": "両省は協力を\n続けない。|\n以上である。",
    "CRLF inside": "両省は協力を\r\n続けない。|\r\n以上である。",
    "full-width decimal": "３．５％に上げない。|以上である。",
    "full-width section": "第１．２項を除く。|以上である。",
    "full-width number": "Ｎｏ．３を除く。|以上である。",
    "full-width list number": "上記１．及び２．の措置を認めない。|以上である。",
    "full-width initials": "Ｕ．Ｓ．の措置を認めない。|以上である。",
    "list number": "上記1.及び2.の措置を認めない。|以上である。",
    "version": "Society 5.0の実現を急がない。|以上である。",
    "Latin abbreviation in Japanese": "U.S.の措置とA社Inc.の回答を待つ。|以上である。",
    "domain name in Japanese": "go.jpの外では公開しない。|以上である。",
    "Chinese": "双方同意继续合作。|双方不公布文本！",
    "English": "They met.| They agreed!| Did they sign?| They did not.",
    "Mr., Ms., Dr.": "Mr. Abe met Ms. Roy and Dr. Li.| They left.",
    "U.S.": "The U.S. Department did not sign.| It will.",
    "U.S. with a hyphen": "The U.S.-Japan talks ended.| They failed.",
    "D.C.": "They met in Washington, D.C. on May 3.| They left.",
    "No. 3": "See No. 3 and Nos. 4 and 5.| They differ.",
    "Art., para.": "Under Art. 4, para. 2 it lapses.| It does not renew.",
    "e.g., i.e., etc.": "Ports, e.g. Kobe, i.e. harbors, docks, etc. stay.| They pay.",
    "initial": "George W. Hill spoke.| He left.",
    "month": "They met on Sept. 5.| They left on Dec. 6.",
    "company": "Foo Co., Ltd. and Bar Inc. signed.| They paid.",
    "rarer abbreviations": "They thanked Amb. Roy for pp. 3-5 of Res. 1540.| She left.",
    "German date": "Das Treffen am 1. März 2026 in Bonn entfiel.| Am 30. Juni endet es nicht.",
    "German century": "Die Burg stammt nicht aus dem 12. Jahrhundert.| Sie ist jünger.",
    "a number before a name": "They agreed on article 12.| Japan did not sign it.",
    "decimal": "It grew by 3.5 percent.| It fell by 0.2 points.",
    "year before a stop": "It ends in 2027.| It will not be renewed.",
    "small letter after a stop": "The qty. landed is unknown.| They wait.",
    "domain name": "See example.org for details.| It is free.",
    "ellipsis": "They waited ... and left.| They slept.",
    "in doubt after a quotation": "They said “we will not.” They left.",
    "in doubt after a Japanese quotation": "「続けない。」両省は述べた。|以上である。",
    "straight quotation": 'They said "we will not."| They left.',
    "brackets": "They met (in Kobe. In March.) and left.| They slept.",
    "hard wrap": "They will not\nsign.|\nThey will wait.",
    "two spaces": "They met.|  They left.",
}


@pytest.mark.parametrize("reason", ROWS)
def test_sentences(reason):
    text = ROWS[reason].replace("|", "")
    sentences = [sentence.of(text) for sentence in split_sentences(text, Span(0, len(text)))]
    assert sentences == [sentence.strip() for sentence in ROWS[reason].split("|")]


def test_only_the_span_is_cut_and_offsets_count_from_the_text():
    text = "「前。甲である。乙である。」後。"
    sentences = split_sentences(text, Span(3, 13))
    assert sentences == (Span(3, 8), Span(8, 13))
    assert [sentence.of(text) for sentence in sentences] == ["甲である。", "乙である。"]


def test_offsets_count_code_points():
    text = "𠮷野家は「👍🏽。」と答えた。次。"
    assert [s.of(text) for s in split_sentences(text, Span(0, len(text)))] == [text[:-2], "次。"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
def test_line_ends_cut_only_at_breaks(end):
    text = f"共同声明{end}２０２３年"
    span = Span(0, len(text))
    breaks = {place for place, char in enumerate(text) if char in "\r\n"}
    assert [s.of(text) for s in split_sentences(text, span, breaks)] == [
        "共同声明",
        "２０２３年",
    ]
    assert split_sentences(text, span) == (span,)


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("両省は歓迎した。", True),
        ("「両省は歓迎した。」", True),
        ("They agreed. ", True),
        ("They said “no.”", True),
        ("賛成か？", True),
        ("共同声明", False),
        ("（仮訳）", False),
        ("以下の通り：", False),
        ("", False),
    ],
)
def test_ends_sentence(line, ends):
    assert ends_sentence(line) is ends


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　甲 \r\n", Span(1, 2)),
        ("\ufeff甲\u200b乙\u200b", Span(1, 4)),
        ("甲", Span(0, 1)),
        (" \u3000\t\ufeff", None),
        ("", None),
    ],
)
def test_trim(text, expected):
    assert trim(text, 0, len(text)) == expected
