"""Texts and marks stay visible in light, dark and the reader's own colours."""

from __future__ import annotations

import pytest
from pages import BOX, JAPANESE, UNANSWERABLE, ask
from playwright.sync_api import Page, expect

TRANSPARENT = "rgba(0, 0, 0, 0)"
# The contrast ratio of each element by the formula of WCAG 2.2, with the background behind it.
CONTRAST = """selectors => selectors.flatMap(s => [...document.querySelectorAll(s)]).map(e => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  let under = e, back = [0, 0, 0, 0];
  while (under && !back[3] && back.length === 4) {
    back = parse(getComputedStyle(under).backgroundColor);
    if (back.length === 3) break;
    under = under.parentElement;
  }
  const luminance = color => {
    const [r, g, b] = color.slice(0, 3).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(back)];
  return [e.className || e.tagName, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
})"""
TEXTS = [
    *(".asked", "blockquote", ".cite a", ".note", ".silent", ".quoted", ".sentence", ".marker"),
    *(".words", ".seal", "#shutten-header p", BOX),
]


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
def test_every_text_has_a_contrast_of_at_least_4_5(page: Page) -> None:
    ask(page, JAPANESE)
    ask(page, UNANSWERABLE)
    page.locator(".answer").first.locator("a").first.click()
    page.wait_for_selector(".quoted")
    page.wait_for_timeout(500)
    for selector in TEXTS:
        expect(page.locator(selector)).not_to_have_count(0)
    weak = [(name, ratio) for name, ratio in page.evaluate(CONTRAST, TEXTS) if not ratio >= 4.5]
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_quotes_and_the_open_tab_are_visible_in_the_colours_of_the_reader(
    page: Page, scheme: str
) -> None:
    ask(page, JAPANESE)
    page.wait_for_selector(".quoted")
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    background = "e => getComputedStyle(e).backgroundColor"
    quoted = page.locator(".quoted").first.evaluate(background)
    assert quoted not in (TRANSPARENT, page.locator(".document").evaluate(background))
    colours = (
        "all => all.map(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])"
    )
    marks = page.locator("blockquote mark").evaluate_all(colours)
    assert marks
    assert all(back not in (front, TRANSPARENT) for front, back in marks)
    line = "e => [getComputedStyle(e).borderBottomStyle, getComputedStyle(e).borderBottomColor]"
    open_tab, other_tab = [page.get_by_role("tab").nth(n).evaluate(line) for n in range(2)]
    assert open_tab[0] == "solid"
    assert open_tab != other_tab
