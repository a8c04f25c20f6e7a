"""What was asked before a reload is there at once, and is filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pages import BOX, ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from shelves import Books, served, statement

from web.page.chat.turns import MAX_TURNS

NUMBERS = [f"number {place}." for place in range(40, 80)]
NOTICE = "#shutten-notice p"
# Whether the last question is in view in the chat.
LAST_IN_VIEW = """() => {
  const log = document.querySelector('#shutten-turns [role="log"]').getBoundingClientRect();
  const last = [...document.querySelectorAll(".asked")].at(-1).getBoundingClientRect();
  return last.top >= log.top - 1 && last.bottom <= log.bottom + 1;
}"""


@pytest.fixture
def books() -> Books:
    return Books(statement("a", "\n\n".join(f"This is {one}" for one in NUMBERS)))


@pytest.fixture
def address(books: Books) -> Iterator[str]:
    with served(books) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    """A page that may be left while Gradio still waits for something."""
    cut = ("AbortError", "Unexpected error Connection errored out")
    with opened(browser, address, options, leaving=cut) as page:
        yield page


def leave(page: Page, kept: str) -> None:
    """Put this into the browser."""
    page.evaluate("kept => localStorage.setItem('shutten-turns', kept)", kept)


def remember(page: Page, questions: list[str]) -> None:
    """As if these had been asked before."""
    kept = [{"question": one, "alone": False, "searched": ""} for one in questions]
    leave(page, json.dumps(kept))


def test_the_questions_are_there_before_anything_else_is(browser: Browser, address: str) -> None:
    asked = NUMBERS[:MAX_TURNS]
    failed = ("Failed to load resource",)
    with opened(browser, address, {"locale": "en-GB"}, leaving=failed) as page:
        remember(page, asked)
        page.route("**/assets/**", lambda route: route.abort())  # all of Gradio's scripts
        page.reload()
        early = page.locator("#shutten-early p")
        assert texts(page, "#shutten-early p") == asked
        expect(early.last).to_be_in_viewport()
        expect(page.locator("#shutten-turns")).to_have_count(0)
        page.unroute("**/assets/**")
        page.reload()
        expect(page.locator(".answer")).to_have_count(len(asked))
        assert texts(page, ".asked") == asked
        expect(early).to_have_count(0)


def test_hostile_questions_are_only_text_there_too(page: Page) -> None:
    hostile = ["<img src=x onerror=window.hit=1>", "</script><script>window.hit=1</script>"]
    remember(page, hostile)
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, ".asked") == hostile
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("kept", ["", "{", "7", "null", '{"a": 1}', '[1, null, {"question": 7}]'])
def test_what_something_else_left_in_the_browser_is_passed_over(page: Page, kept: str) -> None:
    leave(page, kept)
    page.reload()
    page.wait_for_selector(".document .sentence")
    expect(page.locator("#shutten-early")).to_have_count(0)
    ask(page, NUMBERS[0])
    assert texts(page, ".asked") == [NUMBERS[0]]


def test_answers_come_one_by_one_and_a_new_question_does_not_wait_for_them(
    page: Page, books: Books
) -> None:
    for question in NUMBERS[:6]:
        ask(page, question)
    books.hold()
    page.reload()
    # Before the server has answered anything: the questions, and no welcome.
    expect(page.locator(".asked")).to_have_count(6)
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".welcome")).to_have_count(0)
    for count in (1, 2):  # the last ones first, as they are in view
        books.let(1)
        expect(page.locator(".answer")).to_have_count(count)
    assert texts(page, "blockquote") == [f"This is {one}" for one in NUMBERS[4:6]]
    expect(page.locator(".quoted")).to_have_text(f"This is {NUMBERS[5]}")
    page.fill(BOX, NUMBERS[7])
    page.press(BOX, "Enter")
    expect(page.locator(".asked")).to_have_count(7)
    page.wait_for_function(LAST_IN_VIEW)
    books.expect(NUMBERS[7])
    books.let(3)  # for those that may be being filled in, and for the new one
    expect(page.locator(".quoted")).to_have_text(f"This is {NUMBERS[7]}")
    page.wait_for_function(LAST_IN_VIEW)
    assert page.locator(".answer").count() < 7
    books.free()
    expect(page.locator(".answer")).to_have_count(7)
    page.wait_for_function(LAST_IN_VIEW)
    wanted = [*NUMBERS[:6], NUMBERS[7]]
    assert texts(page, ".asked") == wanted
    assert texts(page, "blockquote") == [f"This is {one}" for one in wanted]
    assert books.calls[-1][1] == [] or books.calls[-1][1][0] == NUMBERS[0]


def test_a_question_can_be_asked_before_the_first_answer_is_back(page: Page, books: Books) -> None:
    ask(page, NUMBERS[0])
    books.hold()
    page.reload()
    expect(page.locator(".asked")).to_have_count(1)
    page.fill(BOX, NUMBERS[1])
    page.press(BOX, "Enter")
    expect(page.locator(".asked")).to_have_count(2)
    books.free()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "blockquote") == [f"This is {one}" for one in NUMBERS[:2]]
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)


def test_the_oldest_question_does_not_go_in_silence(page: Page) -> None:
    remember(page, NUMBERS[: MAX_TURNS - 1])
    page.reload()
    expect(page.locator(".answer")).to_have_count(MAX_TURNS - 1)
    expect(page.locator(NOTICE)).to_have_count(0)
    for number in (MAX_TURNS - 1, MAX_TURNS):
        page.fill(BOX, NUMBERS[number])
        page.press(BOX, "Enter")
        expect(page.locator(".asked").last).to_have_text(NUMBERS[number])
        expect(page.locator(".answer")).to_have_count(MAX_TURNS)
        expect(page.locator(NOTICE)).to_contain_text(
            f"The page keeps the last {MAX_TURNS} questions", use_inner_text=True
        )
        assert page.locator(NOTICE).get_attribute("role") == "status"
    assert texts(page, ".asked") == NUMBERS[1 : MAX_TURNS + 1]
    page.reload()
    expect(page.locator(".answer")).to_have_count(MAX_TURNS)
    expect(page.locator(NOTICE)).to_be_visible()
