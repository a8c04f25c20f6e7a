"""Facts that are read from a file: its front matter, its title and its first lines."""

from __future__ import annotations

import pytest
from project import BESIDE

from corpus.facts.cards import card_text
from corpus.facts.reading import complete
from corpus.library import load_statement
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.front_matter import front_matter_end, read_front_matter
from corpus.segmentation.parsing import parse

HEAD = """---
title: "U.S.-India Joint Leaders\\u2019\\_Statement"
date: '2025-02-13'
source_url: https://example.org/statement
---
"""
BODY = "The leaders met in Washington. They welcomed the launch of a new programme.\n"


def facts(text: str, provenance: Provenance | None = None) -> Provenance:
    return complete(provenance or Provenance(), Source("", text.encode()), parse(text))


def test_facts_come_from_the_front_matter_and_the_title() -> None:
    found = facts(HEAD + BODY)
    assert found.title == "U.S.-India Joint Leaders’ Statement"
    assert (found.date, found.url) == ("2025-02-13", "https://example.org/statement")
    assert (found.parties, found.kind) == (("US", "IN"), "joint statement")
    assert found.origins["title"] == found.origins["date"] == "head"
    assert found.origins["parties"] == "title"


def test_a_toml_head_is_read_too() -> None:
    text = '+++\ntitle = "Declaration"\ndate = 2024-05-01\n+++\n' + BODY
    assert (facts(text).title, facts(text).date) == ("Declaration", "2024-05-01")
    assert parse(text)[0].span.start >= front_matter_end(text) > 0


def test_what_was_recorded_is_never_changed() -> None:
    found = facts(HEAD + BODY, Provenance(title="Mine", date="2020-01-01"))
    assert (found.title, found.date) == ("Mine", "2020-01-01")
    assert found.origins["title"] == "recorded"


def test_facts_are_read_again_from_another_text() -> None:
    first = facts(HEAD + BODY)
    again = facts(HEAD.replace("2025-02-13", "2025-02-14") + BODY, first)
    assert again.date == "2025-02-14"


def test_facts_come_from_the_first_lines() -> None:
    text = "共同声明\n\n令和5年5月26日、日米両国の大臣は会談した。仮訳である。\n"
    found = facts(text)
    assert (found.title, found.date) == ("共同声明", "2023-05-26")
    assert (found.parties, found.kind) == (("JP", "US"), "joint statement")


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Third High-Level Economic and Security Dialogue", "3"),
        ("First Steps toward a Dialogue", ""),
        ("Joint Statement", "1"),
    ],
)
def test_the_text_is_not_asked_for_a_number_if_the_title_has_an_ordinal(
    title: str, number: str
) -> None:
    text = f"# {title}\n\nThe ministers held the first meeting of the council. They agreed.\n"
    assert facts(text).number == number


def test_a_title_has_no_marks_of_markdown() -> None:
    text = "## **Joint Declaration of <u>Rome</u>**\n\nThe leaders met in Rome today.\n"
    assert facts(text).title == "Joint Declaration of Rome"


@pytest.mark.parametrize(
    "opening",
    [
        "Between 1 May 2023 and 2 May 2024 they met.",  # two days
        "They met in May 2023.",
        "The thirtieth of February came.",
    ],
)
def test_a_doubtful_date_is_left_empty(opening: str) -> None:
    assert facts(opening).date == ""


@pytest.mark.parametrize("head", ["---\ntitle: [\n---\n", "---\n- a\n---\n", "+++\nx\n+++\n"])
def test_a_head_that_cannot_be_read_gives_no_facts(head: str) -> None:
    assert read_front_matter(head + BODY) == {}
    assert facts(head + BODY).title == ""


def test_an_address_that_is_none_is_left_out() -> None:
    assert facts("---\nsource_url: javascript:alert(1)\n---\n" + BODY).url == ""


def test_the_card_holds_the_title_and_the_opening(statement: Statement) -> None:
    card = card_text(statement)
    assert statement.provenance.title in card
    assert "\n" not in card


# The file, the parties and the number of the meeting.
REAL = [
    ("2023-05-31-u-s-eu-joint-statement-of-the-trade-and-technology-council-2", "US EU", "4"),
    ("2024-09-17-joint-leaders-statement-to-mark-the-third-anniversary-of-aukus", "AUKUS", "3"),
    ("2023-04-26-washington-declaration-2", "US KR", "70"),
    ("2023-11-17-2023-apec-leaders-golden-gate-declaration", "APEC", ""),
]


# A clone alone does not have these statements, and then there is no case, as in the other tests
# that read them.
@pytest.mark.parametrize(("name", "parties", "number"), REAL if BESIDE.is_dir() else [])
def test_facts_of_real_statements(name: str, parties: str, number: str) -> None:
    found = load_statement(BESIDE / f"{name}.md").provenance
    assert (" ".join(found.parties), found.number, found.date) == (parties, number, name[:10])
