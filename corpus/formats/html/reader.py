"""Reads the statement in a web page: its words, block by block, and where each of them stands."""

from __future__ import annotations

from corpus.formats.html.article import leave_out_furniture
from corpus.formats.html.blocks import Writer
from corpus.formats.html.decoding import decode_page
from corpus.formats.html.edges import leave_out_edges
from corpus.formats.html.facts import page_facts
from corpus.formats.html.limits import refuse_excess
from corpus.formats.html.mhtml import page_in_mhtml
from corpus.formats.html.refusals import refuse_frames, refuse_without_statement
from corpus.formats.html.tree import parse_page
from corpus.formats.html.unseen import leave_out_unseen
from corpus.formats.reading import Reading

READER = "html 1"


def read_html(data: bytes) -> Reading:
    """Read a web page.

    The text is what a browser shows of the statement, without the navigation, notices, forms and
    links around it. Nothing is fetched, and no script runs.

    Args:
        data: The page, also one that a program saved with its pictures in it.

    Raises:
        UnreadableError: The page holds no text, is in no known encoding, or takes too long to
            parse; the message follows the path.
    """
    return _read(data)


def read_mhtml(data: bytes) -> Reading:
    """Read a web page that a browser saved as MHTML; see `read_html`."""
    page = page_in_mhtml(data)
    return _read(page.data, page.encoding, page.address)


def element_text(data: bytes, path: str) -> str:
    """Return the characters within an element of a page as they are in the file.

    Args:
        data: The page.
        path: Path of the element, such as `body/main/p[3]`.

    Raises:
        KeyError: There is no such element.
    """
    return parse_page(decode_page(data)[0]).element_text(path)


def _read(data: bytes, encoding: str = "", address: str = "") -> Reading:
    markup, warnings = decode_page(data, encoding)
    refuse_excess(markup)
    page = parse_page(markup)
    refuse_frames(page)
    omissions = leave_out_unseen(page)
    judge = leave_out_furniture(page, omissions)
    leave_out_edges(judge)
    builder = Writer(page, omissions, judge.marks).write()
    text = builder.reading().text
    refuse_without_statement(page, omissions, text)
    facts = page_facts(judge, text, markup, address)
    return builder.reading(omissions.cuts(), facts, warnings)
