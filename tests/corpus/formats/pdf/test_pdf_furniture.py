"""Page numbers, running headers and footers are told by their form, place and repetition."""

from __future__ import annotations

import pytest
from pdf_pages import HEIGHT, LEFT, TOP, Words, page, page_rows

from corpus.formats.pdf.furniture import find_furniture

HEAD, FOOT = 50.0, HEIGHT - 40
NAMES = ("Kobe", "Oslo", "Lima", "Nara")


def found(pages: list[list[Words]]) -> list[tuple[int, str, str]]:
    """Return what belongs to the pages and not to their text, by page."""
    shown = [
        page_rows(page(*lines, *body(name), number=number))
        for number, (name, lines) in enumerate(zip(NAMES, pages, strict=False), 1)
    ]
    return [
        (place + 1, reason, shown[place].rows[row].text)
        for (place, row), reason in sorted(find_furniture(shown).items())
    ]


def body(name: str) -> list[Words]:
    return [
        Words(f"In {name} they spoke of {what}, and of", baseline=TOP + 12 * number)
        for number, what in enumerate("ports food toys ships rules roads tea wine law".split())
    ]


NUMBERS = ["1", "- 1 -", "Page 1 of 3", "1/3", "1 ページ", "[1]"]
WORDS = ["They met.", "1.", "1. Ports", "Article 1", "2026 and 2027"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("place", [HEAD, FOOT])
def test_page_numbers(number: str, place: float) -> None:
    assert found([[Words(number, 290, place)]]) == [(1, "page number", number)]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("place", [HEAD, FOOT])
def test_what_is_no_page_number(words: str, place: float) -> None:
    assert found([[Words(words, 290, place)]]) == []


def test_a_number_within_the_page() -> None:
    assert found([[Words("12", LEFT + 250, HEIGHT / 2)]]) == []


HEADER = "Draft of the joint statement"
REPEATED = {
    "header": (HEAD, [HEADER] * 3),
    "footer": (FOOT, [HEADER] * 3),
    "with the number of the page": (FOOT, [f"{HEADER}, p. {number}" for number in (1, 2, 3)]),
    "in other widths": (HEAD, ["共同声明１", "共同声明２", "共同声明3"]),
    "on two of three pages": (HEAD, ["", HEADER, HEADER]),
    "odd and even pages": (HEAD, [HEADER, "Ministry of Ports", HEADER, "Ministry of Ports"]),
}
KEPT = {
    "on one page": (HEAD, [HEADER, "", ""]),
    "other words on each": (HEAD, ["On ports", "On food", "On toys"]),
    "a sentence": (HEAD, ["They met in Kobe."] * 3),
    "a long line": (HEAD, ["the words of a line that is long " * 4] * 3),
}


@pytest.mark.parametrize("name", REPEATED)
def test_running_headers(name: str) -> None:
    place, headers = REPEATED[name]
    expected = [(n, "running header", words) for n, words in enumerate(headers, 1) if words]
    assert found([[Words(words, LEFT, place, 8)] if words else [] for words in headers]) == expected


@pytest.mark.parametrize("name", KEPT)
def test_what_is_no_running_header(name: str) -> None:
    place, headers = KEPT[name]
    assert found([[Words(words, LEFT, place, 6)] if words else [] for words in headers]) == []


def test_a_header_has_one_place() -> None:
    places = [HEAD, HEAD + 25, HEAD + 50]
    assert found([[Words(HEADER, LEFT, place)] for place in places]) == []


def test_no_pages() -> None:
    assert find_furniture([]) == {}
    assert find_furniture([page_rows(page())]) == {}
