"""Readers judge an answer, or choose a better sentence in the statement that it quotes."""

from __future__ import annotations

import pytest
from assistants import MatchingAssistant
from pages import FAILED_REQUESTS, NAME, ask, open_statement, opened, row, texts
from playwright.sync_api import Browser, Locator, Page, expect
from statements import statement_from

from corpus.records import Statement
from qa.feedback import Feedback
from qa.scope.filters import Within

BETTER = 'button[value="better"]'


@pytest.fixture
def statements() -> list[Statement]:
    return [
        statement_from("Ada speaks. Ada goes on.", "a", title="Ada"),
        statement_from("Bede speaks. Bede goes on.", "b", title="Bede"),
    ]


@pytest.fixture
def feedback(assistant: MatchingAssistant) -> Feedback:
    """The remarks that the server has kept."""
    return Feedback(assistant.home, assistant.statement)


def sentence(page: Page, text: str) -> Locator:
    return page.locator(".document .sentence", has_text=text)


def test_remarks_are_kept_beside_the_index(page: Page, feedback: Feedback) -> None:
    ask(page, "Ada")
    quoted = texts(page, "blockquote")
    page.locator('button[value="good"]').click()
    expect(page.locator(".remarks")).to_contain_text("Kept on this server only")
    ask(page, "Guthlac")
    last = page.locator(".answer").last
    last.locator(BETTER).click()
    expect(page.locator(".hint")).to_contain_text("Choose the sentence")
    page.keyboard.press("Escape")
    expect(page.locator(".hint")).to_have_text("")
    last.locator(BETTER).click()
    page.locator(".document .sentence").last.click()
    expect(last.locator(".remarks")).to_contain_text("Kept on this server only")
    good, better = feedback.questions()
    assert [good["gold"][0], *good["also"]] == quoted == ["Ada speaks.", "Ada goes on."]
    assert (better["question"], better["history"]) == ("Guthlac", ["Ada"])
    assert better["gold"] == texts(page, ".document .sentence")[-1:]


def test_a_better_sentence_is_chosen_in_the_statement_that_the_answer_quotes(
    page: Page, feedback: Feedback
) -> None:
    ask(page, "Ada speaks")
    ask(page, "Bede speaks")
    expect(page.locator(NAME)).to_have_text("Bede")
    page.locator(BETTER).first.click()
    expect(page.locator(NAME)).to_have_text("Ada")
    expect(page.locator(".quoted")).to_have_text("Ada speaks.")
    sentence(page, "Ada goes on").click()
    expect(page.locator(".answer").first.locator(".remarks")).to_contain_text("Thank you")
    (row,) = feedback.questions()
    assert (row["question"], row["gold"]) == ("Ada speaks", ["Ada goes on."])


def test_a_better_sentence_may_be_in_another_statement(page: Page, feedback: Feedback) -> None:
    ask(page, "Ada speaks")
    page.locator(BETTER).click()
    open_statement(page, "b")
    sentence(page, "Bede goes on").click()
    expect(page.locator(".remarks")).to_contain_text("Thank you")
    (row,) = feedback.questions()
    assert row["gold"] == ["Bede goes on."]


@pytest.mark.parametrize("options", [{"locale": "en-GB", "has_touch": True}])
def test_the_choice_can_be_cancelled_without_a_keyboard(page: Page, feedback: Feedback) -> None:
    ask(page, "Ada speaks")
    page.locator(BETTER).click()
    expect(page.locator(".hint")).to_contain_text("Choose the sentence")
    cancel = page.get_by_role("button", name="Cancel")
    cancel.tap()
    expect(page.locator(".hint")).to_have_text("")
    expect(cancel).to_be_hidden()
    expect(page.locator(BETTER)).to_be_focused()
    page.locator(".document .sentence").last.tap()
    expect(page.locator(".sentence[role]")).to_have_count(0)
    assert feedback.remarks() == []


def test_the_next_question_ends_the_choice(page: Page, feedback: Feedback) -> None:
    ask(page, "Ada speaks")
    page.locator(BETTER).click()
    expect(page.locator(".hint")).to_contain_text("Choose the sentence")
    ask(page, "Bede speaks")
    expect(page.locator(NAME)).to_have_text("Bede")
    expect(page.locator(".hint")).to_have_text("")
    expect(page.locator("body.picking")).to_have_count(0)
    page.locator(".document .sentence").last.click()
    expect(page.locator(".remarks").first).to_contain_text("Another sentence")
    assert feedback.remarks() == []


def test_a_remark_that_did_not_reach_the_server_can_be_sent_again(
    browser: Browser, address: str, feedback: Feedback
) -> None:
    with opened(browser, address, {"locale": "en-GB"}, expected=FAILED_REQUESTS) as page:
        ask(page, "Ada speaks")
        page.route("**/feedback", lambda route: route.abort())
        page.locator('button[value="good"]').click()
        line = page.locator(".remarks")
        expect(line).to_contain_text("could not be reached")
        page.unroute("**/feedback")
        line.get_by_role("button", name="Try again").click()
        expect(line).to_contain_text("Thank you")
        expect(line.get_by_role("button")).to_have_count(0)
    (row,) = feedback.questions()
    assert row["gold"] == ["Ada speaks."]


def test_a_question_that_was_asked_alone_is_kept_without_history(
    page: Page, feedback: Feedback
) -> None:
    ask(page, "Ada speaks")
    ask(page, "And Bede")
    page.locator('button[value="alone"]').click()
    last = page.locator(".answer").last
    expect(last).to_contain_text("Asked on its own")
    page.wait_for_function("shutten.chat.kept().at(-1).alone")
    last.locator('button[value="good"]').click()
    expect(last.locator(".remarks")).to_contain_text("Thank you")
    (row,) = feedback.questions()
    assert (row["question"], row.get("history", [])) == ("And Bede", [])


def test_a_remark_keeps_the_choice_of_its_own_question(page: Page, feedback: Feedback) -> None:
    ask(page, "Ada speaks")
    page.locator(".back").click()
    row(page, "b").get_by_role("checkbox").check()
    ask(page, "Bede speaks")
    for answer in page.locator(".answer").all():
        answer.locator('button[value="good"]').click()
        expect(answer.locator(".remarks")).to_contain_text("Thank you")
    assert [(remark.question, remark.within) for remark in feedback.remarks()] == [
        ("Ada speaks", Within()),
        ("Bede speaks", Within(("b",))),
    ]


def test_a_remark_keeps_that_all_were_searched_instead(
    browser: Browser, address: str, feedback: Feedback
) -> None:
    asked = f"{address}?q=Ada%20speaks&in=*"
    with opened(browser, asked, {"locale": "en-GB"}, home=address) as page:
        page.locator('button[value="bad"]').click()
        expect(page.locator(".remarks")).to_contain_text("Thank you")
    (remark,) = feedback.remarks()
    assert remark.within == Within(by_name=False)
