"""Fields, such as page numbers and cross references: their results are shown, not their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.formats.docx.markup import Element, name

_CHARACTER, _KIND = name("w:fldChar"), name("w:fldCharType")
# The field EQ draws without a result. Older files have it for ruby and for characters in a circle:
# `EQ \o\ad(\s\up 9(とうきょう),東京)` and `EQ \o\ac(○,秘)`.
_EQUATION = re.compile(r"\s*EQ\b", re.I)
_DRAWN = re.compile(
    r"\\o\s*(?:\\a[a-z]\s*)?\(\s*(?:"
    r"\\s\s*\\up\s*-?\d+\s*\((?P<reading>[^()]*)\)\s*[,;](?P<base>[^()]*)"
    r"|[○◯□△◇]\s*[,;](?P<sign>[^()]*))\)",
    re.I,
)
_CIRCLED_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Drawn(NamedTuple):
    """What a field draws without a result.

    Attributes:
        text: The text.
        reading: The reading above it, if it is ruby.
    """

    text: str
    reading: str = ""


@dataclass(slots=True)
class _Field:
    code: list[str] = field(default_factory=list)
    has_result: bool = False


class Fields:
    """The fields that are open while a story is read. They may reach over paragraphs."""

    def __init__(self, story: Element) -> None:
        """Find the complete fields of a story. One without an end would hide all that follows."""
        begun: list[Element] = []
        self._complete: set[Element] = set()
        for character in story.iter(_CHARACTER):
            if character.get(_KIND) == "begin":
                begun.append(character)
            elif character.get(_KIND) == "end" and begun:
                self._complete.add(begun.pop())
        self._open: list[_Field] = []
        self._codes = 0  # open fields whose code is being read

    @property
    def in_code(self) -> bool:
        """Whether the place that is read belongs to the code of a field."""
        return self._codes > 0

    def add_code(self, text: str) -> None:
        """Append to the code of the innermost field."""
        if self._open and not self._open[-1].has_result:
            self._open[-1].code.append(text)

    def pass_character(self, character: Element) -> Drawn | None:
        """Pass the beginning, middle or end of a field (`w:fldChar`).

        Returns:
            What the field that ends here draws without a result; None for all others. The text is
            empty if the field draws something that is not read.
        """
        kind = character.get(_KIND)
        if kind == "begin" and character in self._complete:
            self._open.append(_Field())
            self._codes += 1
        elif kind == "separate" and self._open and not self._open[-1].has_result:
            self._open[-1].has_result = True
            self._codes -= 1
        elif kind == "end" and self._open:
            ended = self._open.pop()
            if not ended.has_result:
                self._codes -= 1
                return drawn("".join(ended.code))
        return None


def drawn(code: str) -> Drawn | None:
    """Return what the code of a field draws; see `Fields.pass_character`."""
    if not _EQUATION.match(code):
        return None
    parts = list(_parts(code))
    return Drawn("".join(part.text for part in parts), "".join(part.reading for part in parts))


def _parts(code: str) -> Iterator[Drawn]:
    for match in _DRAWN.finditer(code):
        if match["sign"] is None:
            yield Drawn(match["base"].strip(), match["reading"].strip())
            continue
        sign = match["sign"].strip()
        number = int(sign) if re.fullmatch(r"[0-9０-９]{1,2}", sign) else 0
        yield Drawn(_CIRCLED_NUMBERS[number - 1] if 0 < number <= len(_CIRCLED_NUMBERS) else sign)
