"""Files with unusual or damaged parts, made from printed ones."""

from __future__ import annotations

import io
import re
import textwrap
from pathlib import Path

import pikepdf
import pypdfium2
from fontTools.ttLib import TTFont
from pdf_sources.printing import run, save
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String
from PIL import Image

_DPI = 120


def turn(target: Path) -> None:
    """Draw each page along its long side, and turn it by /Rotate, as scanners and drivers do."""
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        for number, page in enumerate(pdf.pages):
            _, _, width, height = (float(side) for side in page.MediaBox)
            turned = (0, 1, -1, 0, height, 0) if number % 2 == 0 else (0, -1, 1, 0, 0, width)
            page.contents_add(b"q " + b" %g" * 6 % turned + b" cm\n", prepend=True)
            page.contents_add(b"\nQ")
            page.MediaBox = Array([0, 0, height, width])
            page.Rotate = 90 if number % 2 == 0 else 270
        save(pdf, target)


def add_script(target: Path) -> None:
    """Let a file run a script when it is opened. The script shows a message and does no harm."""
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        script = String('app.alert("This statement opened a message.");')
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=script)
        save(pdf, target)


def add_comments(target: Path) -> None:
    """Add a comment in a bubble, a highlight with a comment, and a note that shows its words."""
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        _, _, width, height = (float(side) for side in page.MediaBox)
        top = height - 120
        common = {"Type": Name.Annot, "T": String("Reviewer"), "F": 4}
        bubble = Dictionary(
            **common,
            Subtype=Name.Text,
            Rect=Array([width - 50, top, width - 30, top + 20]),
            Contents=String("この段落は要確認。The figure is not agreed."),
            Name=Name.Comment,
        )
        box = [60, top - 20, 200, top - 4]
        left, low, right, high = box
        highlight = Dictionary(
            **common,
            Subtype=Name.Highlight,
            Rect=Array(box),
            QuadPoints=Array([left, high, right, high, left, low, right, low]),
            C=Array([1, 1, 0]),
            Contents=String("削除する予定の文。"),
        )
        note = Dictionary(
            **common,
            Subtype=Name.FreeText,
            Rect=Array([60, 60, 300, 90]),
            Contents=String("Typed over the page by a reviewer"),
            DA=String("/Helv 11 Tf 1 0 0 rg"),
            AP=Dictionary(N=_shown_note(pdf)),
        )
        page.Annots = Array([pdf.make_indirect(item) for item in (bubble, highlight, note)])
        save(pdf, target)


def _shown_note(pdf: Pdf) -> Stream:
    drawing = b"BT /Helv 11 Tf 1 0 0 rg 2 10 Td (Typed over the page by a reviewer) Tj ET"
    stream = Stream(pdf, drawing)
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, 240, 30])
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    stream.Resources = Dictionary(Font=Dictionary(Helv=helvetica))
    return stream


def forget_characters(target: Path) -> None:
    """Take out all that leads from glyphs to characters: only their shapes are left."""
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/ToUnicode") is not None:
                del item["/ToUnicode"]
            if isinstance(item, Dictionary) and "/FontFile2" in item:
                item.FontFile2.write(_without_characters(item.FontFile2.read_bytes()))
        save(pdf, target)


def _without_characters(data: bytes) -> bytes:
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    if "cmap" in font:
        del font["cmap"]
    slim = io.BytesIO()
    font.save(slim)
    return slim.getvalue()


def rename_characters(target: Path, first: int, step: int, above: int = 0) -> None:
    """Let the text layer name other characters than are printed.

    Args:
        target: The file.
        first: The character for the first glyph, such as U+E000.
        step: The distance to the character of the next glyph; 0 gives all glyphs the same.
        above: Characters up to this one keep their name.
    """
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/ToUnicode") is not None:
                item.ToUnicode.write(_renamed(item.ToUnicode.read_bytes(), first, step, above))
        save(pdf, target)


def _renamed(table: bytes, first: int, step: int, above: int) -> bytes:
    """Return a table from glyphs to characters with other characters."""
    pairs: list[tuple[int, int]] = []
    for section in re.findall(rb"beginbf(?:char|range)\n(.*?)endbf", table, re.S):
        for row in section.splitlines():
            codes = [int(code, 16) for code in re.findall(rb"<([0-9A-F]+)>", row)]
            low, high, character = codes[0], codes[-2], codes[-1]
            pairs += ((code, character + code - low) for code in range(low, high + 1))
    lines = []
    for number, (code, character) in enumerate(pairs):
        other = first + number * step if character > above else character
        lines.append(b"<%04X> <%04X>" % (code, other))
    chunks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = b"\n".join(
        b"%d beginbfchar\n%s\nendbfchar" % (len(chunk), b"\n".join(chunk)) for chunk in chunks
    )
    head, tail = table.split(b"endcodespacerange\n")[0], table.rpartition(b"endbf")[2]
    end = tail[tail.index(b"endcmap") :]
    return head + b"endcodespacerange\n" + body + b"\n" + end


def scan(target: Path, pages: tuple[int, ...], text: bool = False) -> None:
    """Replace pages by their pictures.

    Args:
        target: The file.
        pages: Numbers of the pages, from 0.
        text: Whether the text stays on the page, invisible, as text recognition writes it.
    """
    with pypdfium2.PdfDocument(target) as printed:
        pictures = {
            number: printed[number].render(scale=_DPI / 72, grayscale=True).to_pil()
            for number in pages
        }
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        for number, picture in pictures.items():
            _replace(pdf, pdf.pages[number], picture.rotate(0.4, fillcolor=255), text)
        if not text:
            for name in ("/StructTreeRoot", "/MarkInfo"):
                if name in pdf.Root:
                    del pdf.Root[name]
        save(pdf, target)


def _replace(pdf: Pdf, page: Page, picture: Image.Image, text: bool) -> None:
    """Draw a picture over a whole page, in black and white."""
    black = picture.point(lambda grey: 255 if grey > 160 else 0).convert("1")
    image = Stream(pdf, black.tobytes())
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = black.size
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 1
    _, _, width, height = (float(side) for side in page.MediaBox)
    drawing = b"q %g 0 0 %g 0 0 cm /Scan Do Q\n" % (width, height)
    if text:
        drawing += b"q\n" + _invisible(page) + b"\nQ"
    else:
        page.Resources = Dictionary()
    page.Contents = pdf.make_indirect(Stream(pdf, drawing))
    page.Resources.XObject = Dictionary(Scan=pdf.make_indirect(image))


def _invisible(page: Page) -> bytes:
    """Return the content of a page with invisible letters."""
    commands: list[object] = []
    for command in pikepdf.parse_content_stream(page):
        commands.append(command)
        if str(command.operator) == "BT":
            commands.append(([3], pikepdf.Operator("Tr")))
    return pikepdf.unparse_content_stream(commands)


def encrypt(source: Path, target: Path, user: str, owner: str) -> None:
    """Encrypt a file with 128-bit AES, with the same bytes on each run."""
    run(
        *("qpdf", "--static-id", "--static-aes-iv", "--allow-weak-crypto"),
        *("--encrypt", user, owner, "128", "--use-aes=y", "--modify=none", "--extract=n"),
        *("--", source, target),
    )


def cut(source: Path, target: Path, share: float, linearized: bool = False) -> None:
    """Keep the first part of the bytes of a file, as a broken download does.

    Args:
        source: The file.
        target: The file to write.
        share: Which part of the bytes to keep.
        linearized: Whether the file is made for slow lines: the table of its first page then
            stands at the beginning, so that programs may open what is left.
    """
    with pikepdf.open(source) as pdf:
        save(pdf, target, linearize=linearized)
    data = target.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])


def write_letter_by_letter(words: str, target: Path) -> None:
    """Print words with a text object for each letter and blank."""
    drawing = []
    for row, line in enumerate(textwrap.wrap(words, 110)):
        for column, letter in enumerate(line):
            place = (40 + column * 4.5, 800 - row * 8)
            code = letter.encode("latin-1").hex().encode()
            drawing.append(b"BT /F 7.5 Tf %g %g Td <%s> Tj ET" % (*place, code))
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        courier = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
        page.Resources = Dictionary(Font=Dictionary(F=courier))
        page.Contents = pdf.make_indirect(Stream(pdf, b"\n".join(drawing)))
        save(pdf, target)
