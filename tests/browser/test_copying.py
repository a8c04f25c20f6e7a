"""Quotes are copied with their source, and a conversation is exported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pages import CLIPBOARD, JAPANESE, UNANSWERABLE, ask, texts
from playwright.sync_api import Page, expect

from corpus.library import bundled_paths, load_statement
from qa.proof import kept_answers, verification


@pytest.mark.parametrize("options", [{"locale": "ja-JP", "permissions": CLIPBOARD}])
@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("text", r"「(?P<quote>[^\n]+)」\n(?P<source>.+仮訳.+文字目)"),
        ("markdown", r"> (?P<quote>[^\n]+)\n>\n> — (?P<source>.+仮訳.+文字目)"),
        ("bibtex", r"@misc{jucip-2023-05-26-ja-\d+,\n(?s:.+)abstract = {(?P<quote>[^\n]+)}\n}"),
    ],
)
def test_a_quote_is_copied_with_its_source(page: Page, form: str, pattern: str) -> None:
    ask(page, JAPANESE)
    page.locator(f'.quote button[value="copy-{form}"]').first.click()
    expect(page.locator(".done")).to_have_count(1)
    match = re.fullmatch(pattern, page.evaluate("navigator.clipboard.readText()"))
    assert match
    assert match["quote"] == texts(page, "blockquote")[0]
    if form == "text":  # the page shows the source in fewer words
        shown = texts(page, ".cite a")[0]
        assert set(shown.split(" · ")) < set(match["source"].split(" · "))
        assert "文字目" not in shown


def test_a_quote_that_the_browser_does_not_copy_is_shown(page: Page) -> None:
    ask(page, JAPANESE)
    page.evaluate("""() => {  // as over plain HTTP from another machine
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      window.prompt = (_, text) => { window.shown = text; };
    }""")
    page.locator('.quote button[value="copy-text"]').first.click()
    assert texts(page, "blockquote")[0] in page.evaluate("window.shown")


def test_a_conversation_is_exported_with_proofs(page: Page, tmp_path: Path) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
    files = {}
    for name in ("Markdown", "JSON"):
        with page.expect_download() as download:
            page.locator("#shutten-exports button", has_text=name).click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    markdown = files["Markdown"].read_text("utf-8")
    assert markdown.startswith(f"## {JAPANESE}\n")
    assert all(f"> {quote}\n" in markdown for quote in texts(page, "blockquote"))
    statement = load_statement(bundled_paths()[0])
    claims = kept_answers.load(files["JSON"])
    assert {verification.verify(claim, statement).finding for claim in claims} == {"exact"}
    answers = json.loads(files["JSON"].read_text("utf-8"))["answers"]
    assert [answer["status"] for answer in answers] == ["answered", "not_found"]
