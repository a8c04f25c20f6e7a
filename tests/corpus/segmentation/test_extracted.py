"""The bundled statement as `pdftotext -layout` extracts it: indented, wrapped, with page numbers.

It has the same sentences as the bundled file, and questions find the same sentences.
"""

import re

import pytest
from project import DATA

from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.question_sets import load_questions
from index.building import adding
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.confidence.calibration import shipped

EXTRACTED = DATA / "layout" / "jucip-from-a-pdf.txt"
PAGE_NUMBER = re.compile(r"\n\s*-\s?\d+\s?-\s*\n\s*")
QUESTIONS_ASKED, MIN_SAME = 75, 72


def without_layout(words):
    """Remove page numbers and white space."""
    return "".join(PAGE_NUMBER.sub("", words).split())


def sentences(path):
    statement = load_statement(path)
    text = statement.source.text
    return [
        without_layout(sentence.of(text))
        for passage in statement.passages
        for sentence in passage.sentences
    ]


def test_the_extracted_text_has_the_same_sentences():
    assert sentences(EXTRACTED) == sentences(bundled_paths()[0])


@pytest.fixture(scope="module")
def extracted(encoder, tmp_path_factory):
    store = LocalStore(tmp_path_factory.mktemp("extracted"))
    adding.add(store, encoder, [(load_statement(EXTRACTED), str(EXTRACTED))])
    yield Assistant(store, Searcher(store, encoder), shipped())
    store.close()


def test_questions_find_the_same_sentences(extracted, assistant):
    questions = load_questions(QUESTIONS / "jucip-2023.jsonl")
    asked = [q.text for q in questions if q.split == "dev" and q.answerable and not q.history]
    bundled = set(sentences(bundled_paths()[0]))
    same = 0
    for question in asked[:QUESTIONS_ASKED]:
        actual, expected = (
            without_layout(opened.retrieve(question, 1)[0].text)
            for opened in (extracted, assistant)
        )
        assert actual in bundled
        same += actual == expected
    assert same >= MIN_SAME
