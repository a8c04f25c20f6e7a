"""After a reload the earlier questions are shown at once, and their answers follow."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from assistants import MatchingAssistant
from pages import (
    CUT_CONNECTIONS,
    FAILED_REQUESTS,
    NOTICE,
    ask,
    opened,
    send,
    texts,
    wait_for_statement,
)
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

from corpus.records import Statement
from web.page.chat.turns import MAX_TURNS

QUESTIONS = [f"number {number}." for number in range(40, 80)]
# Whether the last question is in view in the chat.
LAST_IN_VIEW = """() => {
  const log = document.querySelector('#shutten-turns [role="log"]').getBoundingClientRect();
  const last = [...document.querySelectorAll(".asked")].at(-1).getBoundingClientRect();
  return last.top >= log.top - 1 && last.bottom <= log.bottom + 1;
}"""


@pytest.fixture
def statements() -> list[Statement]:
    return [statement_from("\n\n".join(answers_to(QUESTIONS)), "a")]


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    """A page that may be left while a request of Gradio is open."""
    with opened(browser, address, options, expected=CUT_CONNECTIONS) as page:
        yield page


def answers_to(questions: list[str]) -> list[str]:
    return [f"This is {question}" for question in questions]


def store_in_browser(page: Page, data: str) -> None:
    page.evaluate("data => localStorage.setItem('shutten-turns', data)", data)


def store_questions(page: Page, questions: list[str]) -> None:
    """Let the browser remember questions as if they had been asked."""
    turns = [{"question": question, "alone": False, "searched": ""} for question in questions]
    store_in_browser(page, json.dumps(turns))


def test_the_questions_are_shown_before_any_script_of_gradio_has_come(
    browser: Browser, address: str
) -> None:
    questions = QUESTIONS[:MAX_TURNS]
    with opened(browser, address, {"locale": "en-GB"}, expected=FAILED_REQUESTS) as page:
        store_questions(page, questions)
        page.route("**/assets/**", lambda route: route.abort())
        page.reload()
        early = page.locator("#shutten-early p")
        assert early.all_text_contents() == questions
        expect(early.last).to_be_in_viewport()
        expect(page.locator("#shutten-turns")).to_have_count(0)
        page.unroute("**/assets/**")
        page.reload()
        expect(page.locator(".answer")).to_have_count(len(questions))
        assert texts(page, ".asked") == questions
        expect(early).to_have_count(0)


def test_a_hostile_question_in_the_browser_is_shown_as_text(page: Page) -> None:
    hostile = ["<img src=x onerror=window.hit=1>", "</script><script>window.hit=1</script>"]
    store_questions(page, hostile)
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, ".asked") == hostile
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("data", ["", "{", "7", "null", '{"a": 1}', '[1, null, {"question": 7}]'])
def test_other_data_in_the_browser_is_ignored(page: Page, data: str) -> None:
    store_in_browser(page, data)
    page.reload()
    wait_for_statement(page)
    expect(page.locator("#shutten-early")).to_have_count(0)
    ask(page, QUESTIONS[0])
    assert texts(page, ".asked") == [QUESTIONS[0]]


def test_answers_come_one_by_one_and_a_new_question_does_not_wait_for_them(
    page: Page, assistant: MatchingAssistant
) -> None:
    for question in QUESTIONS[:6]:
        ask(page, question)
    assistant.hold()
    page.reload()
    expect(page.locator(".asked")).to_have_count(6)
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".welcome")).to_have_count(0)
    for count in (1, 2):  # the last questions are in view, so they are answered first
        assistant.release(1)
        expect(page.locator(".answer")).to_have_count(count)
    assert texts(page, "blockquote") == answers_to(QUESTIONS[4:6])
    expect(page.locator(".quoted")).to_have_text(answers_to(QUESTIONS[5:6]))
    send(page, QUESTIONS[7])
    expect(page.locator(".asked")).to_have_count(7)
    page.wait_for_function(LAST_IN_VIEW)
    assistant.wait_for(QUESTIONS[7])
    assistant.release(3)  # two earlier questions may be in work beside the new one
    expect(page.locator(".quoted")).to_have_text(answers_to(QUESTIONS[7:8]))
    page.wait_for_function(LAST_IN_VIEW)
    assert page.locator(".answer").count() < 7
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(7)
    page.wait_for_function(LAST_IN_VIEW)
    questions = [*QUESTIONS[:6], QUESTIONS[7]]
    assert texts(page, ".asked") == questions
    assert texts(page, "blockquote") == answers_to(questions)
    _, history = assistant.calls[-1]
    assert history == QUESTIONS[: len(history)]


def test_a_question_can_be_asked_before_the_first_answer_is_restored(
    page: Page, assistant: MatchingAssistant
) -> None:
    ask(page, QUESTIONS[0])
    assistant.hold()
    page.reload()
    expect(page.locator(".asked")).to_have_count(1)
    send(page, QUESTIONS[1])
    expect(page.locator(".asked")).to_have_count(2)
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "blockquote") == answers_to(QUESTIONS[:2])
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)


def test_the_oldest_questions_are_dropped_with_a_notice(page: Page) -> None:
    body_sizes: list[int] = []
    page.on("request", lambda request: body_sizes.append(len(request.post_data_buffer or b"")))
    store_questions(page, QUESTIONS[: MAX_TURNS - 1])
    page.reload()
    expect(page.locator(".answer")).to_have_count(MAX_TURNS - 1)
    expect(page.locator(NOTICE)).to_have_count(0)
    for question in QUESTIONS[MAX_TURNS - 1 : MAX_TURNS + 2]:
        send(page, question)
        expect(page.locator(".asked").last).to_have_text(question)
        expect(page.locator(".asked")).to_have_count(MAX_TURNS)
        expect(page.locator(".answer")).to_have_count(MAX_TURNS)
        expect(page.locator(NOTICE)).to_contain_text(
            f"The page keeps the last {MAX_TURNS} questions", use_inner_text=True
        )
        assert page.locator(NOTICE).get_attribute("role") == "status"
    assert texts(page, ".asked") == QUESTIONS[2 : MAX_TURNS + 2]
    assert max(body_sizes) < 5_000  # the page sends the questions back, and not the answers
    page.reload()
    expect(page.locator(".answer")).to_have_count(MAX_TURNS)
    expect(page.locator(NOTICE)).to_be_visible()
