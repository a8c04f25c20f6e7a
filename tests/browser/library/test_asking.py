"""Asking a library: of some statements or of all, and what the answers show of the statements."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pages import BOX, CLIPBOARD, NAME, NOTICE, ask, open_statement, opened, row, texts
from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 390, "height": 844}
ASKING = "#shutten-asking"
HYDROGEN = "What is said about hydrogen pipelines?"
NAMED = "In the March 2024 U.S.-Chile statement, where will icebreakers be built?"
CHILE_2022, CHILE_2024 = "us-chile-2022-09-07", "us-chile-2024-03-11"


def choose(page: Page, *statements: str) -> None:
    for statement in statements:
        row(page, statement).get_by_role("checkbox").check()


def cited(page: Page) -> set[str]:
    """Return the ids of the statements that the last answer cites."""
    links = page.locator(".answer").last.locator(".cite a")
    return set(links.evaluate_all("all => all.map(e => e.hash.split('-').slice(4).join('-'))"))


@pytest.mark.parametrize(
    ("options", "words", "clear", "asked"),
    [
        (
            {"locale": "en-GB"},
            "Asking 2 of 10 statements",
            "Ask all",
            "Asked of: U.S.-Finland joint statement, 4 May 2023 / "
            "U.S.-Chile joint statement, 7 Sep 2022",
        ),
        (
            {"locale": "ja-JP"},
            "10件中2件の声明に質問します",
            "すべてに質問する",
            "質問先：米国・フィンランド共同声明（2023年5月4日） / "
            "米国・チリ共同声明（2022年9月7日）",
        ),
    ],
)
def test_a_question_is_asked_of_the_statements_that_were_chosen(
    page: Page, words: str, clear: str, asked: str
) -> None:
    expect(page.locator(ASKING)).to_be_hidden()
    choose(page, "us-finland-2023-05-04", CHILE_2022)
    expect(page.locator(ASKING)).to_contain_text(words)
    ask(page, HYDROGEN)
    assert cited(page) <= {"us-finland-2023-05-04", CHILE_2022}
    assert CHILE_2022 in cited(page)
    expect(page.locator(".asked-of")).to_have_text(asked, use_inner_text=True)
    # The choice and the question with its own choice are kept.
    page.reload()
    expect(page.locator(ASKING)).to_contain_text(words)
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".asked-of")).to_have_text(asked, use_inner_text=True)
    assert cited(page) <= {"us-finland-2023-05-04", CHILE_2022}
    page.get_by_role("button", name=clear).click()
    expect(page.locator(ASKING)).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    ask(page, HYDROGEN)
    assert cited(page) >= {CHILE_2022, CHILE_2024}
    expect(page.locator(".asked-of")).to_have_count(1)
    page.locator(".back").click()
    expect(page.locator(".statement input:checked")).to_have_count(0)


def test_the_statement_that_is_read_can_be_chosen(page: Page) -> None:
    open_statement(page, CHILE_2024)
    page.get_by_label("Choose to ask").check()
    expect(page.locator(f"{ASKING} .names")).to_have_text("U.S.-Chile joint statement, 11 Mar 2024")
    page.locator(".back").click()
    expect(row(page, CHILE_2024).get_by_role("checkbox")).to_be_checked()
    row(page, CHILE_2024).get_by_role("checkbox").uncheck()
    expect(page.locator(ASKING)).to_be_hidden()


def test_a_choice_is_exported(page: Page, tmp_path: Path) -> None:
    choose(page, CHILE_2022)
    ask(page, HYDROGEN)
    page.get_by_role("button", name="Ask all").click()
    with page.expect_download() as download:
        page.locator("#shutten-exports button", has_text="JSON").click()
    path = tmp_path / "kept.json"
    download.value.save_as(path)
    (answer,) = json.loads(path.read_text("utf-8"))["answers"]
    assert (answer["scope"]["why"], answer["scope"]["statements"]) == ("filter", [CHILE_2022])


def test_quotes_of_several_statements_stand_in_groups_from_the_newest_on(page: Page) -> None:
    ask(page, HYDROGEN)
    assert texts(page, ".answer h3")[:2] == [
        "U.S.-Chile joint statement, 11 Mar 2024",
        "U.S.-Chile joint statement, 7 Sep 2022",
    ]
    expect(page.locator(".rank")).to_have_text(["Best answer"])
    best = page.locator(".quote.best .cite a").text_content()
    assert best
    expect(page.locator(NAME)).to_have_text(re.sub(", paragraph.*", "", best))
    first = page.locator(".cite a").first
    expect(first).to_have_text("U.S.-Chile joint statement, 11 Mar 2024, paragraph 1")


def test_the_panel_goes_to_the_statement_of_the_quote_that_is_clicked(page: Page) -> None:
    ask(page, HYDROGEN)
    for place in (0, -1):
        link = page.locator(".cite a").nth(place)
        link.click()
        name = re.sub(", paragraph.*", "", link.text_content() or "")
        expect(page.locator(NAME)).to_have_text(name)
        expect(page.locator(".document .first").first).to_be_in_viewport()


@pytest.mark.parametrize("options", [{"locale": "en-GB", "permissions": CLIPBOARD}])
def test_the_full_citation_is_copied(page: Page) -> None:
    ask(page, HYDROGEN)
    page.locator('.quote button[value="copy-text"]').first.click()
    expect(page.locator(".done")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    quote, citation = copied.splitlines()
    assert texts(page, "blockquote")[0] in quote
    assert citation.startswith(
        "United States-Chile Joint Statement, 2024-03-11 · us-chile-2024-03-11 · paragraph 1 · char"
    )


@pytest.mark.parametrize(
    ("options", "question", "understood", "button", "everything", "found"),
    [
        (
            {"locale": "en-GB"},
            "What did the March 2024 U.S.-Chile statement say on hydrogen pipelines?",
            "Understood: U.S.-Chile joint statement, 11 Mar 2024 · 1 of 10 statements searched",
            "Search all 10 instead",
            "Asked of: all statements, whatever the question names",
            CHILE_2022,
        ),
        (
            {"locale": "ja-JP"},
            "2024年3月の米チリ共同声明は水素パイプラインについて何と述べていますか",
            "10件中1件を検索しました：米国・チリ共同声明（2024年3月11日）",
            "10件すべてを検索する",
            "質問先：すべての声明（質問中の指定を問わず）",
            CHILE_2022,
        ),
    ],
)
def test_what_was_understood_is_said_and_all_can_be_searched_instead(
    page: Page, question: str, understood: str, button: str, everything: str, found: str
) -> None:
    ask(page, question)
    expect(page.locator(".scope")).to_contain_text(understood)
    assert cited(page) == {CHILE_2024}
    page.get_by_role("button", name=button).click()
    expect(page.locator(".asked-of")).to_have_text(everything, use_inner_text=True)
    expect(page.locator(".answer")).to_have_count(1)
    assert found in cited(page)
    expect(page.get_by_role("button", name=button)).to_have_count(0)
    page.reload()
    expect(page.locator(".answer")).to_have_count(1)
    assert found in cited(page)


def test_an_earlier_question_is_asked_of_all_as_the_newest(page: Page) -> None:
    ask(page, NAMED)
    ask(page, HYDROGEN)
    page.locator(".answer").first.get_by_role("button", name="Search all 10 instead").click()
    expect(page.locator(".answer")).to_have_count(3)
    expect(page.locator(".asked").last).to_have_text(NAMED)
    assert "us-finland-2023-05-04" in cited(page)


def test_a_statement_that_does_not_say_it_is_named_beside_those_that_do(page: Page) -> None:
    ask(page, NAMED)
    expect(page.locator(".silent")).to_have_text(
        "U.S.-Chile joint statement, 11 Mar 2024 does not seem to say this."
    )
    expect(page.locator(".nearest")).to_contain_text("Other statements do:")
    assert "U.S.-Finland joint statement, 4 May 2023" in texts(page, ".nearest h3")
    expect(page.get_by_role("button", name="Search all 10 instead")).to_have_count(1)


def test_the_nearest_statements_of_a_missing_one_can_be_opened_or_asked(page: Page) -> None:
    ask(page, "What did the U.S.-Chile statement of May 2019 say on hydrogen pipelines?")
    expect(page.locator(".silent")).to_contain_text("no statement of that meeting")
    names = texts(page, ".choices .open")
    assert "U.S.-Chile joint statement, 7 Sep 2022" in names
    page.get_by_role("button", name="U.S.-Chile joint statement, 7 Sep 2022").click()
    expect(page.locator(NAME)).to_have_text("U.S.-Chile joint statement, 7 Sep 2022")
    expect(page.locator(".document")).to_be_focused()
    choice = page.locator(".choices li", has_text="7 Sep 2022")
    choice.get_by_role("button", name="Ask this one").click()
    expect(page.locator("blockquote").first).to_be_visible()
    assert cited(page) == {CHILE_2022}
    expect(page.locator(".asked-of")).to_contain_text("U.S.-Chile joint statement, 7 Sep 2022")


def test_newer_statements_that_are_silent_are_named(page: Page) -> None:
    ask(page, "What does the latest U.S.-Chile statement say on hydrogen pipelines?")
    notes = page.locator(".answer .note")
    expect(notes.nth(0)).to_contain_text("the latest statement that speaks of this")
    expect(notes.nth(0)).to_contain_text("U.S.-Chile joint statement, 11 Mar 2024")
    expect(notes.nth(1)).to_have_text(
        "Newer statements that do not seem to say it: U.S.-Chile joint statement, 19 Aug 2025"
    )


def test_what_is_new_is_said_to_be_compared(page: Page) -> None:
    ask(page, "What is new in the 2024 U.S.-Chile statement?")
    expect(page.locator(".scope")).to_contain_text(
        "what is new in U.S.-Chile joint statement, 11 Mar 2024, compared with "
        "U.S.-Chile joint statement, 7 Sep 2022"
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_first_screen_presents_the_library_with_questions_that_it_answers(
    browser: Browser, address: str, language: str
) -> None:
    locale = {"en": "en-GB", "ja": "ja-JP"}[language]
    with opened(browser, address, {"locale": locale}) as page:
        holdings = page.locator(f".holdings .ui-{language}")
        expect(holdings).to_contain_text({"en": "14 Jun 2021", "ja": "2021年6月14日"}[language])
        expect(holdings).to_contain_text({"en": "19 Aug 2025", "ja": "2025年8月19日"}[language])
        expect(page.locator(".offer")).to_have_count(4)
        questions = texts(page, ".offer")
        assert sum({"en": "latest", "ja": "最新"}[language] in one for one in questions) == 1
        page.locator(".offer").first.click()
        expect(page.locator("blockquote").first).to_be_visible()
        for question in questions[1:]:
            ask(page, question)
            assert page.locator(".answer").last.locator("blockquote").count()
            page.get_by_role("button", name={"en": "Clear", "ja": "消去"}[language]).click()
            expect(page.locator(".offer")).to_have_count(4)


def test_the_address_keeps_the_statements_that_were_asked(
    page: Page, browser: Browser, address: str
) -> None:
    choose(page, CHILE_2022)
    ask(page, HYDROGEN)
    page.wait_for_function("location.search.startsWith('?q=')")
    assert page.url.endswith(f"&in={CHILE_2022}")
    with opened(browser, page.url, {"locale": "en-GB"}, address) as other_page:
        expect(other_page.locator(".answer")).to_have_count(1)
        assert cited(other_page) == {CHILE_2022}
        expect(other_page.locator(ASKING)).to_be_hidden()


def test_the_address_chooses_several_statements(browser: Browser, address: str) -> None:
    query = f"?s={CHILE_2022}&s=g7-2023-05-20"
    with opened(browser, f"{address}{query}", {"locale": "en-GB"}, address) as page:
        expect(page.locator(ASKING)).to_contain_text("Asking 2 of 10 statements")
        expect(page.locator(".statement input:checked")).to_have_count(2)
        expect(page.locator(NOTICE)).to_have_count(0)
        # The address chooses once. What the reader does then counts.
        page.get_by_role("button", name="Ask all").click()
        ask(page, HYDROGEN)
        expect(page.locator(ASKING)).to_be_hidden()
        expect(page.locator(".asked-of")).to_have_count(0)


@pytest.mark.parametrize("options", [{"locale": "en-GB", "permissions": CLIPBOARD}])
def test_a_link_to_a_passage_of_a_library_leads_there(
    page: Page, browser: Browser, address: str
) -> None:
    open_statement(page, "g7-2023-05-20")
    passage = page.locator(".passage.bullet").nth(1)
    passage.hover()
    passage.locator(".anchor").click()
    expect(page.locator(".anchor.done")).to_have_count(1)
    link = page.evaluate("navigator.clipboard.readText()")
    with opened(browser, link, {"locale": "en-GB"}, address) as other_page:
        expect(other_page.locator(NAME)).to_have_text("G7 communiqué, 20 May 2023")
        other_page.wait_for_selector(".near")
        assert "plastic pollution" in "".join(texts(other_page, ".near"))


@pytest.mark.parametrize(
    "options", [{"locale": "en-GB", "viewport": {"width": 390, "height": 844}}]
)
def test_on_a_phone_an_answer_is_in_view_after_a_choice_in_the_list(page: Page) -> None:
    page.locator("#shutten-statements").click()
    choose(page, CHILE_2022, CHILE_2024)
    ask(page, HYDROGEN)
    page.wait_for_timeout(600)
    expect(page.locator(".asked").last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
