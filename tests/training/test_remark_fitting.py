"""The models of remarks and of subjects are fitted to what the files of remarks say."""

from __future__ import annotations

import numpy as np
import pytest

from index.models.encoder import Encoder
from qa.questions.remark_kinds import KINDS
from training import datasets, remark_kinds, subjects
from training.remark_kinds import EncodedRemarks
from training.subjects import FramedQuestion


def test_remarks_of_every_kind_are_read() -> None:
    remarks = remark_kinds.load_remarks(datasets.REMARK_KINDS)
    assert {KINDS[kind] for _, kind in remarks} == set(KINDS)
    assert ("Hello", KINDS.index("greeting")) in remarks


def test_content_includes_bare_terms_and_follow_ups() -> None:
    assert "And in 2024?" in remark_kinds.content_questions()
    terms = remark_kinds.bare_terms()
    assert {"Vietnam", "Indien", "日本"} <= set(terms)
    assert len(terms) > 5000


def separable_remarks() -> EncodedRemarks:
    """Remarks whose vectors tell their kind."""
    draw = np.random.default_rng(0)
    kinds = np.arange(200) % len(KINDS)
    vectors = np.eye(8, dtype=np.float32)[kinds] + draw.normal(0, 0.1, (200, 8))
    return EncodedRemarks(vectors.astype(np.float32), kinds)


def test_the_kinds_are_fitted_and_measured() -> None:
    remarks = separable_remarks()
    chances = remark_kinds.cross_validated_chances(remarks)
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert (chances.argmax(axis=1) == remarks.kinds).mean() > 0.95
    assert remark_kinds.content_limit(remarks, chances) == 0.5
    shares = remark_kinds.confusion(remark_kinds.fit_kinds(remarks), remarks)
    assert shares["thanks"]["thanks"] == 1.0


@pytest.fixture(scope="module")
def framed_questions() -> list[FramedQuestion]:
    return subjects.framed_questions()


def test_framed_questions_mark_their_subject(framed_questions: list[FramedQuestion]) -> None:
    assert len({question.frame for question in framed_questions}) > 150
    for question in framed_questions:
        assert question.text[question.start : question.end].strip()
        assert (question.frame < 0) == (question.end - question.start == len(question.text))


def test_subjects_are_found_in_frames_that_were_left_out(
    encoder: Encoder, framed_questions: list[FramedQuestion]
) -> None:
    questions = framed_questions[::40]
    encoded = list(encoder.encode([question.text for question in questions], "query"))
    rows = [subjects.token_labels(*pair) for pair in zip(questions, encoded, strict=True)]
    predictions = list(subjects.cross_validated_subjects(questions, encoded, rows))
    assert {question for question, _ in predictions} == set(questions)
    shares = subjects.subject_shares(predictions)
    assert shares["exact"] > 0.25
    assert shares["without a frame"] < 0.1
