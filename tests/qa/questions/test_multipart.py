"""Questions that ask for two things are taken apart, others are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.questions.multipart import MAX_PARTS, parts

ROWS = [
    "メタン漏れを測る実験の開始年と|、|非常時を想定した演習の頻度を教えて",
    "次の会合はどこで開かれますか。|また、|誰が議長を務めますか。",
    "次の大臣会合はどこで|、|それまで局長級はどのくらいの間隔で集まるの?",
    "When were the first talks held,| and |in which month is the trial run?",
    "Which labs take part|, and |who pays for them?",
    "Wozu dienen Artenlisten an der Grenze|, und |wann erscheint der Bericht?",
    "Quels chercheurs en profitent|, et |quel label japonais est cité ?",
    "¿Qué laboratorio será de referencia| y |qué deben comunicar los países?",
    "收回来的旧渔网打算跟谁合作再利用？| |另外鼓励采用什么？",
    "가족 연구는 누가 제안했|고,| 낡은 우체국은 어떻게 활용하나요?",
    "オープンRANについて何が合意されましたか",
    "両省と産業界は、何を確認しましたか",
    "What was agreed on chips, data and energy?",
    "半導体、量子、AI",
    "Japan and who?",
    "?",
]


@pytest.mark.parametrize("row", ROWS)
def test_a_question_is_cut_where_another_begins(row: str) -> None:
    first, *rest = row.split("|")
    expected = tuple(one.strip(" ,") for one in (first, *rest[1::2]))
    assert tuple(one.strip(" ,") for one in parts("".join((first, *rest)))) == expected


@given(st.text(max_size=200))
def test_parts_are_slices_in_order(question: str) -> None:
    found = parts(question)
    assert 1 <= len(found) <= MAX_PARTS
    position = 0
    for part in found:
        position = question.index(part, position) + len(part)


@pytest.mark.parametrize(
    ("question", "silent"),
    [
        (
            "サイバーのミッションはいつ来ますか。また、鯨肉の輸入枠は何トンですか。",
            "鯨肉の輸入枠は何トンですか。",
        ),
        (
            "When does the cyber mission come, and which tariffs on beef were lowered?",
            "which tariffs on beef were lowered?",
        ),
    ],
)
def test_what_a_part_gets_no_answer_to_is_said(
    assistant: Assistant, question: str, silent: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.reason) == ("answered", "partly")
    assert answer.unanswered == (silent,)
    assert "2023年9月" in answer.quotes[0].text


def test_a_question_answered_in_both_parts_is_not_called_partly_answered(
    assistant: Assistant,
) -> None:
    answer = assistant.ask(
        "サイバーのミッションはいつ来ますか。また、CBPRのワークショップはどこで開かれましたか。"
    )
    assert (answer.status, answer.reason, answer.unanswered) == ("answered", "", ())
    text = "".join(quote.text for quote in answer.quotes)
    assert "2023年9月" in text
    assert "東京" in text
