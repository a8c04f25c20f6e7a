"""Tells whether the text of a PDF can be relied on: not garbage, not pictures, not half of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from corpus.formats.pdf.pages import Character, Page
from corpus.formats.reading import UnreadableError

_MAX_GARBAGE = 0.02  # share of the characters that may be unknown, such as signs of lists
_FEW = 20  # characters of a page that is a picture
_PICTURE = 0.4  # share of a page that a scanned picture covers
_MAX_RIGHT_TO_LEFT = 0.05  # share of the characters
_CID = re.compile(r"\(cid:\d+\)")
_ADVICE = (
    "print it to a new PDF, get another copy, or recognise its words with `--ocr` (needs tesseract)"
)


def refuse_pictures(pages: Sequence[Page]) -> None:
    """Raise `UnreadableError` if no page holds text."""
    if any(_has_text(page) for page in pages):
        return
    if any(page.pictures >= _PICTURE for page in pages):
        raise UnreadableError(
            "is a scan: its pages are pictures without text; recognise their words with `--ocr` "
            "(needs tesseract), or give a PDF with text"
        )
    if not any(page.characters for page in pages):
        raise UnreadableError("is a PDF whose pages hold no text; give a PDF with text")


def refuse_garbage(pages: Sequence[Page]) -> None:
    """Raise `UnreadableError` if too many characters are not the ones that are printed."""
    characters = [char for page in pages for char in page.characters if not char.blank]
    if not characters:
        return
    count = len(characters)
    text = "".join(char.text for char in characters)
    cid = sum(map(len, _CID.findall(text)))
    for number, what in (
        (sum(char.unknown or char.text == "\ufffd" for char in characters), "have no known letter"),
        (sum(_is_private(characters, place) for place in range(count)), "are for private use"),
        (cid, "are numbers of glyphs, such as (cid:12)"),
        (sum(_is_odd(char.text) for char in characters), "are no letters at all"),
    ):
        if number > _MAX_GARBAGE * count:
            share = round(100 * number / count)
            raise UnreadableError(
                f"is a PDF whose text is garbage: {share}% of its characters {what}; {_ADVICE}"
            )
    if _right_to_left(text) > _MAX_RIGHT_TO_LEFT * count:
        raise UnreadableError(
            "is a PDF that is written from right to left, which is not read from PDF; give its "
            "text as a web page, a Word file or plain text"
        )


def warnings_of(pages: Sequence[Page], recognised: str) -> Iterator[str]:
    """Yield what a reader should know of the pages."""
    if recognised:
        yield f"its words were recognised in pictures by {recognised}, and may be wrong"
    silent = [page.number for page in pages if not _has_text(page) and page.pictures >= _PICTURE]
    if silent:
        numbers = ", ".join(map(str, silent[:10])) + (" ..." if len(silent) > 10 else "")
        yield f"pages that are pictures, so that their words are not here: {numbers}"


def _has_text(page: Page) -> bool:
    least = _FEW if page.pictures >= _PICTURE else 1
    return sum(not char.blank for char in page.characters) >= least


def _is_private(characters: Sequence[Character], place: int) -> bool:
    """Return whether a character has no meaning. A sign of a list may: it stands alone."""
    if unicodedata.category(characters[place].text) != "Co":
        return False
    near = characters[max(place - 1, 0) : place + 2]
    return sum(unicodedata.category(char.text) == "Co" for char in near) > 1


def _is_odd(char: str) -> bool:
    return unicodedata.category(char) in ("Cn", "Cs") or (
        unicodedata.category(char) == "Cc" and char not in "\x02\t\r\n\f\v"
    )


def _right_to_left(text: str) -> int:
    return sum(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
