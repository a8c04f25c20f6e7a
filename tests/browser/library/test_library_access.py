"""The list of statements by the rules of WCAG 2.2 AA, and how quick it is when it is long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from assistants import MatchingAssistant, served
from pages import ask, broken_rules, open_statement, opened, row
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

COUNT = 500
# Milliseconds that it takes to type into the search of the list, with drawing.
TYPE = """words => new Promise(resolve => {
  const box = document.querySelector(".finder input");
  const start = performance.now();
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
})"""


def first_screen(page: Page) -> None:
    expect(page.locator(".offer")).to_have_count(4)


def chosen(page: Page) -> None:
    for name in ("g7-2023-05-20", "us-chile-2022-09-07"):
        row(page, name).get_by_role("checkbox").check()


def nothing_found(page: Page) -> None:
    page.fill(".finder input", "atlantis")


def groups(page: Page) -> None:
    chosen(page)
    ask(page, "What is said about hydrogen pipelines and plastic pollution?")


def another_statement(page: Page) -> None:
    ask(page, "In the March 2024 U.S.-Chile statement, where will icebreakers be built?")


def missing(page: Page) -> None:
    ask(page, "What did the U.S.-Chile statement of May 2019 say on hydrogen pipelines?")


def opened_statement(page: Page) -> None:
    open_statement(page, "japan-us-2022-05-23.ja")


STATES = [first_screen, chosen, nothing_found, groups, another_statement, missing, opened_statement]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_rule_is_broken_in_a_library(coloured_page: Page, state: Callable[[Page], None]) -> None:
    state(coloured_page)
    assert broken_rules(coloured_page) == []


def test_a_list_of_500_statements_is_quick(browser: Browser) -> None:
    statements = [
        statement_from(
            f"Statement number {number}.",
            f"s{number}",
            title=f"Joint Statement {number} on the Protection of Rivers and Lakes",
            date=f"{1990 + number % 35}-03-0{1 + number % 9}",
            parties=("JP", "US", "FR"),
            kind="joint statement",
        )
        for number in range(COUNT)
    ]
    with (
        served(MatchingAssistant(*statements)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        expect(page.locator(".library .statement")).to_have_count(COUNT)
        times = [page.evaluate(TYPE, words) for words in ("j", "joint", "joint 1999", "s77", "")]
        assert max(times) < 1000
        expect(page.locator(".library .statement:visible")).to_have_count(COUNT)
        open_statement(page, "s77")
        expect(page.locator(".document")).to_contain_text("Statement number 77.")
