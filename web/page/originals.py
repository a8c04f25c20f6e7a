"""The original file of a statement: where words stand on its pages, and pictures of the pages."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from corpus.documents import Area, Document
from corpus.errors import ShuttenError
from corpus.formats.isolation import IsolatedReader
from corpus.formats.reading import UnreadableError
from corpus.records import Span
from qa.assistant import Assistant
from web.errors import error_reply, json_reply

_WIDTH = 1240  # pixels of the picture of a page
_KEPT_PICTURES = 64  # each takes some 300 KB
_MAX_OFFSET = 10**9


def place_in_original(document: Document, span: Span, *, kept: bool) -> dict[str, Any]:
    """Return where words stand in the original file, page by page.

    Args:
        document: The file.
        span: The words.
        kept: Whether the file is kept, so that its pages can be shown.
    """
    details = document.details
    pages = [
        {
            "number": number,
            "boxes": [
                _shares(area, *details.sizes[number - 1])
                for area in details.map.areas(span)
                if area.page == number
            ],
            "ratio": round(details.sizes[number - 1][1] / details.sizes[number - 1][0], 4),
        }
        for number in details.map.pages(span)
    ]
    return {
        "format": document.format,
        "sha256": document.sha256,
        "kept": kept,
        "count": details.pages,
        "pages": pages,
        "elements": details.map.elements(span),
    }


def _shares(area: Area, width: float, height: float) -> list[float]:
    """Return left, top, width and height of a rectangle, as shares of its page."""
    across, down = area.right - area.left, area.bottom - area.top
    sides = (area.left / width, area.top / height, across / width, down / height)
    return [round(side, 5) for side in sides]


class _Pictures:
    """Draws pages one after another, each in a process of its own, and keeps the last ones."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self._lock = assistant, threading.Lock()
        self._kept = lru_cache(_KEPT_PICTURES)(self._drawn)

    def of(self, statement: str, sha256: str, page: int) -> bytes:
        """Return the picture of a page.

        Raises:
            ShuttenError: The file is not kept, or the page cannot be drawn.
        """
        with self._lock:
            return self._kept(statement, sha256, page)

    def _drawn(self, statement: str, sha256: str, page: int) -> bytes:
        del sha256  # tells the file from a later one of the same statement
        file = self._assistant.document_file(statement)
        if file is None:
            raise ShuttenError(f"{statement}: its original file is not kept here")
        try:
            with IsolatedReader() as reader:
                return reader.picture(file, page, _WIDTH)
        except UnreadableError as error:
            raise ShuttenError(f"{statement}: its original file {error}") from None


def router(assistant: Assistant) -> APIRouter:
    """Return the routes that the page asks for the original file of a statement.

    `/original` tells where words stand in it, `/original/page` gives a picture of a page.
    """
    routes, pictures = APIRouter(), _Pictures(assistant)

    @routes.get("/original", include_in_schema=False)
    def original(
        name: Annotated[str, Query(alias="id")],
        start: Annotated[int, Query(ge=0, le=_MAX_OFFSET)],
        end: Annotated[int, Query(ge=1, le=_MAX_OFFSET)],
    ) -> Response:
        if name not in assistant.statement_ids() or not start < end:
            return error_reply(404, "there is no such place in a statement here")
        document = assistant.statement(name).source.document
        if document is None:
            return error_reply(404, "this statement is a text, without an original file")
        kept = document.format == "pdf" and assistant.has_document_file(name)
        return json_reply(place_in_original(document, Span(start, end), kept=kept))

    @routes.get("/original/page", include_in_schema=False)
    def page(
        name: Annotated[str, Query(alias="id")],
        number: Annotated[int, Query(alias="n", ge=1, le=100_000)],
    ) -> Response:
        if name not in assistant.statement_ids():
            return error_reply(404, "there is no such statement here")
        document = assistant.statement(name).source.document
        if document is None or document.format != "pdf" or number > document.details.pages:
            return error_reply(404, "there is no such page")
        picture = pictures.of(name, document.sha256, number)
        # The address holds the checksum of the file, so the picture never changes.
        headers = {"Cache-Control": "private, max-age=604800, immutable"}
        return Response(picture, headers=headers, media_type="image/png")

    return routes
