"""The statement as `pdftotext -layout` gives it: indented, wrapped, with page numbers.

Its sentences are those of the statement, and questions find the same ones.
"""

import re

import pytest
from project import DATA

from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.question_sets import load_questions
from index.building import adding
from index.search.searcher import Searcher
from index.store.store import Store
from qa.assistant import Assistant
from qa.confidence.calibration import shipped

EXTRACTED = DATA / "layout" / "jucip-from-a-pdf.txt"
PAGE = re.compile(r"\n\s*-\s?\d+\s?-\s*\n\s*")
ASKED, SAME = 75, 72


def plain(words):
    return "".join(PAGE.sub("", words).split())


def sentences(path):
    statement = load_statement(path)
    text = statement.source.text
    return [plain(s.of(text)) for passage in statement.passages for s in passage.sentences]


def test_its_sentences_are_those_of_the_statement():
    assert sentences(EXTRACTED) == sentences(bundled_paths()[0])


@pytest.fixture(scope="module")
def extracted(encoder, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("extracted"))
    adding.add(store, encoder, [(load_statement(EXTRACTED), str(EXTRACTED))])
    yield Assistant(store, Searcher(store, encoder), shipped())
    store.close()


def test_questions_find_the_same_sentences(extracted, assistant):
    questions = load_questions(QUESTIONS / "jucip-2023.jsonl")
    asked = [
        one.text for one in questions if one.split == "dev" and one.answerable and not one.history
    ][:ASKED]
    whole = set(sentences(bundled_paths()[0]))
    same = 0
    for question in asked:
        found, wanted = (one.retrieve(question, 1)[0].text for one in (extracted, assistant))
        assert plain(found) in whole
        same += plain(found) == plain(wanted)
    assert same >= SAME
