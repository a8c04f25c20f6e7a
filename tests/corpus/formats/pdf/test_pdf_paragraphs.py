"""Rows are joined to paragraphs by their distance, indent, width, marks and fonts."""

from __future__ import annotations

import pytest
from pdf_pages import LEFT, PITCH, TOP, Page, Words, column, lines_below, page, read

ONE = (
    "The two governments met in Kobe and agreed to work together on ports and on the training of "
    "those who run them in the north of both islands."
)
TWO = "They will name officials who report each year on what was done in both of the countries."
THREE = "Nothing changes for those who trade, and no rule is made without notice to the others."
GAP = 8.0


def below(*paragraphs: str, gap: float = GAP, **look: float) -> list[Words]:
    """Return the lines of paragraphs one below another, with a gap between them."""
    found: list[Words] = []
    for words in paragraphs:
        top = found[-1].baseline + PITCH + gap if found else TOP
        found += column(words, top=top, **look)
    return found


def indented(*paragraphs: str) -> list[Words]:
    """Return the lines of paragraphs without gaps, of which the first row is indented."""
    found: list[Words] = []
    for words in paragraphs:
        first, rest = words[:38].rsplit(" ", 1)[0], words[len(words[:38].rsplit(" ", 1)[0]) + 1 :]
        top = found[-1].baseline + PITCH if found else TOP
        found += [Words(first, LEFT + 15, top), *column(rest, top=top + PITCH)]
    return found


# Rows that are full. One ends a sentence, or begins with a capital letter within one.
FULL = [
    "The two governments met in Kobe in March",
    "and agreed to speak of ports and toys of",
    "Norway and to meet again in Oslo in May.",
    "They will name officials who report each",
    "Monday.",
]
OTHERS = [
    "Nothing changes for those who trade with",
    "the other side, which will be heard soon",
    "and asked to say what it thinks of them.",
    "Oslo will be host to the next meeting of",
    "all.",
]
NAMES = "The Kobe Port Trust and Oslo Port Board of Norway Run Ports Together, in Spite of Storms."
BOLD = Words("On ports", font="Times-Bold")
PLAIN = [words._replace(font="Times") for words in below(ONE, TWO)]


def shifted(lines: list[Words], down: float) -> list[Words]:
    return [words._replace(baseline=words.baseline + down) for words in lines]


# Pages, and the paragraphs of their text.
PARAGRAPHS: dict[str, tuple[list[Words], list[str]]] = {
    "gaps": (below(ONE, TWO, THREE), [ONE, TWO, THREE]),
    "indents": (indented(ONE, TWO, THREE), [ONE, TWO, THREE]),
    "indents after a full row": (
        lines_below(
            f"   {FULL[1]}", *FULL[2:3], f"   {FULL[3]}", FULL[4], f"   {FULL[0]}", FULL[2]
        ),
        [" ".join(FULL[1:3]), " ".join(FULL[3:]), f"{FULL[0]} {FULL[2]}"],
    ),
    "a bold heading after a full row": (
        [
            *(words._replace(font="Times") for words in lines_below(*FULL[:3])),
            BOLD._replace(baseline=TOP + 3 * PITCH),
            *(
                words._replace(font="Times")
                for words in lines_below(*FULL[3:], top=TOP + 4 * PITCH)
            ),
        ],
        [" ".join(FULL[:3]), "On ports", " ".join(FULL[3:])],
    ),
    "lines that end with a semicolon": (
        lines_below("recalling ports;", "noting railways;", "agree to meet in May and in", "June."),
        ["recalling ports;", "noting railways;", "agree to meet in May and in June."],
    ),
    "capitals in a narrow quotation": (
        [
            *below(ONE),
            *shifted(column(NAMES, LEFT + 20, width=25), 5 * PITCH + GAP),
            *shifted(below(THREE), 10 * PITCH + 2 * GAP),
        ],
        [ONE, NAMES, THREE],
    ),
    "short last rows": (below(ONE, TWO, THREE, gap=0), [ONE, TWO, THREE]),
    "a heading in larger letters": (
        [Words("On ports", size=14), *shifted(below(ONE, TWO), 16)],
        ["On ports", ONE, TWO],
    ),
    "a bold heading without a gap": (
        [
            *PLAIN,
            BOLD._replace(baseline=PLAIN[-1].baseline + PITCH),
            *shifted(PLAIN, PLAIN[-1].baseline + 2 * PITCH - TOP),
        ],
        [ONE, TWO, "On ports", ONE, TWO],
    ),
    "bullets": (
        lines_below("• ports of both sides", "• railways and what", "  belongs to them", "• food"),
        ["• ports of both sides", "• railways and what belongs to them", "• food"],
    ),
    "items with semicolons": (
        lines_below("(a) ports of both sides;", "(b) railways; and", "(c) food."),
        ["(a) ports of both sides;", "(b) railways; and", "(c) food."],
    ),
    "a quotation that is narrower": (
        [
            *below(ONE),
            *shifted(column(TWO, LEFT + 20, width=30), 4 * PITCH + GAP),
            *shifted(below(THREE), 9 * PITCH),
        ],
        [ONE, TWO, THREE],
    ),
    "wrapped Japanese": (
        lines_below("両国は、港湾及び鉄道に関する協", "力を進めることで一致した。"),
        ["両国は、港湾及び鉄道に関する協力を進めることで一致した。"],
    ),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs(name: str) -> None:
    lines, expected = PARAGRAPHS[name]
    assert read(page(*lines)) == expected


def test_bold_words_within_a_sentence_begin_no_paragraph() -> None:
    lines = [
        Words(words.text, words.left, words.baseline, font="Times") for words in below(ONE, TWO)
    ]
    lines[1] = lines[1]._replace(font="Times-Bold")
    assert read(page(*lines)) == [ONE, TWO]


def cut_at(lines: list[Words], number: int) -> list[Page]:
    """Return two pages, of which the second begins with a line."""
    rest = lines[number:]
    return [page(*lines[:number]), page(*shifted(rest, TOP - rest[0].baseline), number=2)]


@pytest.mark.parametrize("number", range(1, 7))
def test_paragraphs_over_two_pages(number: int) -> None:
    assert read(*cut_at(below(ONE, TWO, THREE), number)) == [ONE, TWO, THREE]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 7, 8, 9])
def test_indented_paragraphs_over_two_pages(number: int) -> None:
    lines = lines_below(f"   {FULL[0]}", *FULL[1:], f"   {OTHERS[0]}", *OTHERS[1:])
    assert read(*cut_at(lines, number)) == [" ".join(FULL), " ".join(OTHERS)]


def test_a_word_over_two_pages() -> None:
    lines = lines_below("The governments of both countries go", "on with their work on co-")
    whole = page(*lines_below("They praised the cooperation of all.", top=300))
    rest = page(*lines_below("operation in ports."), number=2)
    text = read(page(*lines), rest, whole)
    assert text[0].endswith("their work on cooperation in ports.")


def test_notes_come_last() -> None:
    note = Words("1 See the records of the meeting.", baseline=TOP + 500, size=7)
    pages = [page(*below(ONE)[:2], note), page(*shifted(below(ONE)[2:], -24), number=2)]
    assert read(*pages) == [ONE, note.text]


@pytest.mark.parametrize(
    "mark",
    [
        Words("9", LEFT + 10, TOP - 4, size=6),
        Words("9", LEFT + 10, TOP, raised=0.35),
    ],
    ids=["small and raised", "a form of the font"],
)
def test_raised_digits(mark: Words) -> None:
    assert read(page(Words("10"), mark, Words("tons fell.", LEFT + 17)))[0].startswith("10⁹")


def test_digits_on_the_line_are_not_raised() -> None:
    assert read(page(Words("10"), Words("9", LEFT + 10), Words("tons fell.", LEFT + 20))) == [
        "109 tons fell."
    ]
