"""A question about the text, "Does it mention Russia?", is one about Russia."""

from __future__ import annotations

import numpy as np
import pytest

from index.models.encoder import Encoded, QueryWeights
from qa.assistant import Assistant
from qa.questions.subjects import Frames, shipped
from training.datasets import texts

RUSSIA = "対露輸出管理"
FRAMED = [
    ("How does the statement describe Russia?", "Russia"),
    ("Is South Africa mentioned?", "South Africa"),
    ("声明はロシアに言及していますか", "ロシア"),
    ("Que dit le texte de la Russie ?", "Russie"),
    ("Wird Taiwan erwähnt?", "Taiwan"),
    ("提到俄罗斯了吗？", "俄罗斯"),
    ("러시아 이야기도 나오나요?", "러시아"),
    ("¿Qué dice sobre Rusia?", "Rusia"),
]
UNFRAMED = [
    "What was agreed on semiconductors?",
    "What is this document about?",
    "半導体について何を確認しましたか",
    "Who chairs the committee?",
    "インドネシアには？",
    "And quantum?",
    "Russia",
    "?!",
]


@pytest.mark.parametrize(("question", "subject"), FRAMED)
def test_the_subject_is_told_from_the_frame(
    assistant: Assistant, question: str, subject: str
) -> None:
    found = shipped().subject(question, assistant.searcher.encoded(question))
    assert subject in found
    assert len(found) < len(question) - 3


@pytest.mark.parametrize("question", UNFRAMED)
def test_other_questions_have_no_frame(assistant: Assistant, question: str) -> None:
    assert shipped().subject(question, assistant.searcher.encoded(question)) == ""


@pytest.mark.parametrize("question", [text for text, subject in FRAMED if subject[0] in "RロР俄러"])
def test_what_is_said_of_russia_is_found(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert RUSSIA in answer.quotes[0].text
    assert answer.level in ("high", "fair")
    assert answer.question == answer.searched == question


@pytest.mark.parametrize(
    "question",
    ["Does the statement mention Taiwan?", "声明は台湾に言及していますか", "Wird Taiwan erwähnt?"],
)
def test_what_names_its_own_subject_stands_alone(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, ["半導体について何を確認しましたか"])
    assert (answer.searched, answer.status) == (question, "not_found")


def test_a_subject_that_points_back_still_leans(assistant: Assistant) -> None:
    before = "What was agreed on small businesses?"
    assert before in assistant.ask("What does it say about them?", [before]).searched


def encoded(question: str, frame: str) -> Encoded:
    """Tokens of one character each; those that stand in `frame` have a state of their own."""
    states = np.array([[1, 0] if one in frame else [0, 1] for one in question], np.float32)
    spans = np.array([(place, place + 1) for place in range(len(question))], np.int32)
    share = np.full(len(question), 1 / len(question), np.float32)
    return Encoded(states[0], states, spans, QueryWeights(share, share, 0.0), states=states)


@pytest.mark.parametrize(
    ("question", "frame", "subject"),
    [
        ("xxxx alpha xx?", "x ?", "alpha"),
        ("xxxx alpha xx?", "x ?a", "alpha"),  # a word is never cut
        ("xxxx alpha", "xalph ", ""),  # no subject
        ("alpha beta", "", ""),  # no frame
        ("xx alpha?", "x ?", ""),  # too short for a frame
        ("xxx 露について", "x について", "露"),
    ],
)
def test_whole_words_and_frames(question: str, frame: str, subject: str) -> None:
    model = Frames(np.array([20.0, -20.0], np.float32), 0.0)
    assert model.subject(question, encoded(question, frame)) == subject


def test_another_model_is_not_judged() -> None:
    model = Frames(np.array([20.0, -20.0, 0.0], np.float32), 0.0)
    assert model.subject("xxxx alpha", encoded("xxxx alpha", "x ")) == ""


def test_questions_of_the_sets_are_hardly_ever_cut(assistant: Assistant) -> None:
    asked = [one.text for text in texts("practice")[:4] for one in text.questions]
    cut = [bool(shipped().subject(text, assistant.searcher.encoded(text))) for text in asked]
    assert len(cut) > 100
    assert np.mean(cut) < 0.03
