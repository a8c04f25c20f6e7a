"""Text that is not what is printed is refused with the reason; pictures are named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pdf_pages import Words, page

from corpus.formats.pdf.pages import Page
from corpus.formats.pdf.soundness import refuse_garbage, refuse_pictures, warnings_of
from corpus.formats.reading import UnreadableError

SOUND = "The two governments met in Kobe and agreed. " * 5
SCAN = page(pictures=0.9)
GARBAGE = {
    "no known letter": (SOUND + "\ufffd" * 10, "have no known letter"),
    "private use": (SOUND + "\ue001\ue002" * 5, "are for private use"),
    "numbers of glyphs": (SOUND + "(cid:12)" * 2, "are numbers of glyphs, such as (cid:12)"),
    "no characters": (SOUND + "\u0378" * 10, "are no letters at all"),
    "controls": (SOUND + "\x01" * 10, "are no letters at all"),
    "Hebrew": (SOUND + "שלום" * 5, "written from right to left"),
    "Arabic": (SOUND + "سلام" * 5, "written from right to left"),
}
FINE = {
    "letters": SOUND,
    "Japanese": "両国は、港湾に関する協力を進めることで一致した。" * 3,
    "signs of a list for private use": "\uf0b7 ports \uf0b7 food \uf0b7 toys " * 8,
    "one unknown letter": SOUND + "\ufffd",
    "a word in Hebrew": SOUND + "של",
    "hyphens of the layout": SOUND + "\x02" * 10,
    "nothing": "",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage(name: str) -> None:
    text, reason = GARBAGE[name]
    with pytest.raises(UnreadableError, match="; ") as refusal:
        refuse_garbage([page(Words(text))])
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", FINE)
def test_sound_text(name: str) -> None:
    refuse_garbage([page(Words(FINE[name]))])


def test_letters_that_the_file_does_not_tell() -> None:
    shown = page(Words(SOUND))
    unknown = tuple(character._replace(unknown=True) for character in shown.characters[:10])
    changed = (*unknown, *shown.characters[10:])
    with pytest.raises(UnreadableError, match="4% of its characters have no known letter"):
        refuse_garbage([Page(1, shown.width, shown.height, changed)])


PICTURES = {
    "a scan": ([SCAN, page(Words("12"), pictures=0.8)], "is a scan"),
    "no text": ([page(), page()], "hold no text"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(name: str) -> None:
    pages, reason = PICTURES[name]
    with pytest.raises(UnreadableError, match=reason):
        refuse_pictures(pages)


@pytest.mark.parametrize(
    "pages",
    [
        [page(Words("Hi"))],
        [page(), page(Words("Hi"))],
        [page(Words(SOUND), pictures=1.0)],
        [SCAN, page(Words("Hi"))],
    ],
    ids=["short", "an empty page", "words over a picture", "a scan and words"],
)
def test_pages_with_text(pages: Sequence[Page]) -> None:
    refuse_pictures(pages)


def test_warnings() -> None:
    pages = [page(Words(SOUND)), *(page(number=number, pictures=0.9) for number in range(2, 14))]
    assert list(warnings_of(pages, "tesseract 5")) == [
        "its words were recognised in pictures by tesseract 5, and may be wrong",
        "pages that are pictures, so that their words are not here: "
        "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ...",
    ]
    assert list(warnings_of(pages[:1], "")) == []
