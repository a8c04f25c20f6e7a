"""Files with automatic numbers and bullets."""

from __future__ import annotations

from pathlib import Path

from docx_markup import level, lists, numbered, override, paragraph, style
from docx_packing import word_file
from docx_sources.sample import Sample, blocks

_JUCIP = Path(__file__).parents[4] / "corpus" / "statements" / "jucip-2023-05-26.ja.txt"
_SYMBOL = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol" w:hint="default"/>'


def jucip() -> Sample:
    """Return the bundled statement with automatic bullets and numbers, as Word has them."""
    definition = level(0, "bullet", "\uf0b7", left=420, hanging=420, look=_SYMBOL) + level(
        1, "decimal", "(%2)", left=840, hanging=420
    )
    body, texts = [], []
    for block in _JUCIP.read_text("utf-8").strip().split("\n\n"):
        for line in block.split("\n"):
            words = line.strip()
            if words.startswith("- ("):
                mark, _, text = words.removeprefix("- ").partition(" ")
                body.append(numbered(text, 1, 1))
                texts.append(f"  {mark} {text}")
            elif words.startswith("- "):
                body.append(numbered(words[2:], 1))
                texts.append(f"• {words[2:]}")
            else:
                body.append(paragraph(words))
                texts.append(words)
    title = "第2回 日米商務・産業パートナーシップ (JUCIP) 閣僚会合 共同声明"
    data = word_file("".join(body), title=title, numbering=lists(definition))
    return Sample(data, blocks(*texts))


def japanese_lists() -> Sample:
    """Return articles and lists of the kinds that Japanese offices use."""
    definitions = lists(
        level(0, "decimalFullWidth", "第%1条", left=210, hanging=210)
        + level(1, "decimalFullWidth", "%2", start=2, left=210, hanging=210),
        level(
            0, "decimalFullWidth", "（%1）", left=420, hanging=420, more='<w:suff w:val="nothing"/>'
        )
        + level(1, "aiueoFullWidth", "%2", left=630, hanging=210)
        + level(2, "decimalEnclosedCircle", "%3", left=840, hanging=210),
        level(0, "irohaFullWidth", "%1．", left=420, hanging=420),
        level(0, "japaneseCounting", "%1", left=420, hanging=210),
    )
    body = [
        paragraph("合意の実施に関する取決め"),
        numbered("両省は、次の事項について協力する。", 1),
        numbered("半導体の供給網の強靱化", 4),
        numbered("輸出管理に関する情報の交換", 4),
        numbered("前項の協力は、毎年度、見直す。", 1, 1),
        numbered("この取決めは、署名の日に効力を生ずる。", 1),
        paragraph("別記"),
        numbered("会合の開催", 2),
        numbered("年一回、交互に開催する。", 2, 1),
        numbered("議題は、次による。", 2, 1),
        numbered("前回の合意の進捗", 2, 2),
        numbered("新たな協力の分野", 2, 2),
        numbered("議長は、交互に務める。", 2, 1),
        numbered("事務局の設置", 2),
        paragraph("　署名者"),
        numbered("経済産業大臣", 3),
        numbered("商務長官", 3),
    ]
    text = blocks(
        "合意の実施に関する取決め",
        "第１条　両省は、次の事項について協力する。",
        "一　半導体の供給網の強靱化",
        "二　輸出管理に関する情報の交換",
        "２　前項の協力は、毎年度、見直す。",
        "第２条　この取決めは、署名の日に効力を生ずる。",
        "別記",
        "（１）会合の開催",
        "ア　年一回、交互に開催する。",
        "イ　議題は、次による。",
        "  ① 前回の合意の進捗",
        "  ② 新たな協力の分野",
        "ウ　議長は、交互に務める。",
        "（２）事務局の設置",
        "　署名者",
        "イ． 経済産業大臣",
        "ロ． 商務長官",
    )
    return Sample(word_file("".join(body), numbering=definitions), text)


def english_outline() -> Sample:
    """Return headings and paragraphs that are numbered by their styles."""
    first, second = (f'<w:outlineLvl w:val="{number}"/>' for number in range(2))
    in_list, below = '<w:numId w:val="1"/>', '<w:ilvl w:val="1"/>'
    styles = (
        style("Heading1", f"<w:numPr>{in_list}</w:numPr>{first}")
        + style("Heading2", f"<w:numPr>{below}</w:numPr>{second}", based_on="Heading1")
        + style("Clause", f"<w:numPr>{in_list}</w:numPr>")
    )

    def styled(style: str, text: str) -> str:
        return paragraph(text, f'<w:pStyle w:val="{style}"/>')

    definitions = lists(
        level(0, "upperRoman", "%1.", left=432, hanging=432, more='<w:pStyle w:val="Heading1"/>')
        + level(
            1,
            "decimal",
            "%1.%2",
            left=576,
            hanging=576,
            more='<w:isLgl/><w:pStyle w:val="Heading2"/>',
        )
        + level(2, "lowerLetter", "(%3)", left=1008, hanging=432, more='<w:pStyle w:val="Clause"/>')
        + level(3, "lowerRoman", "(%4)", left=1440, hanging=432),
        level(0, "decimal", "%1)", left=360),
        overrides={3: (2, override(0, 1)), 4: (2, override(0, 7))},
    )
    body = [
        paragraph("Memorandum of Cooperation"),
        styled("Heading1", "Scope"),
        styled("Heading2", "Fields"),
        paragraph("The Participants cooperate in the following fields:"),
        styled("Clause", "semiconductors, including"),
        numbered("their equipment; and", 1, 3),
        numbered("their materials;", 1, 3),
        styled("Clause", "Open RAN."),
        styled("Heading2", "Limits"),
        styled("Clause", "Funds are not exchanged."),
        styled("Heading1", "Meetings"),
        styled("Heading2", "Dates"),
        paragraph("They meet:"),
        numbered("in Detroit;", 2),
        numbered("in Tokyo.", 2),
        paragraph("Their staff meet:"),
        numbered("by telephone;", 3),
        numbered("in person.", 3),
        paragraph("See also"),
        numbered("annex seven.", 4),
        numbered("annex eight.", 4),
    ]
    text = blocks(
        "Memorandum of Cooperation",
        "I. Scope",
        "1.1 Fields",
        "The Participants cooperate in the following fields:",
        "(a) semiconductors, including",
        "  (i) their equipment; and",
        "  (ii) their materials;",
        "(b) Open RAN.",
        "1.2 Limits",
        "  (a) Funds are not exchanged.",
        "II. Meetings",
        "2.1 Dates",
        "They meet:",
        "1) in Detroit;",
        "2) in Tokyo.",
        "Their staff meet:",
        "1) by telephone;",
        "2) in person.",
        "See also",
        "7) annex seven.",
        "8) annex eight.",
    )
    return Sample(word_file("".join(body), numbering=definitions, styles=styles), text)
