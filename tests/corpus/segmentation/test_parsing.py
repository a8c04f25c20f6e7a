"""Statements are cut into passages. Most cases are files in tests/data/statements."""

import json

import pytest
from project import DATA

from corpus.formats.text import read_source
from corpus.library import bundled_paths, load_statement
from corpus.segmentation.parsing import parse

CASES = sorted((DATA / "statements").glob("*.txt"))
NAKAGURO = "両省は、次で一致した。\n\n・港を開く。\n・空港を開く。\n"

# Bullets of the web pages of ministries, and the marker that is expected for each.
MARKERS = {
    "- ": "-",
    "– ": "–",
    "* ": "*",
    "＊ ": "＊",
    "・": "・",
    "　・": "・",
    "･": "･",
    "•": "•",
    "•\t": "•",
    "·\t": "·",  # what a word processor writes for a dot
    "● ": "●",
    "○": "○",
    "■　": "■",
    "1. ": "1.",
    "12. ": "12.",
    "１．": "１．",
    "１． ": "１．",
    "1) ": "1)",
    "１）": "１）",
    "(1) ": "(1)",
    "(1)": "(1)",
    "（１）": "（１）",
    "（１）　": "（１）",
    "(a) ": "(a)",
    "（ａ）": "（ａ）",
    "（ア）": "（ア）",
    "(iv) ": "(iv)",
    "a) ": "a)",
    "①": "①",
    "⑳　": "⑳",
    "- (1) ": "- (1)",
    "・（１）": "・（１）",
}


def rows(text):
    """Return the passages of a text in the form of the expected results."""
    return [
        {
            "kind": passage.kind,
            "marker": passage.marker,
            "section": passage.section,
            "number": list(passage.number),
            "text": passage.span.of(text),
            "sentences": [sentence.of(text) for sentence in passage.sentences],
        }
        for passage in parse(text)
    ]


def outline(text):
    """Return kind, section, number and words of every passage."""
    return [(p.kind, p.section, p.number, p.span.of(text)) for p in parse(text)]


def wordings(text):
    """Map the words of each passage to the words of its parent and of its lead-in."""
    passages = parse(text)
    by_id = {p.id: p.span.of(text) for p in passages} | {None: None}
    return {p.span.of(text): (by_id[p.parent], by_id[p.lead_in]) for p in passages}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_statement_file(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    assert rows(read_source(path).text) == expected


@pytest.mark.parametrize("printed", MARKERS)
def test_a_marker_is_no_part_of_the_words(printed):
    text = f"両省は、次で一致した。\n{printed}港を開く。\n{printed}空港を開く。"
    marker = MARKERS[printed]
    assert [(p.kind, p.marker, p.number, p.span.of(text)) for p in parse(text)[1:]] == [
        ("bullet", marker, (1,), "港を開く。"),
        ("bullet", marker, (2,), "空港を開く。"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "1.5 million tonnes were landed.",
        "-5 degrees were measured.",
        "2023. Then came the rest.",
        "１．５度目標を堅持する。",
        "２０２３．５に署名した。",
        "(METI) 経済産業省は賛成した。",
        "（仮訳）である。",
        "—と述べた。",
        "A. Smith signed.",
        "*印は仮訳を示す。",
    ],
)
def test_what_only_looks_like_a_marker_is_part_of_the_words(line):
    assert outline(f"会合を開いた。\n\n{line}\n") == [
        ("paragraph", 0, (1,), "会合を開いた。"),
        ("paragraph", 0, (2,), line),
    ]


@pytest.mark.parametrize("line", ["-", "-  ", "・", "(1)", "1.", "- \u200b", "・\u200b\u200b"])
def test_a_bullet_without_words_does_not_change_the_next_one(line):
    assert outline(f"{line}\n\n・港を開く。")[-1] == ("bullet", 1, (1,), "港を開く。")


@pytest.mark.parametrize("text", ["", "\ufeff", " \r\n\u3000\t\r\n", "\u200b\n\u00a0"])
def test_a_text_without_visible_characters_has_no_passages(text):
    assert parse(text) == ()


def test_items_name_their_bullet_and_the_paragraph_above_the_list():
    text = (
        "共同声明\n\n以下の通り。\n\n- 甲。\n - (1) 乙、\n   - 丙、\n - (2) 丁。\n- 戊。\n\n結語。"
    )
    assert wordings(text) == {
        "共同声明": (None, None),
        "以下の通り。": (None, "共同声明"),
        "甲。": (None, "以下の通り。"),
        "乙、": ("甲。", "以下の通り。"),
        "丙、": ("乙、", "以下の通り。"),
        "丁。": ("甲。", "以下の通り。"),
        "戊。": (None, "以下の通り。"),
        "結語。": (None, "共同声明"),
    }


def test_a_heading_is_the_lead_in_of_the_passages_below_it():
    text = "共同声明\n\n序文。\n\n半導体\n\n- 甲。\n\n経過。\n\n輸出管理\n\n- 乙。"
    assert wordings(text) == {
        "共同声明": (None, None),
        "序文。": (None, "共同声明"),
        "半導体": (None, "共同声明"),
        "甲。": (None, "半導体"),
        "経過。": (None, "半導体"),
        "輸出管理": (None, "半導体"),
        "乙。": (None, "輸出管理"),
    }


def test_equal_bullets_have_different_ids_and_their_own_items():
    text = "- 次を確認した。\n  - (1) 甲。\n- 次を確認した。\n  - (1) 乙。\n"
    first, first_item, second, second_item = parse(text)
    assert first.id != second.id
    assert (first_item.parent, second_item.parent) == (first.id, second.id)


def test_a_list_has_the_nearer_of_two_equal_lead_ins():
    passages = parse("次で一致した。\n\n- 甲。\n\n次で一致した。\n\n- 乙。\n")
    leads = [p for p in passages if p.kind == "paragraph"]
    assert [p.lead_in for p in passages if p.kind == "bullet"] == [lead.id for lead in leads]


@pytest.mark.parametrize(
    "lead", ["{}\n\n- 甲。\n", "- {}\n  - (1) 甲。\n"], ids=["paragraph", "bullet"]
)
def test_parent_and_lead_in_exist_if_they_were_too_long_and_cut(lead):
    long = "".join(f"両省は、第{n}の分野で協力を続けることを確認した。" for n in range(30))
    passages = parse(lead.format(long))
    assert len(passages) > 2
    ids = {p.parent for p in passages} | {p.lead_in for p in passages}
    assert ids - {None} <= {p.id for p in passages}
    assert passages[-1].parent or passages[-1].lead_in


def test_the_next_numbered_section_is_not_below_the_item_before_it():
    text = "１．海\n\n次で一致した。\n\n（１）船\n（２）港\n\n２．空\n\n次で一致した。\n"
    section = next(p for p in parse(text) if p.span.of(text) == "空")
    assert (section.kind, section.marker, section.parent) == ("bullet", "２．", None)


@pytest.mark.parametrize("folio", ["2", "２", "- 2 -", "－ ２ －"], ids=ascii)
def test_a_page_number_does_not_interrupt_a_list(folio):
    passages = parse(f"{NAKAGURO}\n{folio}\n\n・駅を開く。\n")
    numbered = [(p.kind, p.section, p.number) for p in passages if p.marker]
    assert numbered == [("bullet", 1, (1,)), ("bullet", 1, (2,)), ("bullet", 1, (3,))]
    assert {p.lead_in for p in passages if p.marker} == {passages[0].id}


def test_a_form_feed_before_a_bullet_does_not_hide_it():
    assert outline(f"{NAKAGURO}\f・駅を開く。")[-1] == ("bullet", 1, (3,), "駅を開く。")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_kind_of_line_ends_changes_only_offsets(end):
    text = f"\ufeff{NAKAGURO}".replace("\n", end)
    assert outline(text) == outline(NAKAGURO)
    assert [p.id for p in parse(text)] == [p.id for p in parse(NAKAGURO)]


@pytest.mark.parametrize(
    "sentence",
    [
        "両省は、次回の会合を東京で開催し、引き続き協力を\n深化させることはしない",
        "The Ministers agreed that neither side will impose\nnew fees before 2027",
    ],
    ids=["Japanese", "English"],
)
def test_a_wrapped_sentence_without_a_final_stop_is_not_cut(sentence):
    text = f"両省は会談した。\n\n{sentence}"
    assert [s.of(text) for s in parse(text)[-1].sentences] == [sentence]


@pytest.fixture(scope="module")
def bundled():
    (path,) = (path for path in bundled_paths() if path.name == "jucip-2023-05-26.ja.txt")
    return load_statement(path)


def test_bundled_structure(bundled):
    structure = [(p.kind, p.section, p.number) for p in bundled.passages]
    assert len(structure) == 18
    assert structure == [
        ("heading", 0, ()),
        *[("paragraph", 0, (n,)) for n in (1, 2, 3)],
        ("bullet", 1, (1,)),
        ("bullet", 1, (2,)),
        *[("item", 1, (2, n)) for n in (1, 2, 3)],
        *[("bullet", 1, (n,)) for n in range(3, 9)],
        ("paragraph", 1, (1,)),
        *[("bullet", 2, (n,)) for n in (1, 2)],
    ]


def test_bundled_opening_lines_are_one_passage(bundled):
    assert [s.of(bundled.source.text) for s in bundled.passages[0].sentences] == [
        "(仮訳)",
        "第2回 日米商務・産業パートナーシップ (JUCIP) 閣僚会合 共同声明",
        "2023年5月26日",
    ]


def test_bundled_item_3_runs_on_as_printed(bundled):
    (item,) = (p for p in bundled.passages if p.marker == "- (3)")
    first, second = (sentence.of(bundled.source.text) for sentence in item.sentences)
    assert first.startswith("2022年12月に両省で")
    assert "提言の実行両省は2023年3月の「民主主義のためのサミット」において" in first
    assert first.endswith("議論が進展していることを歓迎した。")
    assert second.startswith("両省はまた、")
    assert second.endswith("一致した。")


def test_bundled_items_are_below_the_bullet_on_export_controls(bundled):
    bullet = next(p for p in bundled.passages if (p.section, p.number) == (1, (2,)))
    assert bullet.span.of(bundled.source.text).endswith("コミットメントを再確認した。")
    assert [p.parent for p in bundled.passages if p.kind == "item"] == [bullet.id] * 3


def test_bundled_lists_are_introduced_by_the_paragraphs_above_them(bundled):
    words = {p.id: p.span.of(bundled.source.text) for p in bundled.passages}
    marked = [p for p in bundled.passages if p.marker]
    leads = [{words[p.lead_in] for p in marked if p.section == section} for section in (1, 2)]
    assert [len(lead) for lead in leads] == [1, 1]
    assert leads[0].pop().endswith("以下の通り進めることについてコミットした。")
    assert leads[1].pop().endswith("次に掲げる協力を追求することを決定した。")
