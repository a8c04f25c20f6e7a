"""Makes Word files for tests out of pieces of XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": OFFICE,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "o": "urn:schemas-microsoft-com:office:office",
    "v": "urn:schemas-microsoft-com:vml",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE_TYPES = "application/vnd.openxmlformats-package"
_DATE = (2026, 1, 1, 0, 0, 0)  # the same in each file, so that files made again are equal
# The element around each part, and its relationship with the main part.
_ROOTS = {
    "styles": "w:styles",
    "numbering": "w:numbering",
    "settings": "w:settings",
    "footnotes": "w:footnotes",
    "endnotes": "w:endnotes",
    "comments": "w:comments",
    "header1": "w:hdr",
    "header2": "w:hdr",
    "footer1": "w:ftr",
}


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = method
            archive.writestr(entry, content)
    return buffer.getvalue()


def word_parts(
    body: str,
    *,
    title: str = "",
    main: str = "document.main",
    external: Mapping[str, str] | None = None,
    **parts: str,
) -> dict[str, str]:
    """Return the files of a Word file by their names in the archive.

    Args:
        body: XML within the body.
        title: The title in the properties of the file.
        main: The type of the main part.
        external: Addresses that the body links to, by the ids of their relationships.
        **parts: XML within other parts, such as `numbering`.
    """
    kinds = {name: name.rstrip("12") for name in parts}
    links = [_relationship(name, f"{OFFICE}/{kinds[name]}", f"{name}.xml") for name in parts]
    links += [
        _relationship(name, f"{OFFICE}/hyperlink", target, ' TargetMode="External"')
        for name, target in (external or {}).items()
    ]
    roots = [_relationship("rId1", f"{OFFICE}/officeDocument", "word/document.xml")]
    types = {"/word/document.xml": f"{_WORD}.{main}+xml"}
    types |= {f"/word/{name}.xml": f"{_WORD}.{kinds[name]}+xml" for name in parts}
    files = {"word/document.xml": _part("w:document", f"<w:body>{body}</w:body>")}
    files |= {f"word/{name}.xml": _part(_ROOTS[name], text) for name, text in parts.items()}
    if title:
        kind = f"{PACKAGE}/relationships/metadata/core-properties"
        roots.append(_relationship("rId2", kind, "docProps/core.xml"))
        types["/docProps/core.xml"] = f"{_PACKAGE_TYPES}.core-properties+xml"
        files["docProps/core.xml"] = (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            "</cp:coreProperties>"
        )
    return {
        "[Content_Types].xml": _content_types(types),
        "_rels/.rels": _relationships(roots),
        "word/_rels/document.xml.rels": _relationships(links),
        **files,
    }


def _relationship(name: str, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{more}/>'


def _relationships(links: Iterable[str]) -> str:
    start = f'{_HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    return f"{start}{''.join(links)}</Relationships>"


def _content_types(types: Mapping[str, str]) -> str:
    defaults = {"rels": f"{_PACKAGE_TYPES}.relationships+xml", "xml": "application/xml"}
    return (
        f'{_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        + "".join(
            f'<Default Extension="{ending}" ContentType="{kind}"/>'
            for ending, kind in defaults.items()
        )
        + "".join(
            f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types.items()
        )
        + "</Types>"
    )


def _part(root: str, content: str) -> str:
    return f"{_HEAD}<{root} {_DECLARED}>{content}</{root}>"


def word_file(body: str, **parts: Any) -> bytes:
    return zipped(word_parts(body, **parts))
