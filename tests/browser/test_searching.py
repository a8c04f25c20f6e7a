"""Search in the statement finds what is on the screen, however it is typed or copied."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import opened
from playwright.sync_api import Browser, Page, expect
from project import BESIDE
from shelves import Books, served, statement

from corpus.library import bundled_paths, load_statement

# Others lie beside the project where it is worked on; without them there are those that ship.
PATHS = [*bundled_paths(), *sorted(BESIDE.glob("*.md"))]
WORDS, SIGNS, PHRASES = 6, 12, 15
SEARCH = "#shutten-source .tools input"
COUNT = "#shutten-source .tools .count"
FOUND = "() => [...CSS.highlights.get('shutten-found')].map(one => one.toString())"
# What selecting each passage and copying it gives.
COPIED = """() => [...document.querySelectorAll(".document .passage")].map(one => {
  getSelection().selectAllChildren(one);
  return getSelection().toString();
})"""
ALL = """phrases => phrases.map(phrase => {
  const box = document.querySelector("#shutten-source .tools input");
  box.value = phrase;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return [...CSS.highlights.get("shutten-found")].map(one => one.toString());
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


def squeezed(text: str) -> str:
    """A text without all that search passes over; made another way than the page makes it."""
    text = unicodedata.normalize("NFKC", text.replace("…", "...")).casefold()
    text = "".join({"Pi": '"', "Pf": '"'}.get(unicodedata.category(one), one) for one in text)
    text = re.sub("['’‘]", '"', text)
    return "".join(one for one in text if unicodedata.category(one)[0] not in "ZC" and one != "・")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    own = statement("own", TEXT, title="Own", date="2099-01-01", language="en")
    with served(Books(own, *map(load_statement, PATHS))) as address:
        yield address


@pytest.mark.parametrize(("typed", "shown"), CASES)
def test_spaces_quotes_dashes_width_and_composition_do_not_matter(
    page: Page, typed: str, shown: str | None
) -> None:
    page.select_option("select.name", "own")
    expect(page.locator(".document")).to_have_attribute("aria-label", "Own")
    page.fill(SEARCH, typed)
    found = page.evaluate(FOUND)
    assert [re.sub(r"\s+", " ", one) for one in found] == (
        [re.sub(r"\s+", " ", shown)] if shown else []
    )


def phrases(passages: list[str], chance: random.Random) -> Iterator[str]:
    """Some words in a row of some passages, or some signs of what is written without spaces.

    A browser puts a space for each line break that is pasted into a line.
    """
    for text in chance.choices(passages, k=PHRASES):
        line = re.sub(r"\r?\n", " ", text).strip()
        words = line.split(" ")
        if len(words) < len(line) / 12:
            start = chance.randrange(max(1, len(line) - SIGNS))
            yield line[start : start + SIGNS].strip()
        else:
            start = chance.randrange(max(1, len(words) - WORDS))
            yield " ".join(words[start : start + WORDS])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_is_copied_from_the_statement_is_found_in_it(
    browser: Browser, address: str, path: Path
) -> None:
    shown = load_statement(path)
    with opened(browser, f"{address}?s={shown.id}", {"locale": "ja-JP"}, address) as page:
        expect(page.locator("select.name")).to_have_value(shown.id)
        asked = list(phrases(page.evaluate(COPIED), random.Random(shown.id)))
        found = page.evaluate(ALL, asked)
    for phrase, hits in zip(asked, found, strict=True):
        assert {squeezed(one) for one in hits} == {squeezed(phrase)}, phrase
    assert any(len(one) > SIGNS / 2 for one in asked)


def test_the_matches_are_gone_through_and_counted(page: Page) -> None:
    page.select_option("select.name", "own")
    expect(page.locator(".document")).to_have_attribute("aria-label", "Own")
    page.fill(SEARCH, "...")
    expect(page.locator(COUNT)).to_have_text("1／1件")
    page.fill(SEARCH, ".")  # not each dot of the ellipsis
    assert "…" not in page.evaluate(FOUND)
