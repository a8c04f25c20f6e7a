"""Odd values, drawn from a seed, as people, programs and failing disks may send them."""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")
LONG = 100_000

QUESTIONS = [
    "半導体について何を確認しましたか",
    "What was agreed on Open RAN?",
    "Which missions are planned, and when?",
    "关于人工智能达成了什么共识？",
    "それはいつ開催されますか",
    "Anything else?",
    "Who issued this statement?",
    "thanks",
]
TEXTS = [
    "",
    " ",
    " \t\r\n\u3000\u2028",
    "\0",
    "a\0b",
    "\ud800",
    "半\udfff導体",
    "\ufeff\u200b\u202e",
    "\u202eمرحبا\u202c بالعالم",
    "e" + "\u0301" * 200,
    "ガ" * 3 + "か\u3099",
    "両省は、\r\n半導体\r\nについて\r",
    "🤷‍♀️🇯🇵",
    "\x1b[31m\x07\x7f\x85",
    "１２²٣",
    '" OR NEAR(* ^ -',
    "'; DROP TABLE statements; --",
    "<script>alert(1)</script>{{x}}$$x$$",
    "%00%s%n{0}{}\\",
    "../../../../etc/passwd",
    "/dev/zero",
    "/etc/passwd",
    "http://[",
    "-1",
    "null",
    "NaN",
    "2023-05-26",
    "jucip-2023-05-26.ja",
    "x" * LONG,
    "あ" * LONG,
    "(" * LONG,
    "。" * 5000,
    "9" * 5000,
    "a b " * 600,
    "\n" * LONG,
]
NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 3, 12, 13, 100, 101, 1000, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**40),
    *(0.0, -0.0, 1.0, 1.5, 1e308, 5e-324, float("inf"), float("-inf"), float("nan")),
    *(True, False),
]
# Python values that JSON has no form for.
OBJECTS: list[Any] = [
    *(b"", b"bytes", bytearray(3), object(), int, len, ..., NotImplemented, 1j, ValueError("x")),
    *((), ("a", 1), {1, 2}, frozenset(), range(3), memoryview(b"x"), slice(1)),
]


class OddValues(random.Random):
    """Draws odd values. The same seed draws the same values."""

    def text(self) -> str:
        """Return a question, an odd string, any characters, or a question with an odd string."""
        kind = self.randrange(4)
        if kind == 0:
            return self.choice(QUESTIONS)
        if kind == 1:
            question, text = self.choice(QUESTIONS), self.choice(TEXTS)
            place = self.randrange(len(question) + 1)
            return question[:place] + text + question[place:]
        if kind == 2:
            return "".join(self.character() for _ in range(self.randrange(1, 40)))
        return self.choice(TEXTS)

    def character(self) -> str:
        """Return any code point, more often one with a small number."""
        return chr(self.randrange(self.choice([0x80, 0x3100, 0x10000, sys.maxunicode + 1])))

    def number(self) -> Any:
        """Return a number at some limit."""
        return self.choice(NUMBERS)

    def json_value(self, depth: int = 3) -> Any:
        """Return any value that JSON has a form for."""
        kind = self.randrange(8 if depth else 5)
        if kind == 0:
            return None
        if kind <= 2:
            return self.text()
        if kind <= 4:
            return self.number()
        if kind == 5:
            return [self.json_value(depth - 1) for _ in range(self.randrange(4))]
        if kind == 6:
            return {self.short_text(): self.json_value(depth - 1) for _ in range(self.randrange(4))}
        return nested(self.choice([5, 50, 300]), self.choice([list, dict]))

    def python_value(self) -> Any:
        """Return any Python value."""
        return self.choice(OBJECTS) if self.random() < 0.3 else self.json_value()

    def short_text(self) -> str:
        """Return a text that may be a name."""
        return self.text()[:50]

    def path(self, folder: Path) -> Any:
        """Return a path below a folder, or a path where no file can be made."""
        if self.random() < 0.3:
            return self.choice(["", "/dev/zero", "/etc/passwd", folder, *OBJECTS])
        name = str(self.json_value()).replace("..", "").lstrip("/")[:300]
        return f"{folder}/{name}"

    def either(self, good: Sequence[_T], draw_odd: Any, share: float = 0.5) -> Any:
        """Return a good value, or in a `share` of cases what `draw_odd` returns."""
        return draw_odd() if self.random() < share else self.choice(good)

    def mutated(self, good: Any) -> Any:
        """Return a copy of a JSON value that is changed in up to three places."""
        value = copy.deepcopy(good)
        for _ in range(self.randrange(4)):
            value = self._changed(value)
        return value

    def _changed(self, value: Any) -> Any:
        if not isinstance(value, list | dict) or not value or self.random() < 0.1:
            return self.json_value()
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key, change = self.choice(keys), self.randrange(6)
        if change == 0:
            del value[key]
        elif change == 1 and isinstance(value, dict):
            value[self.short_text()] = self.json_value()
        elif change == 1:
            value *= self.choice([2, 40])
        elif change == 2:
            value[key] = [value[key]]
        else:
            value[key] = self._changed(value[key])
        return value

    def filled(self, good: Any) -> Any:
        """Return a JSON value of the same shape, in which every second text or number is odd."""
        if isinstance(good, dict):
            return {key: self.filled(value) for key, value in good.items()}
        if isinstance(good, list):
            return [self.filled(value) for value in good]
        if isinstance(good, str):
            return self.either([good], self.text)
        return self.either([good], self.number) if type(good) is int else good

    def damaged(self, good: bytes) -> bytes:
        """Return the bytes of a file with one to three kinds of damage."""
        data = bytearray(good)
        for _ in range(self.randrange(1, 4)):
            place, length = self.randrange(len(data) + 1), self.randrange(1, 40)
            change = self.randrange(9)
            if change == 0:
                del data[place:]
            elif change == 1:
                del data[place : place + length]
            elif change <= 3 and data:
                data[place % len(data)] ^= 1 << self.randrange(8)
            elif change == 4:
                data[place:place] = self.randbytes(length)
            elif change == 5:
                data[place:place] = self.text().encode("utf-8", "surrogatepass")
            elif change == 6:
                data[place : place + length] = bytes(length)
            elif change == 7:
                data = data.replace(b"\n", self.choice([b"\r\n", b"\r", b"", b"\n\n\n"]))
            else:
                data += data[place : place + 2000] * self.choice([1, 20])
        return bytes(data)

    def file(self, good: bytes) -> bytes:
        """Return a damaged file, a file in another encoding, or other bytes."""
        kind = self.randrange(10)
        if kind == 0:
            return self.randbytes(self.choice([0, 1, 100, 5000]))
        if kind == 1:
            code = self.choice(["utf-16", "utf-32", "utf-8-sig", "shift_jis", "gb18030", "utf-7"])
            return good.decode("utf-8", "replace").encode(code, "replace")
        if kind == 2:
            return self.text().encode("utf-8", "surrogatepass")
        return self.damaged(good)

    def json_bytes(self, good: Any) -> bytes:
        """Return a body: JSON with odd or changed values, damaged JSON, or very deep JSON."""
        kind = self.randrange(10)
        if kind == 0:
            return self.choice([b"[", b'{"a":', b'[{"question":']) * self.choice([10, 2000, LONG])
        if kind == 1:
            return self.file(encoded(good))
        return encoded(self.filled(good) if kind <= 5 else self.mutated(good))


def nested(depth: int, kind: type) -> Any:
    """Return lists in lists, or objects in objects."""
    value: Any = "x"
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


def encoded(value: Any) -> bytes:
    """Return a value as JSON, with `str` of what JSON has no form for."""
    return json.dumps(value, default=str).encode()
