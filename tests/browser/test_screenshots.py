"""Pictures of the page, for people who look at them. They are saved in `build/shots`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pages import ENGLISH, JAPANESE, ask
from PIL import Image
from playwright.sync_api import Page, expect
from project import ROOT

FOLDER = Path(os.environ.get("SHUTTEN_SHOTS", ROOT / "build" / "shots"))
TWO_QUESTIONS = ["輸出管理ではどのような協力をしますか", JAPANESE]
DESKTOP, PHONE = (1280, 800), (390, 844)


@pytest.mark.parametrize(
    ("name", "options", "size", "questions"),
    [
        ("chat-ja", {"locale": "ja-JP"}, DESKTOP, TWO_QUESTIONS),
        ("chat-en-phone", {"locale": "en-GB"}, PHONE, [ENGLISH]),
        ("chat-ja-dark", {"locale": "ja-JP", "color_scheme": "dark"}, DESKTOP, [JAPANESE]),
        ("refusal-en", {"locale": "en-GB"}, DESKTOP, ["What tariff applies to beef?"]),
    ],
)
def test_a_picture_shows_the_last_question_and_its_answer(
    page: Page, name: str, size: tuple[int, int], questions: list[str]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for question in questions:
        ask(page, question)
    page.wait_for_timeout(900)
    expect(page.locator(".asked").last).to_be_in_viewport()
    expect(page.locator(".answer").last).to_be_in_viewport()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        assert picture.size == size
        extremes = picture.convert("L").getextrema()
    assert extremes[1] - extremes[0] > 100  # light and dark, and not a picture of one colour
