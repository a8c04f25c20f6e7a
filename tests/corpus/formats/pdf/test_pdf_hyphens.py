"""A hyphen at the end of a line is left out if it parts a word, and stays if it belongs to it."""

from __future__ import annotations

import pytest

from corpus.formats.pdf.hyphens import Hyphens

# Lines of a document that parts words, and of one that parts none.
PARTING = [
    "the two sides will co-",
    "operate in ports, and in-",
    "crease the training of those",
    "who run them, on sched-",
    "ule, with more cooper-",
    "ation and with long-term plans",
]
WHOLE = ["the two sides will cooperate in ports,", "and train all who run them on the land"]
# The end of a line, the beginning of the next one, and both joined: in a document that parts words.
PARTED = {
    "a part that is no word": ("a commit-", "ment to it", "a commitment to it"),
    "a prefix before no word": ("re-", "sponse to it", "response to it"),
    "the word stands elsewhere": ("the train-", "ing of all", "the training of all"),
    "a first capital": ("Tech-", "nologies are", "Technologies are"),
}
# In any document.
ALWAYS = {
    "a soft hyphen": ("co\u00ad", "operate", "cooperate"),
    "a hyphen of a browser": ("commit‐", "ment", "commitment"),
    "the word stands elsewhere": ("coope-", "rate", "cooperate"),
    "wrapped between words": ("two sides", "will meet", "two sides will meet"),
    "a dash": ("they met -", "in Kobe", "they met - in Kobe"),
    "a long dash": ("they met—", "in Kobe", "they met—in Kobe"),
    "a slash": ("and/", "or", "and/or"),
    "the rest stands for both": ("low-", "and middle-income", "low- and middle-income"),
    "Japanese": ("共同", "声明", "共同声明"),
    "Japanese and Latin": ("日本と", "ASEAN", "日本とASEAN"),
    "a Japanese stop": ("した。", "また", "した。また"),
    "Korean": ("한국", "정부", "한국 정부"),
}
# In any document: the hyphen belongs to the word.
KEPT = {
    "a word of the document": ("a long-", "term plan", "a long-term plan"),
    "a usual first part": ("high-", "voltage lines", "high-voltage lines"),
    "a usual second part": ("water-", "related", "water-related"),
    "a suffix": ("climate-", "resilient", "climate-resilient"),
    "a name": ("Indo-", "Pacific", "Indo-Pacific"),
    "letters of a name": ("NATO-", "backed forces", "NATO-backed forces"),
    "a number": ("COVID-", "19", "COVID-19"),
    "digits before": ("10-", "year plans", "10-year plans"),
    "a prefix before a word": ("pre-", "ports talks", "pre-ports talks"),
    "an adverb": ("newly-", "ports", "newly-ports"),
    "both parts are words": ("training-", "plans", "training-plans"),
}
ROWS = (
    [("parting", name, *row) for name, row in (PARTED | ALWAYS | KEPT).items()]
    + [
        ("whole", name, *row)
        for name, row in (ALWAYS | KEPT).items()
        if name != "a word of the document"
    ]
    + [("whole", "nothing is parted", "a commit-", "ment", "a commit-ment")]
)


@pytest.mark.parametrize(("document", "name", "before", "after", "joined"), ROWS)
def test_joint(document: str, name: str, before: str, after: str, joined: str) -> None:
    lines = {"parting": [*PARTING, "cooperate, ports, training, plans"], "whole": WHOLE}[document]
    joint = Hyphens([*lines, before, after]).joint(before, after)
    assert before[: len(before) - joint.drop] + joint.between + after == joined


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["a co-", "mit-", "ment to de-", "velop"], True),
        (["a long-", "term plan", "of all"], False),
        (
            ["a multi-", "party, long-term, far-reaching, two-", "sided, well-known plan"],
            False,
        ),
        ([], False),
    ],
)
def test_documents_that_part_words(lines: list[str], parts: bool) -> None:
    assert Hyphens(lines).joint("estab-", "lish").drop == parts
