"""Fit figures like those of `qa/scope/silence.py` and print them.

    python -m training.silence [HOME QUESTIONS.jsonl ...]

The data are the families of invented statements in `training/data/families`: each is of the same
parties as two others, and speaks of the same subjects. Questions that surely name their statement
are asked of all of them. More libraries may be named, each by its data folder and a question set as
`shutten eval library` takes it, of which the split `dev` is read. The command takes about three
minutes on two cores.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus.facts.reading import complete
from corpus.library_questions import load_library_questions
from corpus.records import Statement
from index.building import adding
from index.models.catalogue import BUNDLED, open_encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.confidence.calibration import shipped
from qa.retrieval import Retrieval
from qa.scope.answering import other_statements
from qa.scope.chooser import Chooser
from qa.scope.filters import Allowed
from qa.scope.silence import deficit, log_odds, with_countries_named
from training.datasets import texts
from training.fitting.logistic import Example, auc_by_kind, cross_validated_chances, fit_logistic

_ANSWERED, _SILENT = "answered", "silent"
# A question: its text, the id of the statement that it names, and whether that one answers it.
_Asked = tuple[str, str, bool]


def family_examples() -> Iterator[Example]:
    """Yield examples of the families of invented statements."""
    families = [
        (_with_facts(text.statement), text.questions)
        for text in texts("families", split="calibration")
    ]
    encoder = open_encoder(BUNDLED)
    with tempfile.TemporaryDirectory() as folder, closing(LocalStore(Path(folder))) as store:
        adding.add(store, encoder, [(statement, statement.id) for statement, _ in families])
        yield from examples(
            Searcher(store, encoder),
            (
                (question.text, statement.id, bool(question.gold))
                for statement, questions in families
                for question in questions
            ),
        )


def _with_facts(statement: Statement) -> Statement:
    """Return a statement with the facts that its text tells."""
    facts = complete(statement.provenance, statement.source, statement.passages)
    return replace(statement, provenance=facts)


def library_examples(home: Path, questions: Path) -> Iterator[Example]:
    """Yield examples of a data folder and a question set, of its split `dev`."""
    yield from examples(
        Assistant.open(home).searcher,
        (
            (question.text, question.meant[0], bool(question.gold))
            for question in load_library_questions(questions)
            if question.split == "dev"
            and len(question.meant) == 1
            and question.kind not in ("latest", "change")
        ),
    )


def examples(searcher: Searcher, asked: Iterable[_Asked]) -> Iterator[Example]:
    """Yield what tells whether the statement that a question surely names answers it."""
    retrieval, chooser = Retrieval(searcher, shipped()), Chooser(searcher)
    for question, name, answered in asked:
        meant = chooser.meant(question, (), retrieval.follows_up, Allowed())
        others = other_statements(meant, searcher.facts())
        if others is None or meant.statements[0] != name:
            continue
        words = chooser.asked(question, meant)
        here = retrieval.result(words, (), scope=meant.scope)
        elsewhere = retrieval.result(words, (), scope=others)
        confidence = with_countries_named(
            here.confidence, meant.mentions, searcher.snapshot(), meant.statements
        )
        features = {
            "log_odds": log_odds(confidence),
            "deficit": deficit(here.ranking, elsewhere.ranking),
        }
        yield Example(features, answered, _ANSWERED if answered else _SILENT, name)


def main(libraries: list[str]) -> None:
    """Fit and print the figures, and how well they do on statements that were left out."""
    found = list(family_examples())
    for home, questions in zip(libraries[::2], libraries[1::2], strict=True):
        found += library_examples(Path(home), Path(questions))
    chances = cross_validated_chances(found)
    print(f"{len(found)} questions, {sum(example.label for example in found)} answered")
    print(fit_logistic(found, balanced=False))
    print("AUC", auc_by_kind(found, chances, _ANSWERED))


if __name__ == "__main__":
    main(sys.argv[1:])
