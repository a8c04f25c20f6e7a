"""Glosses: unofficial translations of the sentences of a statement.

A gloss helps a reader who does not know the language of a statement to judge what a quote says.
It is never part of the text of the statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import Any

from corpus import arguments
from corpus.errors import ShuttenError
from corpus.facts.recorded import MAX_RECORDED
from corpus.files import MAX_DATA, read_bytes, read_text
from corpus.records import Passage, Span, Statement

_HEAD = ("language", "of", "statement", "sha256", "status")
_ROW = ("key", "text")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"), "write its code, such as en"
_KEY = re.compile("[0-9a-f]{12}(?:-[0-9]{1,6})?/[1-9][0-9]{0,5}")
_LINE = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]+"), "write one line of text"
# The form that the value of a key has, and what to do if it has another one. All others are lines.
_FORMS = {
    "language": _LANGUAGE,
    "of": _LANGUAGE,
    "sha256": (re.compile("[0-9a-f]{64}"), "write the checksum of the statement, 64 digits"),
    "key": (_KEY, "write the id of a passage, a slash and the number of a sentence"),
}


@dataclass(frozen=True)
class Gloss:
    """The translation of a statement into one language.

    Attributes:
        language: Code of the language of the translation.
        status: What kind of translation it is, in words for readers.
        sha256: Checksum of the statement file that was translated.
        sentences: The translations, by the id of a passage and the number of a sentence in it,
            from 1.
    """

    language: str
    status: str
    sha256: str
    sentences: Mapping[tuple[str, int], str] = field(repr=False, hash=False)

    def of(self, statement: Statement, passage: Passage, span: Span) -> str:
        """Return the translation of a quote.

        It is empty if the gloss is one of another text, if a sentence of the quote has no
        translation, or if the quote is not made of whole sentences.

        Args:
            statement: The statement that is quoted.
            passage: The passage of the statement that the quote is from.
            span: The range of the quote.
        """
        source = statement.source
        file = source.document or source  # the text itself is the file if there is no document
        if self.sha256 != file.sha256 or not passage.holds_whole_sentences(span):
            return ""
        texts = [
            self.sentences.get((passage.id, number), "")
            for number, sentence in enumerate(passage.sentences, 1)
            if span.holds(sentence)
        ]
        return " ".join(texts) if all(texts) else ""


def glosses_of(path: Path) -> tuple[Gloss, ...]:
    """Load the glosses that lie beside a statement file, in the order of their file names.

    The gloss of `town.ja.txt` in English is `town.ja.gloss.en.toml`.

    Args:
        path: The statement file.

    Raises:
        ShuttenError: A gloss cannot be used; the message says why.
    """
    path = arguments.require_path(path, "the file of a statement")
    found = sorted(path.parent.glob(f"{escape(path.stem)}.gloss.*.toml"))
    if not found:
        return ()
    sha256 = hashlib.sha256(read_bytes(path, MAX_DATA)).hexdigest()
    return tuple(load_gloss(each, sha256) for each in found)


def load_gloss(path: Path, sha256: str = "") -> Gloss:
    """Read a gloss from a TOML file.

    Args:
        path: The file, `<name of the statement>.gloss.<language>.toml`.
        sha256: Checksum of the statement file; not compared when omitted. `Gloss.of` compares it
            in any case.

    Raises:
        ShuttenError: The file cannot be read, is not TOML, has a key that is not known, lacks one
            or has a wrong value, or the gloss is one of another text.
    """
    path = arguments.require_path(path, "the file of a gloss")
    table = _read_toml(path)
    rows = table.pop("sentence", [])
    head = _checked(table, _HEAD, f"{path}")
    name = f"{head['statement']}.gloss.{head['language']}.toml"
    if path.name != name:
        raise ShuttenError(f"{path}: by its head this is {name!r}; rename it, or mend the head")
    if sha256 and sha256 != head["sha256"]:
        raise ShuttenError(
            f"{path}: the statement's sha256 is {sha256}, not the one recorded here; restore the "
            "statement, or compare the gloss with it and record the new checksum"
        )
    sentences: dict[tuple[str, int], str] = {}
    for key, text in _read_rows(rows, path):
        if key in sentences:
            raise ShuttenError(f"{path}: {key[0]}/{key[1]} is given twice; give it once")
        sentences[key] = text
    return Gloss(head["language"], head["status"], head["sha256"], sentences)


def _read_toml(path: Path) -> dict[str, Any]:
    # Imported here since few commands need a gloss.
    import tomllib

    try:
        return tomllib.loads(read_text(path, MAX_RECORDED))
    except (ValueError, RecursionError) as error:
        raise ShuttenError(f"{path}: not a readable TOML file ({error}); mend it") from None


def _read_rows(rows: object, path: Path) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the key and the translation of each sentence."""
    if not isinstance(rows, list) or not rows:
        raise ShuttenError(f"{path}: has no sentences; begin each one with [[sentence]]")
    for number, row in enumerate(rows, 1):
        place = f"{path}: sentence {number}"
        if not isinstance(row, dict):
            raise ShuttenError(f"{place}: is no table; begin each sentence with [[sentence]]")
        values = _checked(row, _ROW, place)
        passage, _, sentence = values["key"].partition("/")
        yield (passage, int(sentence)), values["text"]


def _checked(table: Mapping[str, object], keys: tuple[str, ...], place: str) -> dict[str, str]:
    """Return the values of a table that has exactly these keys, each in its form."""
    for key in table:
        if key not in keys:
            raise ShuttenError(f"{place}: {arguments.unknown('key', key, keys)}")
    values = {}
    for key in keys:
        value = table.get(key)
        if value is None:
            raise ShuttenError(f'{place}: has no {key}; add {key} = "..."')
        if not isinstance(value, str):
            raise ShuttenError(f'{place}: {key} must be text; write {key} = "..."')
        form, advice = _FORMS.get(key, _LINE)
        if not form.fullmatch(value):
            raise ShuttenError(f"{place}: {key} is {value!r:.80}; {advice}")
        values[key] = value
    return values
