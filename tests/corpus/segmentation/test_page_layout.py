"""Wrapped lines, page furniture, markers and footnotes in the layout of a page."""

import pytest

from corpus.segmentation.parsing import parse

INDENTS = ["", " ", "    ", "        ", "\t", "\u3000", "\u3000\u3000"]
# Lines of one sentence. Each is tested at every indent, in a statement with other paragraphs.
SENTENCES = {
    "wrapped": [
        "The Ministers did not agree to lift the ban on",
        "exports of seed potatoes before the end of 2025.",
    ],
    "wrapped Japanese": ["両大臣は、対露輸出管理について、", "現時点では合意に至らなかった。"],
    "dash": [
        "The ban on exports of seed potatoes will be lifted",
        "— but not before 2026, and only if both sides agree.",
    ],
    "hyphen": ["The ban on the exports of potatoes is lifted", "- but not before 2026."],
    "number and stop": [
        "The fourth meeting of the Ministers was held on October",
        "31 in Oslo, and the fifth on May 2.",
    ],
    "number, bracket": ["The Ministers did not agree on the options", "2) and 3) of the report."],
    "letter": ["The Ministers will not apply paragraphs (b) and", "(c) of the agreement."],
    "star": ["The Ministers will not apply the note marked", "* in the annex."],
    "middle dot": ["両国は、環境、社会", "・ガバナンスに関する協定に署名しないことを確認した。"],
    "middle dot at the margin": [
        "両国は、この共同声明において、環境、社会",
        "・ガバナンスに関する協定に署名しない。",
    ],
    "number in Japanese": ["両国は、次の措置のうち第一と第", "２．及び第３．の措置を講じない。"],
    "quotation": ["両省は「続ける。", "延ばさない。」と述べていない。"],
    "three lines": ["The Ministers met in Oslo,", "and did not agree on any of", "the points."],
    "plus": ["The meeting of the ten and of the countries of ASEAN", "+ 3 did not take place."],
}
FURNITURE = {
    "dressed number": "- 2 -",
    "bare number": "2",
    "wide number": "２",
    "page": "Page 2",
    "page of": "Page 2 of 12",
    "Japanese page": "第2頁",
    "fraction": "2/12",
    "Roman": "- iv -",
}


def sentences(text):
    return [sentence.of(text) for passage in parse(text) for sentence in passage.sentences]


def joined(text):
    """Remove all white space."""
    return "".join(text.split())


@pytest.mark.parametrize("indent", INDENTS, ids=ascii)
@pytest.mark.parametrize("reason", SENTENCES)
def test_a_sentence_of_several_lines_is_not_cut(reason, indent):
    lines = "".join(f"{indent}{line}\n" for line in SENTENCES[reason])
    text = f"Communique\n\n{lines}\n{indent}They met again.\n"
    assert [joined(sentence) for sentence in sentences(text)] == [
        "Communique",
        joined(lines),
        "Theymetagain.",
    ]


@pytest.mark.parametrize("around", ["\n\n{}\n\n", "\n\n\n{}\n\n\n", "\n\n\f{}\n\n", "\n\n{}\n\f"])
@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_sentence_continues_on_the_next_page(language, furniture, around):
    head, tail = {
        "en": ("The Ministers agreed that the tariff on rice would not", "be lifted before 2030."),
        "ja": ("両省は、半導体の関税を撤廃することについて", "合意に至らなかった。"),
    }[language]
    printed = around.format(FURNITURE[furniture])
    text = f"共同声明\n\n{head}{printed}{tail}\n"
    assert sentences(text) == ["共同声明", f"{head}{printed}{tail}"]


def test_a_running_header_is_no_part_of_the_text():
    pages = [
        "The Ministers met in Oslo and did not agree that the\n",
        "ban should be lifted. They asked their officials to go\n",
        "on, and to report to them before the end of next year.\n",
    ]
    header = "\n- {} -\n\f\nJoint Statement of the Ministers\n\n"
    text = pages[0] + "".join(header.format(n) + page for n, page in enumerate(pages[1:], 1))
    first, second = sentences(text)
    assert first.startswith("The Ministers met")
    assert first.endswith("should be lifted.")
    assert second.startswith("They asked")


@pytest.mark.parametrize(
    "text",
    [
        "They met.\n\n第1条\n\n両国は協力する。\n\n第2条\n\n協議する。\n\n第3条\n\n終える。\n",
        "They met.\n\nOutcome\n\nThey agreed.\n\nOutcome\n\nThey left.\n\nOutcome\n\nThey slept.\n",
    ],
    ids=["articles", "headings"],
)
def test_repeated_headings_are_no_page_furniture(text):
    assert "".join(map(joined, sentences(text))) == joined(text)


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("They agreed:\n- to open a port\n- to close another\n- to wait\n", ["-"] * 3),
        ("出席者\n・田中大臣\n・鈴木長官\n", ["・"] * 2),
        ("They met.\n\n- One of the longest bullets here\n- Two\n- Three\n", ["-"] * 3),
        ("They agreed:\n37\\. One.\n38\\. Two.\n", ["37\\.", "38\\."]),
        ("They agreed:\n1.\u202fOne.\n2.\u2009Two.\n", ["1.", "2."]),
        ("They agreed:\n➢ One.\n➢ Two.\n", ["➢"] * 2),
        ("They agreed:\n✓ One.\n✓ Two.\n", ["✓"] * 2),
        ("They agreed:\n\uf0b7 One.\n\uf0b7 Two.\n", ["\uf0b7"] * 2),
        ("They agreed:\n\uf0d8\tOne.\n\uf0d8\tTwo.\n", ["\uf0d8"] * 2),
        ("They agreed:\no one thing.\no another thing.\n", ["o"] * 2),
        ("次で一致した。\nイ　甲。\nロ　乙。\nハ　丙。\n", ["イ", "ロ", "ハ"]),
        ("次で一致した。\nア．甲。\nイ．乙。\n", ["ア．", "イ．"]),
        ("次で一致した。\n一、甲。\n二、乙。\n", ["一、", "二、"]),
        ("次で一致した。\n（一）甲。\n（二）乙。\n", ["（一）", "（二）"]),
        ("次で一致した。\n(ｱ) 甲。\n(ｲ) 乙。\n", ["(ｱ)", "(ｲ)"]),
        ("第1条　甲。\n第2条　乙。\n", ["第1条", "第2条"]),
        ("第一条（目的）甲。\n第二条（定義）乙。\n", ["第一条", "第二条"]),
        ("They agreed:\nii) one.\niii) two.\n", ["ii)", "iii)"]),
    ],
)
def test_a_marker_opens_a_bullet(text, markers):
    assert [p.marker for p in parse(text) if p.marker] == markers


@pytest.mark.parametrize(
    "text",
    [
        "o governo decidiu esperar.\n",
        "イ　という字である。\n",
        "一、二の例外を除く。\n",
        "注目すべき点である。\n",
        "ii) only one.\n",
    ],
)
def test_a_marker_that_may_be_a_word_needs_another_marker(text):
    assert [p.marker for p in parse(text)] == [""]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("The tariff is lifted.[1] They will meet.[2]", ["[1]", "[2]"]),
        ("The tariff is lifted.¹ They will meet.²", ["¹", "²"]),
        ("The tariff is lifted.<sup>1</sup> They will meet.<sup>2</sup>", ["1</sup>", "2</sup>"]),
        ("関税を撤廃する。（注1）協議する。（注2）", ["（注1）", "（注2）"]),
    ],
)
def test_a_footnote_mark_stays_with_its_sentence(text, marks):
    ends = [sentence[-len(mark) :] for sentence, mark in zip(sentences(text), marks, strict=True)]
    assert ends == marks


@pytest.mark.parametrize("mark", ["[1]", "[^1]:", "¹", "（注１）", "注1：", "※", "<sup>1</sup>"])
def test_a_footnote_is_a_passage_of_its_own(mark):
    text = f"The tariff is lifted.\n\n{mark} Subject to domestic procedures.\n"
    note = parse(text)[-1]
    assert (note.kind, note.marker) == ("note", mark)
    assert note.span.of(text) == "Subject to domestic procedures."


@pytest.mark.parametrize(
    "left_out",
    [
        "![i](data:image/png;base64," + "QUJD" * 2000 + ")",
        "data:application/pdf;base64," + "QUJD" * 2000,
        "QUJD" * 2000,
        "![i](data:image/png;base64,iVBORw0KGgo" + ("\n" + "QUJD" * 19) * 40 + "\nQUI=)",
        "data:image/png;base64," + ("QUJD" * 16 + "\r\n") * 40 + "QUI=",
        "![i](data:image/png;base64," + ("\n  " + "QUJD" * 19) * 40 + "\n  QUJD)",
        "<!-- a comment -->",
        "* * *",
        "————————",
        "\\*\\*\\*",
        "###",
    ],
    ids=lambda text: text[:12],
)
def test_lines_that_are_no_words_of_the_statement_are_left_out(left_out):
    text = f"They met.\n\n{left_out}\n\nThey left.\n"
    assert sentences(text) == ["They met.", "They left."]


@pytest.mark.parametrize("line", ["0123456789abcdef" * 4, "Donaudampfschifffahrt" * 4])
def test_one_long_word_is_kept(line):
    text = f"They met.\n\n{line}\n\nThey left.\n"
    assert sentences(text) == ["They met.", line, "They left."]


def test_text_after_an_encoded_file_is_kept():
    text = "They met.\n" + ("QUJD" * 19 + "\n") * 3 + "Agreed\n"
    assert sentences(text) == ["They met.", "Agreed"]


def test_the_front_matter_of_a_markdown_file_is_left_out():
    text = "---\ntitle: Joint Statement\ntags:\n- a\ndate: '2024-05-01'\n---\n\nThey met.\n"
    assert sentences(text) == ["They met."]
    assert sentences("---\n\nThey met.\n\n---\n\nThey left.\n") == ["They met.", "They left."]
