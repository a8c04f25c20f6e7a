"""The list of statements: what it shows, search, order, opening one, and the way back."""

from __future__ import annotations

import pytest
from libraries import IDS
from pages import BOX, NAME, SEARCH, ask, boxes, open_statement, opened, row, texts
from playwright.sync_api import Browser, Page, expect

FIND = ".finder input"
ORDER = ".finder select"
COUNT = ".library > .count"
PHONE = {"width": 390, "height": 844}
VISIBLE = ".library .statement:visible"
# How much each shift of the layout moved, and what it moved.
SHIFTS = """() => new Promise(resolve => {
  const moved = source => source.node?.outerHTML?.slice(0, 80);
  const shift = entry => [entry.value, entry.sources.map(moved)];
  new PerformanceObserver(list => resolve(list.getEntries().map(shift)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve([]), 1000);
})"""


def shown(page: Page) -> list[str]:
    """Return the ids of the rows that are shown, in their order."""
    return list(page.eval_on_selector_all(VISIBLE, "all => all.map(e => e.dataset.id)"))


@pytest.mark.parametrize(
    ("options", "title", "facts", "count"),
    [
        (
            {"locale": "en-GB"},
            "日英共同声明",
            "18 May 2023 · Japan, United Kingdom · provisional translation · 4 passages",
            "10 statements.",
        ),
        (
            {"locale": "ja-JP"},
            "日英共同声明",
            "2023年5月18日 · 日本、英国 · 仮訳 · 4箇所",
            "10件の声明。",
        ),
    ],
)
def test_a_row_has_the_facts_in_the_language_of_the_reader(
    page: Page, title: str, facts: str, count: str
) -> None:
    statement = row(page, "japan-uk-2023-05-18.ja")
    expect(statement.locator(".open")).to_have_text(title)
    expect(statement.locator(".facts")).to_have_text(facts)
    expect(page.locator(COUNT)).to_contain_text(count)


def test_the_newest_come_first_in_groups_of_years(page: Page) -> None:
    assert shown(page) == sorted(IDS, key=lambda name: name[-13:].split(".")[0][-10:], reverse=True)
    assert texts(page, ".library h2") == ["2025", "2024", "2023", "2022", "2021"]
    page.select_option(ORDER, "by_title")
    titles = texts(page, ".library .open")
    assert len(titles) == 10
    assert titles[:3] == ["EU-Canada Joint Statement", "G7 Leaders' Communiqué", titles[2]]
    assert texts(page, ".library h2") == []
    page.select_option(ORDER, "newest")
    assert texts(page, ".library h2")[0] == "2025"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chile", ["us-chile-2025-08-19", "us-chile-2024-03-11", "us-chile-2022-09-07"]),
        ("ＣＨＩＬＥ 2024", ["us-chile-2024-03-11"]),
        ("チリ", ["us-chile-2025-08-19", "us-chile-2024-03-11", "us-chile-2022-09-07"]),
        ("communique", ["g7-2023-05-20"]),
        ("Communiqué", ["g7-2023-05-20"]),
        ("Apr 2024", ["japan-us-2024-04-10"]),
        ("2024年4月", ["japan-us-2024-04-10"]),
        ("United Kingdom", ["japan-uk-2023-05-18.ja"]),
        ("日英", ["japan-uk-2023-05-18.ja"]),
        ("provisional", ["japan-uk-2023-05-18.ja", "eu-canada-2021-06-14"]),
        ("spyware-2024", ["spyware-2024-03-18"]),
        ("norway", ["spyware-2024-03-18"]),
        ("atlantis", []),
    ],
)
def test_a_statement_is_found_by_title_party_date_status_and_id(
    page: Page, words: str, found: list[str]
) -> None:
    page.fill(FIND, words)
    assert shown(page) == found
    expected = f"{len(found)} of 10 statements" if found else "No statement fits"
    expect(page.locator(COUNT)).to_contain_text(expected)
    page.fill(FIND, "")
    assert len(shown(page)) == 10


def test_a_statement_is_opened_and_the_list_is_there_again(page: Page) -> None:
    page.fill(FIND, "finland")
    open_statement(page, "us-finland-2023-05-04")
    expect(page.locator(NAME)).to_have_text("U.S.-Finland joint statement, 4 May 2023")
    expect(page.locator(".about summary")).to_have_text(
        "Joint Statement of the United States and Finland on Polar Ships"
    )
    expect(page.locator(".document")).to_contain_text("three icebreakers")
    page.locator(".back").click()
    expect(page.locator(NAME)).to_be_hidden()
    assert shown(page) == ["us-finland-2023-05-04"]  # the search is still there
    assert page.evaluate("location.search") == ""
    open_statement(page, "us-finland-2023-05-04")
    page.locator("#shutten-statements").click()
    expect(page.locator(".library")).to_be_visible()


def test_the_buttons_of_the_browser_go_to_the_list_and_to_the_statement(page: Page) -> None:
    open_statement(page, "us-finland-2023-05-04")
    assert page.evaluate("location.search") == "?s=us-finland-2023-05-04"
    page.go_back()
    expect(page.locator(".library")).to_be_visible()
    expect(row(page, "us-finland-2023-05-04").locator(".open")).to_be_focused()
    page.go_forward()
    expect(page.locator(NAME)).to_have_text("U.S.-Finland joint statement, 4 May 2023")
    page.locator(".back").click()
    expect(page.locator(".library")).to_be_visible()
    open_statement(page, "g7-2023-05-20")
    ask(page, "Where will icebreakers be built?")
    expect(page.locator(NAME)).to_have_text("U.S.-Finland joint statement, 4 May 2023")
    page.locator(".back").click()
    expect(page.locator(".library")).to_be_visible()
    assert page.evaluate("location.search").startswith("?q=Where")


def test_the_list_is_reached_from_the_other_tab(page: Page) -> None:
    open_statement(page, "g7-2023-05-20")
    page.get_by_role("tab").nth(1).click()
    expect(page.locator(".document")).to_be_hidden()
    page.locator("#shutten-statements").click()
    expect(page.locator(".library")).to_be_visible()


def test_everything_can_be_done_with_keys(page: Page) -> None:
    page.focus(FIND)
    page.keyboard.type("chile")
    page.keyboard.press("ArrowDown")
    expect(row(page, "us-chile-2025-08-19").locator(".open")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Tab")
    tick = row(page, "us-chile-2024-03-11").get_by_role("checkbox")
    expect(tick).to_be_focused()
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    expect(page.locator("#shutten-asking")).to_contain_text("Asking 1 of 10 statements")
    page.keyboard.press("End")
    expect(row(page, "us-chile-2022-09-07").get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(NAME)).to_have_text("U.S.-Chile joint statement, 7 Sep 2022")
    expect(page.locator(".document")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, "us-chile-2022-09-07").locator(".open")).to_be_focused()
    # One row of the list is a stop for the Tab key.
    page.fill(FIND, "")
    assert page.locator('.library .statement [tabindex="0"]').count() == 2


def test_escape_in_the_search_of_a_statement_does_not_leave_it(page: Page) -> None:
    open_statement(page, "g7-2023-05-20")
    page.fill(SEARCH, "debt")
    page.press(SEARCH, "Escape")
    expect(page.locator(NAME)).to_be_visible()


@pytest.mark.parametrize(
    "options", [{"locale": "ja-JP", "viewport": {"width": 390, "height": 844}}]
)
def test_on_a_phone_a_button_leads_to_the_list_below_the_chat(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(BOX)).to_be_in_viewport()
    page.locator("#shutten-statements").click()
    expect(row(page, "us-chile-2025-08-19")).to_be_in_viewport()
    open_statement(page, "japan-us-2024-04-10")
    expect(page.locator(NAME)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    header = boxes(page, "#shutten-statements", "#shutten-language")
    assert len({round(box["top"]) for _, box in header}) == 1


def test_the_list_moves_nothing_when_it_comes(browser: Browser, address: str) -> None:
    with opened(browser, address, {"locale": "en-GB"}) as page:
        page.wait_for_selector(".offer")
        shifts = page.evaluate(SHIFTS)
        assert sum(value for value, _ in shifts) < 0.1, shifts
