"""Takes the web page out of an MHTML file, in which browsers save a page with its pictures."""

from __future__ import annotations

from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from typing import NamedTuple

from corpus.formats.reading import UnreadableError

_DAMAGED = "is a damaged MHTML file; save the page again, as a complete page or as one HTML file"


class SavedPage(NamedTuple):
    """The page in an MHTML file.

    Attributes:
        data: The page.
        encoding: The encoding that the file names for it; empty if it names none.
        address: The address that the page was saved from; empty if it is not named.
    """

    data: bytes
    encoding: str
    address: str


def page_in_mhtml(data: bytes) -> SavedPage:
    """Return the page in an MHTML file: the part that the file begins with.

    Raises:
        UnreadableError: There is none.
    """
    try:
        message = BytesParser().parsebytes(data)
        pages = [part for part in message.walk() if part.get_content_type() in _HTML]
        start = str(message.get_param("start", ""))
        page = next((part for part in pages if start and part["Content-ID"] == start), None)
        page = page or (pages[0] if pages else None)
        payload = page.get_payload(decode=True) if page else None
        charset = (page.get_content_charset() if page else None) or ""
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise UnreadableError(_DAMAGED) from error
    if page is None or not isinstance(payload, bytes):
        raise UnreadableError("holds no web page; save the page of the statement again")
    return SavedPage(payload, charset, _address(message) or _address(page))


_HTML = ("text/html", "application/xhtml+xml")


def _address(part: Message) -> str:
    for name in ("Snapshot-Content-Location", "Content-Location"):
        if value := part[name]:
            return "".join(str(value).split())
    return ""
