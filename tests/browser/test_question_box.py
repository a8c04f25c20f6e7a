"""The box for questions: the Enter key, input methods, and questions that cannot be asked."""

from __future__ import annotations

from pages import BOX, JAPANESE, NOTICE, ask, texts
from playwright.sync_api import Page, expect


def test_an_enter_that_ends_a_composition_does_not_send(page: Page) -> None:
    page.fill(BOX, JAPANESE)
    press_enter = """(box, isComposing) => {
      const options = { key: "Enter", code: "Enter", bubbles: true, cancelable: true, isComposing };
      for (const type of ["keydown", "keypress", "keyup"]) {
        box.dispatchEvent(new KeyboardEvent(type, options));
      }
    }"""
    page.eval_on_selector(BOX, press_enter, True)
    page.wait_for_timeout(700)
    expect(page.locator(".asked")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value(JAPANESE)
    page.eval_on_selector(BOX, press_enter, False)
    expect(page.locator(".asked")).to_have_count(1)


def test_an_input_method_can_compose(page: Page) -> None:
    page.focus(BOX)
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "はん", "selectionStart": 2, "selectionEnd": 2}
    )
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.insertText", {"text": "半"})
    page.wait_for_timeout(500)
    expect(page.locator(BOX)).to_have_value("半")
    expect(page.locator(".asked")).to_have_count(0)


def test_shift_enter_is_a_new_line(page: Page) -> None:
    page.fill(BOX, "半導体")
    page.press(BOX, "Shift+Enter")
    expect(page.locator(BOX)).to_have_value("半導体\n")
    expect(page.locator(".asked")).to_have_count(0)


def test_an_offered_question_is_asked_by_a_click(page: Page) -> None:
    page.locator(".offer:visible", has_text=JAPANESE).click()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == [JAPANESE]
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(BOX)).to_be_focused()


def test_an_empty_question_gets_a_notice(page: Page) -> None:
    page.press(BOX, "Enter")
    notice = page.locator(NOTICE)
    expect(notice).to_have_text(
        "質問が空です。知りたいことを入力してください。", use_inner_text=True
    )
    ask(page, JAPANESE)
    expect(notice).to_have_count(0)


def test_a_question_that_is_too_long_is_kept_and_not_sent(page: Page) -> None:
    page.fill(BOX, "あ" * 5000)
    excess = page.locator("#shutten-chat .excess")
    expect(excess).to_contain_text("5,000文字が入力されました。質問は2,000文字までです。")
    for send in (lambda: page.press(BOX, "Enter"), page.locator(".submit-button").click):
        send()
        page.wait_for_timeout(300)
        expect(page.locator(BOX)).to_have_value("あ" * 5000)
        expect(page.locator(".asked")).to_have_count(0)
    page.fill(BOX, "あ" * 2000)
    expect(excess).to_be_hidden()
