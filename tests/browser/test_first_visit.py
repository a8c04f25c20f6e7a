"""On a first visit the page shows what the statement is and what can be asked."""

from __future__ import annotations

import pytest
from assistants import MatchingAssistant, served
from pages import ENGLISH, JAPANESE, LIST, UNANSWERABLE, ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

from qa.rendering.messages import LANGUAGES, section

OFFERS = {
    language: [texts[language] for texts in section("offered_questions").values()]
    for language in LANGUAGES
}
TITLE = "Joint Statement of the Second Japan-U.S."
ENGLISH_FACTS = [TITLE, "26 May 2023", "商務省 (DOC)", "is what counts"]
JAPANESE_FACTS = [TITLE, "2023年5月26日", "経済産業省", "正文は"]


@pytest.mark.parametrize(
    ("options", "language", "facts", "status"),
    [
        ({"locale": "en-GB"}, "en", ENGLISH_FACTS, "provisional translation"),
        ({"locale": "ja-JP"}, "ja", JAPANESE_FACTS, "仮訳"),
    ],
)
def test_facts_about_the_statement_are_shown_above_it(
    page: Page, language: str, facts: list[str], status: str
) -> None:
    about = page.locator("#shutten-source .about")
    for fact in facts:
        expect(about).to_contain_text(fact)
        expect(about.get_by_text(fact).first).to_be_in_viewport()
    about_box = about.bounding_box()
    document_box = page.locator(".document").bounding_box()
    assert about_box
    assert document_box
    assert about_box["y"] + about_box["height"] <= document_box["y"]
    # The address of the issuer's page is not known, so there is no link to it.
    expect(about.locator("a")).to_have_count(0)
    expect(page.locator(f".welcome .ui-{language}")).to_contain_text(status)


@pytest.mark.parametrize(
    ("url", "links"),
    [("https://www.meti.example/a?b=1", 1), ("javascript:alert(1)", 0), ("http://a.example", 0)],
)
def test_only_an_https_address_of_the_issuer_is_a_link(
    browser: Browser, url: str, links: int
) -> None:
    statement = statement_from("They met.\n", title="Statement", url=url)
    with (
        served(MatchingAssistant(statement)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        link = page.locator(".about a")
        expect(page.locator(".about summary")).to_have_text("Statement")
        expect(link).to_have_count(links)
        if links:
            expect(link).to_have_text("The issuer’s page")
            expect(link).to_have_attribute("href", url)
            expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_the_first_answer_closes_the_facts_and_the_reader_can_open_them_again(page: Page) -> None:
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
    offers = page.locator(".offer:visible")
    assert offers.all_text_contents() == OFFERS[language]
    buttons = page.get_by_role("button").filter(has_text="?" if language == "en" else "か")
    expect(buttons).to_have_count(len(OFFERS[language]))
    for offer in offers.all():
        border, height = offer.evaluate("e => [getComputedStyle(e).borderStyle, e.offsetHeight]")
        assert border == "solid"
        assert height >= 44


@pytest.mark.parametrize(
    ("question", "words"), [(JAPANESE, "見込み"), (ENGLISH, "how likely it is")]
)
def test_the_confidence_of_an_answer_is_explained_by_a_click_or_a_key(
    page: Page, question: str, words: str
) -> None:
    ask(page, question)
    summary = page.locator(".answer summary")
    explanation = page.locator(".answer .sure").first
    expect(explanation).to_be_hidden()
    summary.click()
    expect(explanation).to_be_visible()
    expect(explanation).to_contain_text(words)
    summary.press("Enter")
    expect(explanation).to_be_hidden()


def test_the_sources_of_ten_quotes_are_short(page: Page) -> None:
    ask(page, LIST)
    assert page.locator("blockquote").count() >= 5
    citations = texts(page, ".cite a")
    assert all(len(citation) < 60 and "文字目" not in citation for citation in citations)
    heights = page.locator(".cite").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert max(heights) <= 32
