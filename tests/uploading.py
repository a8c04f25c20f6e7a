"""For tests of uploads: sending files to a server, and files that are made to do harm."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import httpx
from clock import wait_until
from project import DATA

DOCUMENTS = DATA / "documents"
LETTER = DOCUMENTS / "pdf" / "english-letter.pdf"
TEXT = "Joint Statement of Japan and Chile\n\n14 May 2024\n\nThe two ministers agreed on a canal.\n"
BUSY = ("waiting", "reading", "adding")
READER = "web.uploads.reading_process"


def send(address: str, data: bytes, name: str = "a.txt", **options: Any) -> httpx.Response:
    """Send a file, with other parameters of the address, and return the reply."""
    parameters = {"name": name, **options}
    return httpx.post(f"{address}uploads", params=parameters, content=data, timeout=120)


def state(address: str, upload: str) -> dict[str, Any]:
    """Return what the server says of an upload."""
    row: dict[str, Any] = httpx.get(f"{address}uploads/{upload}", timeout=60).json()
    return row


def settled(address: str, upload: str) -> dict[str, Any]:
    """Wait until the server has done what it can, and return what it says of an upload."""
    wait_until(lambda: state(address, upload)["state"] not in BUSY)
    return state(address, upload)


def uploaded(address: str, data: bytes, name: str = "a.txt", **options: Any) -> dict[str, Any]:
    """Send a file, and return what the server says once it was read."""
    reply = send(address, data, name, **options)
    assert reply.status_code == 202, reply.text
    assert reply.json()["state"] == "waiting"
    return settled(address, reply.json()["id"])


def keep(address: str, upload: str, **body: Any) -> httpx.Response:
    """Ask the server to keep an upload, and return the reply."""
    return httpx.post(f"{address}uploads/{upload}/keep", json=body, timeout=60)


def kept(address: str, data: bytes, name: str = "a.txt", **body: Any) -> dict[str, Any]:
    """Send a file and keep it, and return what the server says at the end."""
    upload = uploaded(address, data, name)["id"]
    reply = keep(address, upload, **body)
    assert reply.status_code == 202, reply.text
    return settled(address, upload)


def fact(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a fact from what the server says of an upload or of a statement."""
    facts = row["preview"]["facts"] if "preview" in row else row["found"]
    found: dict[str, Any] = next(each for each in facts if each["name"] == name)
    return found


def readers() -> list[int]:
    """Return the numbers of the processes that read files for this process, also indirectly."""
    found = {os.getpid()}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if parent in found and (b"reading_process" in command or b"tesseract" in command):
            found.add(int(folder.name))
    return sorted(found - {os.getpid()})


def pdf_with(drawing: bytes, times: int = 1) -> bytes:
    """Return a PDF of one page with an instruction that is repeated, compressed."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(drawing) for _ in range(times)) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, places = io.BytesIO(b"%PDF-1.4\n"), []
    file.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    file.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return file.getvalue()


def slow_pdf() -> bytes:
    """Return a small PDF that takes far longer to read than a document may."""
    return pdf_with(b"BT /F1 12 Tf 50 700 Td (a) Tj ET\n" * 30_000, 30)


def filling_pdf() -> bytes:
    """Return a PDF of two megabytes that unpacks to two gigabytes."""
    return pdf_with(b" " * 1_000_000, 2000)


def docx_bomb() -> bytes:
    """Return a Word file of a megabyte that unpacks to one gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(64):
                part.write(b"<w:p/>" * (16 * 1024 * 1024 // 6))
    return file.getvalue()
