"""The same statement as text, Markdown, HTML, Word and PDF gives the same quotes.

The PDFs also give the page of every quote, and boxes that hold exactly its words.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping

import pypdfium2
import pytest
from project import DATA

from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.records import Statement
from index.building.adding import add
from index.store.local import LocalStore
from qa.answers.answer import Quote
from qa.assistant import Assistant
from training.ablation import CachingEncoder

pytestmark = pytest.mark.slow

pytest_plugins = ["command_line"]

DOCUMENTS = DATA / "documents"
ASKED = 60
PDFS = ("jucip-one-column", "jucip-two-columns", "jucip-vertical", "jucip-libreoffice")
# Their headings have other characters: signs of Markdown, or no 「(仮訳)」, which is a page header.
OTHER_HEADINGS = ("md", "jucip-one-column")
SAME_SCORE = 0.002
FORMATS = ("txt", "md", "html", "docx", *PDFS)


def questions() -> list[str]:
    """Questions of the split that may be looked at, every few of them."""
    rows = [
        json.loads(line)
        for line in (QUESTIONS / "jucip-2023.jsonl").read_text("utf-8").splitlines()
    ]
    asked = [row["question"] for row in rows if row["split"] == "dev"]
    return asked[:: len(asked) // ASKED][:ASKED]


def as_html(statement: Statement) -> str:
    """Return the statement as the page of a press release."""
    text, parts, depth = statement.source.text, [], 0
    for passage in statement.passages:
        wanted = {"bullet": 1, "item": 2}.get(passage.kind, 0)
        parts.append("<ul>" * max(0, wanted - depth) + "</ul>" * max(0, depth - wanted))
        depth = wanted
        words = html.escape(passage.span.of(text))
        if passage.kind == "heading":
            parts += [f"<h1>{line}</h1>" for line in words.splitlines() if line.strip()]
        elif passage.kind == "item":
            parts.append(f"<li>{passage.marker.lstrip('- ')} {words}</li>")
        else:
            parts.append(f"<li>{words}</li>" if wanted else f"<p>{words}</p>")
    body = "\n".join([*parts, "</ul>" * depth])
    menu = "".join(f'<li><a href="/{n}">{n}番目のページ</a></li>' for n in range(9))
    return (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>共同声明</title></head>'
        f"<body><nav><ul>{menu}</ul></nav><main><article>{body}</article></main>"
        "<footer><p>著作権について</p></footer></body></html>"
    )


def as_markdown(statement: Statement) -> str:
    text, parts = statement.source.text, []
    for passage in statement.passages:
        words = passage.span.of(text)
        mark = {"bullet": "- ", "item": "  - "}.get(passage.kind, "")
        marker = passage.marker.lstrip("- ") + " " if passage.kind == "item" else ""
        if passage.kind == "heading":
            parts += [f"# {line.strip()}" for line in words.splitlines() if line.strip()]
        else:
            parts.append(mark + marker + words)
    return "\n\n".join(parts) + "\n"


@pytest.fixture(scope="module")
def assistants(
    statement: Statement,
    caching_encoder: CachingEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Assistant]:
    """A library of each form of the statement alone, with the facts that are recorded of it."""
    folder = tmp_path_factory.mktemp("forms")
    original = bundled_paths()[0]
    (folder / "txt.txt").write_bytes(original.read_bytes())
    (folder / "md.md").write_text(as_markdown(statement), "utf-8")
    (folder / "html.html").write_text(as_html(statement), "utf-8")
    (folder / "docx.docx").write_bytes((DOCUMENTS / "docx" / "jucip.docx").read_bytes())
    for name in PDFS:
        (folder / f"{name}.pdf").write_bytes((DOCUMENTS / "pdf" / f"{name}.pdf").read_bytes())
    facts = re.sub(
        r"(?m)^(?:sha256|encoding) = .*\n", "", original.with_suffix(".toml").read_text()
    )
    made = {}
    for path in sorted(folder.iterdir()):
        path.with_suffix(".toml").write_text(facts, "utf-8")
        home = tmp_path_factory.mktemp("home")
        with contextlib.closing(LocalStore(home)) as store:
            add(store, caching_encoder, [(load_statement(path), str(path))], progress=False)
            made[path.stem] = Assistant.over(LocalStore(home), caching_encoder)
    return made


def folded(text: str) -> str:
    """Return a text without blanks, marks of headings, and the status, which may be a header."""
    words = re.sub(r"(?m)^# ", "", text)
    return "".join(words.split()).removeprefix("(仮訳)")


def asked(assistants: Mapping[str, Assistant], name: str) -> list[list[Quote]]:
    return [list(assistants[name].ask(question).quotes) for question in questions()]


@pytest.fixture(scope="module")
def expected(assistants: Mapping[str, Assistant]) -> list[dict[str, float]]:
    """The quotes for each question, and their scores, in the order of the answer."""
    return [
        {folded(quote.text): quote.score for quote in quotes} for quotes in asked(assistants, "txt")
    ]


def test_there_are_enough_questions_and_answers(expected: list[dict[str, float]]) -> None:
    assert len(expected) == ASKED
    assert sum(map(bool, expected)) > 0.7 * ASKED


@pytest.mark.parametrize("name", FORMATS[1:])
def test_the_quotes_are_the_same(
    assistants: Mapping[str, Assistant], expected: list[dict[str, float]], name: str
) -> None:
    found = [[folded(quote.text) for quote in quotes] for quotes in asked(assistants, name)]
    different = [
        (want, got) for want, got in zip(expected, found, strict=True) if list(want) != got
    ]
    assert len(different) <= (1 if name in OTHER_HEADINGS else 0), different
    for want, got in different:
        # The scores differ in the third digit, so that the last of many quotes is another one,
        # or two of the first whose scores are the same to that digit change places.
        scores = [want[text] for text in got[:3]]
        assert scores == pytest.approx(list(want.values())[:3], abs=SAME_SCORE)
        assert len(set(want) ^ set(got)) <= 2


@pytest.mark.parametrize("name", PDFS)
def test_pages_and_boxes_hold_exactly_the_quotes(
    assistants: Mapping[str, Assistant], name: str
) -> None:
    document = pypdfium2.PdfDocument(DOCUMENTS / "pdf" / f"{name}.pdf")
    pages = [document[number].get_textpage() for number in range(len(document))]
    heights = [document[number].get_height() for number in range(len(document))]
    texts = [comparable(page.get_text_range()) for page in pages]
    quotes = {quote for quotes in asked(assistants, name) for quote in quotes}
    assert len(quotes) > 15
    for quote in quotes:
        assert quote.original
        words, boxes = comparable(quote.text), quote.original.areas
        printed = ""
        for area in boxes:
            top, bottom = heights[area.page - 1] - area.top, heights[area.page - 1] - area.bottom
            # Without the edges, where the next character begins.
            sides = (area.left + 0.3, bottom - 0.3, area.right - 0.3, top + 0.3)
            printed += pages[area.page - 1].get_text_bounded(*sides)
        assert comparable(printed) == words
        assert quote.original.pages == tuple(dict.fromkeys(area.page for area in boxes))
        if len(quote.original.pages) == 1:
            assert words in texts[quote.original.pages[0] - 1]


def comparable(text: str) -> str:
    """Return a text without blanks, and with the parts of characters that PDFium composes."""
    return folded(unicodedata.normalize("NFKC", text))
