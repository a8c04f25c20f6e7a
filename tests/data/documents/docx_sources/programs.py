"""Files of other programs: python-docx, LibreOffice and pandoc."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from docx_sources.sample import Sample, blocks

_HTML = """<html><head><meta charset="utf-8"><title>共同声明</title></head><body lang="ja">
<h1>日米共同声明</h1>
<p>両閣僚は、次のとおり合意<sup>1</sup>した。</p>
<ol><li>半導体<ul><li>研究の協力</li><li>人材の育成</li></ul></li>
<li>輸出管理<br>情報の交換</li></ol>
<p>総額は10<sup>9</sup>円。CO<sub>2</sub>を減らす。</p>
<table border="1"><tr><th>年</th><th>件</th></tr><tr><td>2022</td><td>5</td></tr>
<tr><td colspan="2">計 5</td></tr></table>
<ol type="a"><li>甲<ol type="i"><li>乙</li><li>丙</li></ol></li><li>丁</li></ol>
</body></html>"""
_MARKDOWN = """---
title: Joint Statement on Chips
---

The Ministers met[^1] and decided 10^9^ things, including CO~2~:

1.  to cooperate on chips;

    In research and in training.

    (a) with labs,
    (b) with schools.

2.  to exchange information.

Each year:

- one report
- another

| Year | Items |
|------|-------|
| 2022 | 5     |

[^1]: On May 26, 2023.

    In Detroit.
"""
_PANDOC_BLOCKS = (
    "Joint Statement on Chips",
    "The Ministers met¹ and decided 10⁹ things, including CO2:",
    "1. to cooperate on chips;",
    "  In research and in training.",
    "  (a) with labs,",
    "  (b) with schools.",
    "2. to exchange information.",
    "Each year:",
    "• one report",
    "• another",
    "Year\tItems",
    "2022\t5",
    "¹ On May 26, 2023.",
    "  In Detroit.",
)


def python_docx() -> Sample:
    """Return a file of python-docx with the styles of its template."""
    import docx

    document = docx.Document()
    document.add_heading("Joint Statement", 0)
    document.add_paragraph("The Ministers decided:")
    for words in ("to cooperate on chips,", "to exchange information."):
        document.add_paragraph(words, "List Bullet")
    document.add_paragraph("in research.", "List Bullet 2")
    for words in ("First step.", "Second step."):
        document.add_paragraph(words, "List Number")
    document.add_heading("Annex", 1)
    grid = document.add_table(2, 2)
    for cell, words in zip(grid._cells, ("Year", "Items", "2023", "5"), strict=True):
        cell.text = words
    buffer = io.BytesIO()
    document.save(buffer)
    text = blocks(
        "Joint Statement",
        "The Ministers decided:",
        "• to cooperate on chips,",
        "• to exchange information.",
        "  • in research.",
        "1. First step.",
        "2. Second step.",
        "Annex",
        "Year\tItems",
        "2023\t5",
    )
    return Sample(buffer.getvalue(), text)


def libreoffice_page() -> Sample:
    """Return a web page that LibreOffice saved as a Word file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(_HTML, "utf-8")
        data = _by_libreoffice(source, "--infilter=HTML (StarWriter)")
    text = blocks(
        "日米共同声明",
        "両閣僚は、次のとおり合意¹した。",
        "1. 半導体",
        "  • 研究の協力",
        "  • 人材の育成",
        "2. 輸出管理\n  情報の交換",
        "総額は10⁹円。CO2を減らす。",
        "年\t件",
        "2022\t5",
        "計 5",
        "a. 甲",
        "  i. 乙",
        "  ii. 丙",
        "b. 丁",
    )
    return Sample(data, text)


def pandoc() -> Sample:
    """Return a Markdown text that pandoc made a Word file of."""
    with tempfile.TemporaryDirectory() as folder:
        return Sample(_by_pandoc(Path(folder), "docx").read_bytes(), blocks(*_PANDOC_BLOCKS))


def libreoffice_odt() -> Sample:
    """Return an OpenDocument text that LibreOffice saved as a Word file."""
    with tempfile.TemporaryDirectory() as folder:
        return Sample(_by_libreoffice(_by_pandoc(Path(folder), "odt")), blocks(*_PANDOC_BLOCKS))


def _by_pandoc(folder: Path, ending: str) -> Path:
    (folder / "text.md").write_text(_MARKDOWN, "utf-8")
    target = folder / f"text.{ending}"
    subprocess.run(["pandoc", folder / "text.md", "-o", target], check=True)
    return target


def _by_libreoffice(source: Path, *options: str) -> bytes:
    kind = "docx:MS Word 2007 XML"
    command = [
        "soffice",
        "--headless",
        *options,
        "--convert-to",
        kind,
        "--outdir",
        source.parent,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return source.with_suffix(".docx").read_bytes()
