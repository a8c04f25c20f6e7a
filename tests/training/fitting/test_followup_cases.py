"""The remarks are split so that nothing is fitted to what is measured."""

from __future__ import annotations

from corpus.question_sets import Question
from training.fitting.followup_cases import split_remarks


def test_the_halves_of_the_remarks_share_nothing() -> None:
    direction_half, examples_half = split_remarks()
    ids = [{remark.id for remark in half} for half in (direction_half, examples_half)]
    assert not ids[0] & ids[1]
    for half in (direction_half, examples_half):
        assert all(isinstance(remark, Question) for remark in half)
        assert {remark.kind for remark in half} == {"followup", "fact"}
