"""Files with changes, tables, notes, symbols, fields and text boxes."""

from __future__ import annotations

from docx_markup import (
    field,
    level,
    lists,
    note,
    numbered,
    paragraph,
    reference,
    row,
    ruby,
    run,
    table,
    text_box,
)
from docx_packing import word_file
from docx_sources.sample import Sample, blocks

_WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:hint="default"/>'
_RAISED = '<w:vertAlign w:val="superscript"/>'
_AUTHOR = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'


def changes() -> Sample:
    """Return a draft with tracked changes, comments, moved and hidden text."""
    body = [
        paragraph(
            run("両省は、協力を")
            + f"<w:del {_AUTHOR}><w:r><w:delText>検討</w:delText></w:r></w:del>"
            + f"<w:ins {_AUTHOR}>{run('決定')}</w:ins>"
            + run("した。")
            + run("内部用の覚え", "<w:vanish/>")
            + '<w:r><w:commentReference w:id="0"/></w:r>'
        ),
        paragraph(
            f"<w:moveFrom {_AUTHOR}>{run('次回は東京で開く。')}</w:moveFrom>",
            "<w:rPr><w:moveFrom/></w:rPr>",
        ),
        paragraph("期限は"),
        paragraph(run("本年末である。"), f"<w:rPr><w:del {_AUTHOR}/></w:rPr>"),
        paragraph("延長はない。"),
        paragraph(f"<w:moveTo {_AUTHOR}>{run('次回は東京で開く。')}</w:moveTo>"),
        table(
            row("議題", "担当"),
            "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" + paragraph("取消") + "</w:tc></w:tr>",
        ),
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
        '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>',
    ]
    comments = f'<w:comment w:id="0">{paragraph("要確認")}</w:comment>'
    data = word_file(
        "".join(body),
        comments=comments,
        header1=paragraph("取扱注意"),
        footer1=paragraph("- 1 -"),
        title="Microsoft Word - draft.doc",
    )
    text = blocks(
        "両省は、協力を決定した。",
        "期限は",
        "本年末である。延長はない。",
        "次回は東京で開く。",
        "議題\t担当",
    )
    return Sample(data, text)


def tables() -> Sample:
    """Return tables with data, with merged cells, that arrange a page, and within each other."""
    merged = (
        '<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("日本") + "</w:tc>"
        "<w:tc>" + paragraph("2022") + "</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + paragraph("") + "</w:tc>"
        "<w:tc>" + paragraph("2023") + "</w:tc></w:tr>"
        '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        + paragraph("計 2 件")
        + "</w:tc></w:tr>"
    )
    body = [
        paragraph("表1"),
        table(row("国", "年", ""), merged),
        paragraph(""),
        table(
            row(
                paragraph("左の欄の第一段落。") + paragraph("左の欄の第二段落。"),
                numbered("右の欄の項目、", 1) + numbered("次の項目。", 1) + table(row("内", "側")),
            ),
            row(
                paragraph(run("一行目") + "<w:r><w:br/></w:r>" + run("二行目")),
                numbered("三番目", 1),
            ),
        ),
        paragraph("終わり。"),
    ]
    text = blocks(
        "表1",
        "国\t年",
        "日本\t2022",
        "2023",
        "計 2 件",
        "左の欄の第一段落。",
        "左の欄の第二段落。",
        "1. 右の欄の項目、",
        "2. 次の項目。",
        "内\t側",
        "一行目 二行目\t3. 三番目",
        "終わり。",
    )
    return Sample(word_file("".join(body), numbering=lists(level(0, "decimal", "%1."))), text)


def notes_and_signs() -> Sample:
    """Return notes, superscripts, symbols, hyphens, ruby, fields, boxes and content controls."""
    body = [
        paragraph(
            run("両省は、")
            + ruby("強靱", "きょうじん")
            + run("な供給網")
            + reference("footnote", 2)
            + run("を10")
            + run("9", _RAISED)
            + run("個の部品で支える。")
            + run("CO")
            + run("2", '<w:vertAlign w:val="subscript"/>')
            + run("は減る。")
            + reference("footnote", 3)
        ),
        paragraph(
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
            + run(" 確認済み ")
            + run("l", _WINGDINGS)
            + run("印")
            + "<w:r><w:tab/></w:r>"
            + run("右")
        ),
        paragraph(
            run("co")
            + "<w:r><w:softHyphen/></w:r>"
            + run("operation, 5")
            + "<w:r><w:noBreakHyphen/></w:r>"
            + run("year ")
            + run("plan", "<w:caps/>")
        ),
        paragraph(
            run("第")
            + field(" REF _Ref1 \\h ", "3")
            + run("条、")
            + '<w:hyperlink r:id="rId9">'
            + run("外務省")
            + "</w:hyperlink>"
            + '<w:fldSimple w:instr="PAGE">'
            + run("7")
            + "</w:fldSimple>"
            + field(" EQ \\* jc2 \\o\\ad(\\s\\up 9(とうきょう),東京)", "")
        ),
        paragraph(
            run("図の説明") + text_box(paragraph("図1　供給網"), paragraph("出典：経済産業省"))
        ),
        "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>"
        + paragraph("令和5年5月26日")
        + "</w:sdtContent></w:sdt>",
        paragraph(
            run("以上")
            + reference("endnote", 2)
            + "<w:r><w:br/></w:r>"
            + run("経済産業省")
            + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run("ここに入力")
            + "</w:sdtContent></w:sdt>"
        ),
    ]
    mark = "<w:r><w:footnoteRef/></w:r>"
    data = word_file(
        "".join(body),
        footnotes=note("footnote", 0, paragraph(""))
        + note(
            "footnote", 2, paragraph(mark + run(" 部品の供給網をいう。")), paragraph("詳細は別紙。")
        )
        + note("footnote", 3, paragraph(mark + run(" 2022年比。"))),
        external={"rId9": "https://www.mofa.go.jp/"},
        endnotes=note("endnote", 2, paragraph(run(" 仮訳。"))),
    )
    text = blocks(
        "両省は、強靱な供給網¹を10⁹個の部品で支える。CO2は減る。²",
        "✓ 確認済み ●印\t右",
        "cooperation, 5‑year plan",
        "第3条、外務省7東京",
        "図の説明",
        "図1　供給網",
        "出典：経済産業省",
        "令和5年5月26日",
        "以上³\n経済産業省",
        "¹ 部品の供給網をいう。",
        "  詳細は別紙。",
        "² 2022年比。",
        "³ 仮訳。",
    )
    return Sample(data, text)
