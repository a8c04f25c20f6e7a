"""Finds the parts of a Word file by their relationships. What lies outside the file is not read."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple

from corpus.formats.docx.archive import Archive
from corpus.formats.docx.markup import Element, child, name, parse_part
from corpus.formats.reading import UnreadableError

_RELATIONSHIP = name("rel:Relationship")
_DOCUMENT, _BODY = name("w:document"), name("w:body")
_USUAL_MAIN_PART = "word/document.xml"


class _Relationship(NamedTuple):
    """A link from one part to another.

    Attributes:
        kind: The last word of its type, such as `footnotes`. What stands before it is different in
            "Strict Open XML".
        target: Name of the other part.
    """

    kind: str
    target: str


class Package:
    """A Word file.

    Attributes:
        body: The body of its main part.
    """

    def __init__(self, data: bytes) -> None:
        """Open a file and read its main part.

        Raises:
            UnreadableError: The file cannot be read or is no Word file.
        """
        self._archive = Archive(data)
        self._root_links = self._relationships("")
        main = _target(self._root_links, "officeDocument") or _USUAL_MAIN_PART
        document = self._part(main)
        if document is None:
            raise UnreadableError("is no Word file: it has no main part; save it anew in Word")
        body = child(document, _BODY)
        if document.tag != _DOCUMENT or body is None:
            raise UnreadableError("is no Word file: its main part has no body; save it anew")
        self.body = body
        self._links = self._relationships(main)

    def properties(self) -> Element | None:
        """Return the part with the title and author of the file."""
        return self._part(_target(self._root_links, "core-properties"))

    def related(self, kind: str) -> Element | None:
        """Return the part with which the main part has a relationship, such as `footnotes`."""
        return self._part(_target(self._links, kind))

    def linked(self, link: str | None) -> Element | None:
        """Return the part that the main part names by the id of a relationship."""
        relationship = self._links.get(link or "")
        return self._part(relationship.target) if relationship else None

    def _part(self, part: str | None) -> Element | None:
        data = self._archive.read(part) if part else None
        return parse_part(data) if data else None

    def _relationships(self, part: str) -> Mapping[str, _Relationship]:
        """Return the relationships of a part by their ids, without those to other files."""
        folder, file = posixpath.split(part)
        links = self._part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, _Relationship] = {}
        for link in links if links is not None else ():
            target, link_id = link.get("Target"), link.get("Id")
            if link.tag != _RELATIONSHIP or link.get("TargetMode") == "External" or not target:
                continue
            kind = (link.get("Type") or "").rpartition("/")[2]
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[link_id or f" {len(found)}"] = _Relationship(kind, path)
        return found


def _target(links: Mapping[str, _Relationship], kind: str) -> str | None:
    return next((link.target for link in links.values() if link.kind == kind), None)
