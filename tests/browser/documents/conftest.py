"""A server of PDFs and of a statement in two languages, for all tests of this folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import DATA
from serving import served

from corpus.gloss import glosses_of
from corpus.inputs import InputFile
from corpus.library import bundled_paths, load_statement
from index.building.files import FileAdder
from index.models.encoder import Encoder
from index.store.local import LocalStore
from qa.assistant import Assistant

PDFS = ("jucip-one-column", "ruby", "table")


def english_text() -> str:
    """The unofficial gloss of the bundled statement as a text, with a year that differs."""
    (gloss,) = glosses_of(bundled_paths()[0])
    statement = load_statement(bundled_paths()[0])
    blocks = [
        " ".join(
            gloss.sentences[passage.id, number] for number in range(1, len(passage.sentences) + 1)
        )
        for passage in statement.passages
    ]
    return "\n\n".join(blocks).replace("April 2023", "April 2024") + "\n"


@pytest.fixture(scope="session")
def documents_home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    home = tmp_path_factory.mktemp("documents")
    english = tmp_path_factory.mktemp("english") / "jucip-english.txt"
    english.write_text(english_text(), "utf-8")
    english.with_suffix(".toml").write_text(
        'title = "Joint Statement"\ndate = 2023-05-26\npair = "jucip-one-column"\n', "utf-8"
    )
    paths = [*(DATA / "documents" / "pdf" / f"{name}.pdf" for name in PDFS), english]
    with contextlib.closing(LocalStore(home)) as store, FileAdder(store, encoder) as adder:
        adder.add([adder.read(InputFile(path)) for path in paths], progress=False)
    return home


@pytest.fixture(scope="session")
def documents_address(documents_home: Path) -> Iterator[str]:
    with served(Assistant.open(documents_home)) as address:
        yield address


@pytest.fixture
def address(documents_address: str) -> str:
    return documents_address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "ja-JP"}
