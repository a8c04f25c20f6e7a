"""The first minute: what the statement is, what can be asked, and how sure an answer is."""

from __future__ import annotations

import pytest
from pages import ENGLISH, JAPANESE, UNANSWERABLE, Shelf, ask, opened, served, texts
from playwright.sync_api import Browser, Page, expect

from corpus.records import Provenance
from qa.rendering.messages import LANGUAGES, section

OFFERS = {
    language: [texts[language] for texts in section("offered_questions").values()]
    for language in LANGUAGES
}


@pytest.mark.parametrize(
    ("options", "language", "facts"),
    [
        (
            {"locale": "en-GB"},
            "en",
            [
                "Joint Statement of the Second Japan-U.S.",
                "26 May 2023",
                "商務省 (DOC)",
                "is what counts",
            ],
        ),
        (
            {"locale": "ja-JP"},
            "ja",
            ["Joint Statement of the Second Japan-U.S.", "2023年5月26日", "経済産業省", "正文は"],
        ),
    ],
)
def test_what_the_statement_is_stands_above_it(page: Page, language: str, facts: list[str]) -> None:
    about = page.locator("#shutten-source .about")
    for fact in facts:
        expect(about).to_contain_text(fact)
        expect(about.get_by_text(fact).first).to_be_in_viewport()
    top = about.bounding_box()
    sheet = page.locator(".document").bounding_box()
    assert top
    assert sheet
    assert top["y"] + top["height"] <= sheet["y"]
    # No address of the issuer's page is known, so that none is shown.
    expect(about.locator("a")).to_have_count(0)
    expect(page.locator(f".welcome .ui-{language}")).to_contain_text(
        {"en": "provisional translation", "ja": "仮訳"}[language]
    )


@pytest.mark.parametrize(
    ("url", "links"),
    [("https://www.meti.example/a?b=1", 1), ("javascript:alert(1)", 0), ("http://a.example", 0)],
)
def test_the_issuers_own_page_is_a_click_away(browser: Browser, url: str, links: int) -> None:
    about = Provenance(title="Statement", url=url)
    with (
        served(Shelf("They met.\n", about)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        link = page.locator(".about a")
        expect(page.locator(".about summary")).to_have_text("Statement")
        expect(link).to_have_count(links)
        if links:
            expect(link).to_have_text("The issuer’s page")
            expect(link).to_have_attribute("href", url)
            expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_an_answer_gets_the_room_of_the_facts_unless_the_reader_wants_them(page: Page) -> None:
    about = page.locator("#shutten-source .about")
    expect(about).to_have_attribute("open", "")
    ask(page, JAPANESE)
    expect(about).not_to_have_attribute("open", "")
    expect(about.locator("summary")).to_be_visible()
    about.locator("summary").click()
    ask(page, UNANSWERABLE)
    expect(about).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("options", "language"), [({"locale": "ja-JP"}, "ja"), ({"locale": "fr-FR"}, "en")]
)
def test_questions_are_offered_as_buttons_in_the_language_of_the_reader(
    page: Page, language: str
) -> None:
    offers = page.get_by_role("button").filter(has_text="?" if language == "en" else "か")
    shown = page.locator(".offer:visible")
    assert shown.all_text_contents() == OFFERS[language]
    expect(offers).to_have_count(len(OFFERS[language]))
    for one in shown.all():
        style = one.evaluate("e => [getComputedStyle(e).borderStyle, e.offsetHeight]")
        assert style[0] == "solid"
        assert style[1] >= 44


@pytest.mark.parametrize(
    ("question", "words"),
    [(JAPANESE, "見込み"), (ENGLISH, "how likely it is")],
)
def test_how_sure_an_answer_is_is_explained_by_a_click_or_a_key(
    page: Page, question: str, words: str
) -> None:
    ask(page, question)
    line = page.locator(".answer summary")
    meaning = page.locator(".answer .sure").first
    expect(meaning).to_be_hidden()
    line.click()
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text(words)
    line.press("Enter")
    expect(meaning).to_be_hidden()


def test_a_refusal_lights_the_nearest_passage(page: Page) -> None:
    ask(page, UNANSWERABLE)
    assert texts(page, ".near") == texts(page, ".nearest .words")[:1]
    expect(page.locator(".near")).to_be_in_viewport()
    expect(page.locator(".quoted")).to_have_count(0)


def test_ten_quotes_are_read_without_ten_titles(page: Page) -> None:
    ask(page, "List every mission and meeting that is planned.")
    assert page.locator("blockquote").count() >= 5
    cites = texts(page, ".cite a")
    assert all(len(one) < 60 and "文字目" not in one for one in cites)
    lines = page.locator(".cite").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert max(lines) <= 32
