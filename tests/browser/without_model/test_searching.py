"""Search in the statement finds what is on the screen, however it is typed or copied."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistants import MatchingAssistant, served
from pages import SEARCH, open_statement, opened
from playwright.sync_api import Browser, Page, expect
from project import BESIDE
from statements import statement_from

from corpus.characters.markup import without_markup
from corpus.library import bundled_paths, load_statement
from corpus.records import Statement

# More statements are beside the checkout of the developers.
PATHS = [*bundled_paths(), *sorted(BESIDE.glob("*.md"))]
WORDS, CHARACTERS, PHRASES = 6, 12, 15
COUNT = "#shutten-source .tools .count"
MATCHES = "() => [...CSS.highlights.get('shutten-found')].map(range => range.toString())"
# Selects each passage, and returns what would be copied.
COPY_PASSAGES = """() => [...document.querySelectorAll(".document .passage")].map(passage => {
  getSelection().selectAllChildren(passage);
  return getSelection().toString();
})"""
SEARCH_PHRASES = """phrases => phrases.map(phrase => {
  const box = document.querySelector("#shutten-source .tools input");
  box.value = phrase;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return [...CSS.highlights.get("shutten-found")].map(range => range.toString());
})"""
TEXT = """1. We, the Leaders, met at the “Hiroshima\u2011Summit” and
   agreed to “work\u200b together” on the
   Indo‐Pacific – a free one.

（3）半導体の
サプライ・チェーン強靱化に向けて、
パートナーが協力する。次の文もある。

51. Straße, ﬁnance and ½ of it… don’t stop.

- 국민 여러분 모두
"""
OWN = statement_from(TEXT, "own", title="Own", date="2099-01-01", language="en")
CASES = [
    ('met at the "Hiroshima-Summit"', "met at the “Hiroshima\u2011Summit”"),
    ("1. we, the leaders", "1.We, the Leaders"),
    ("agreed   to 'work", None),
    (
        'agreed to "work together" on the indo-pacific',
        "agreed to “work\u200b together” on the Indo‐Pacific",
    ),
    ("indo-pacific - a free", "Indo‐Pacific – a free"),
    ("半導体のサプライチェーン強靱化", "半導体の\nサプライ・チェーン強靱化"),
    ("半導体の サプライ･ﾁｪｰﾝ 強靱化", "半導体の\nサプライ・チェーン強靱化"),
    ("ﾊﾟｰﾄﾅｰ", "パートナー"),
    (unicodedata.normalize("NFD", "パートナーが"), "パートナーが"),
    ("協力する。次の文", "協力する。次の文"),
    ("(3)半導体", "（3）半導体"),
    ("51. STRASSE", "51.Straße"),
    ("finance and", "ﬁnance and"),
    ("of it... don't", "of it… don’t"),
    (unicodedata.normalize("NFD", "국민 여러분"), "국민 여러분"),
    ("국민여러분", None),
    ("wetheleaders", None),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(MatchingAssistant(OWN, *map(load_statement, PATHS))) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "ja-JP"}


def show(page: Page, statement: Statement) -> None:
    open_statement(page, statement.id)
    title = statement.provenance.title
    expect(page.locator(".document")).to_have_attribute("aria-label", title)


def search_key(text: str) -> str:
    """Return a text without all that search ignores, in another way than the page does it."""
    text = unicodedata.normalize("NFKC", text.replace("…", "...")).casefold()
    text = "".join({"Pi": '"', "Pf": '"'}.get(unicodedata.category(sign), sign) for sign in text)
    text = re.sub("['’‘]", '"', text)
    return "".join(c for c in text if unicodedata.category(c)[0] not in "ZC" and c != "・")


def with_single_spaces(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("typed", "shown"), CASES)
def test_spaces_quotes_dashes_width_and_composition_do_not_matter(
    page: Page, typed: str, shown: str | None
) -> None:
    show(page, OWN)
    page.fill(SEARCH, typed)
    matches = [with_single_spaces(match) for match in page.evaluate(MATCHES)]
    assert matches == ([with_single_spaces(shown)] if shown else [])


def phrases(passages: list[str], draw: random.Random) -> Iterator[str]:
    """Draw passages, and yield some words in a row of each.

    Of a text that is written without spaces some characters are taken. A browser replaces each line
    break by a space in what is pasted into a line.
    """
    for text in draw.choices(passages, k=PHRASES):
        line = re.sub(r"\r?\n", " ", text).strip()
        words = line.split(" ")
        if len(words) < len(line) / 12:
            start = draw.randrange(max(1, len(line) - CHARACTERS))
            yield line[start : start + CHARACTERS].strip()
        else:
            start = draw.randrange(max(1, len(words) - WORDS))
            yield " ".join(words[start : start + WORDS])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_is_copied_from_the_statement_is_found_in_it(
    browser: Browser, address: str, options: dict[str, object], path: Path
) -> None:
    statement = load_statement(path)
    with opened(browser, f"{address}?s={statement.id}", options, address) as page:
        page.wait_for_selector(".document .sentence")
        copied = list(phrases(page.evaluate(COPY_PASSAGES), random.Random(statement.id)))
        matches = page.evaluate(SEARCH_PHRASES, copied)
    for phrase, matches_of_phrase in zip(copied, matches, strict=True):
        # The same words may stand elsewhere with mark-up between them.
        found = {search_key(without_markup(match)) for match in matches_of_phrase}
        assert found == {search_key(without_markup(phrase))}, phrase
    assert any(len(phrase) > CHARACTERS / 2 for phrase in copied)


def test_mark_up_is_no_word(browser: Browser, options: dict[str, object]) -> None:
    """It is found only by those who type it, and stays in the text."""
    text = "## **Trade** and *growth*\n\nWe agreed **on semi**conductors & <u>steel</u>.\n"
    marked = statement_from(text, "marked", title="Trade and growth", language="en")
    with (
        served(MatchingAssistant(marked)) as address,
        opened(browser, address, options) as page,
    ):
        heading = page.locator(".document .heading .sentence")
        assert heading.evaluate("e => e.textContent").endswith("**Trade** and *growth*")
        assert heading.evaluate("e => e.matches('.title')")
        sizes = heading.locator(".mark-up").evaluate_all("all => all.map(e => e.offsetWidth)")
        assert len(sizes) == 5
        assert not any(sizes)
        copied = page.evaluate(COPY_PASSAGES)
        assert ["**on semi**conductors & <u>steel</u>" in each for each in copied] == [False, True]
        found = page.evaluate(
            SEARCH_PHRASES, ["trade and growth", "semiconductors & steel", "**on semi**", "<b>"]
        )
    assert found == [
        ["Trade** and *growth"],
        ["semi**conductors & <u>steel"],
        ["**on semi**"],
        [],
    ]


def test_the_matches_are_counted_and_gone_through(page: Page) -> None:
    statement = load_statement(bundled_paths()[0])
    show(page, statement)
    count = statement.source.text.count("半導体")
    page.fill(SEARCH, "半導体")
    expect(page.locator(COUNT)).to_have_text(f"1／{count}件")
    assert page.evaluate(MATCHES) == ["半導体"] * count
    page.press(SEARCH, "Enter")
    expect(page.locator(COUNT)).to_have_text(f"2／{count}件")
    page.press(SEARCH, "Shift+Enter")
    page.press(SEARCH, "Shift+Enter")
    expect(page.locator(COUNT)).to_have_text(f"{count}／{count}件")
    page.get_by_role("button", name="次の一致").click()
    expect(page.locator(COUNT)).to_have_text(f"1／{count}件")
    page.fill(SEARCH, "ｊｕｃｉｐ")
    assert set(page.evaluate(MATCHES)) == {"JUCIP"}
    page.fill(SEARCH, "どこにもない")
    expect(page.locator(COUNT)).to_have_text("見つかりません")
    page.fill(SEARCH, "")
    expect(page.locator(COUNT)).to_have_text("")


def test_an_ellipsis_is_one_match_for_three_dots_and_none_for_one_dot(page: Page) -> None:
    show(page, OWN)
    page.fill(SEARCH, "...")
    expect(page.locator(COUNT)).to_have_text("1／1件")
    page.fill(SEARCH, ".")
    expect(page.locator(COUNT)).not_to_have_text("1／1件")
    assert "…" not in page.evaluate(MATCHES)
