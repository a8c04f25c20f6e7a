"""A citation names the statement and the place of a quote, in every form that is copied."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hostile import HOSTILE
from statements import quotes_from, statement_from

from corpus.records import Provenance, Statement
from qa.answers.answer import Quote
from qa.rendering.citations import citation, copied_forms, short_citation

TITLE, SHORT = "Joint Statement of the Ministers on Trade, Energy and Batteries", "Joint Statement"


@pytest.mark.parametrize(
    ("about", "whole", "short"),
    [
        ({}, "oslo", "oslo"),
        ({"date": "2023-05-01"}, "oslo, 2023-05-01", "oslo, 2023-05-01"),
        ({"status": "draft"}, "oslo (draft)", "oslo"),
        ({"title": SHORT}, f"{SHORT} · oslo", f"{SHORT} · oslo"),
        (
            {"title": SHORT, "date": "2023-05-01"},
            f"{SHORT}, 2023-05-01 · oslo",
            f"{SHORT}, 2023-05-01 · oslo",
        ),
        (
            {"title": TITLE, "date": "2023-05-01"},
            f"{TITLE}, 2023-05-01 · oslo",
            "oslo, 2023-05-01",
        ),
        (
            {"title": TITLE, "date": "2023-05-01", "status": "仮訳", "status_en": "draft"},
            f"{TITLE} (draft), 2023-05-01 · oslo",
            "oslo, 2023-05-01",
        ),
        (
            {"title": "Statement of 2023-05-01", "date": "2023-05-01"},
            *["Statement of 2023-05-01 · oslo"] * 2,
        ),
        ({"title": " Two \n lines\t"}, *["Two lines · oslo"] * 2),
        ({"title": "oslo"}, *["oslo"] * 2),
        ({"title": "日本語の題名", "title_en": SHORT}, *[f"{SHORT} · oslo"] * 2),
    ],
)
def test_a_citation_tells_which_statement_it_was(
    statement: Statement, about: dict[str, str], whole: str, short: str
) -> None:
    source = replace(statement.source, id="oslo")
    passage = statement.passages[0]
    quote = Quote.of(replace(statement, source=source), passage, passage.sentences[0], 0.5)
    provenance = Provenance(**about)
    where = f"characters {quote.start}–{quote.end}"
    place = quote.place.describe("en")
    assert citation(quote, provenance, "fr") == f"{whole} · {place} · {where}"
    assert short_citation(quote, provenance, "fr") == f"{short} · {place}"


def test_citations_in_japanese(statement: Statement) -> None:
    passage = statement.passages[0]
    quote = Quote.of(statement, passage, passage.sentences[0], 0.5)
    whole = citation(quote, statement.provenance, "ja")
    assert "共同声明（仮訳） 2023-05-26 · jucip-2023-05-26.ja · " in whole
    assert whole.endswith(f" · {quote.start}–{quote.end}文字目")
    assert short_citation(quote, statement.provenance, "ja").startswith("jucip-2023-05-26.ja · ")


def test_two_statements_of_one_title_are_told_apart(statement: Statement) -> None:
    passage = statement.passages[0]
    lines = set()
    for name, date in (("s1", "2023-05-01"), ("s2", "2024-06-07"), ("s3", "2024-06-07")):
        twin = replace(statement, source=replace(statement.source, id=name))
        quote = Quote.of(twin, passage, passage.sentences[0], 0.5)
        provenance = Provenance(title=SHORT, date=date)
        for cite in (citation, short_citation):
            line = cite(quote, provenance, "en")
            assert SHORT in line
            assert name in line
            assert date in line
            lines.add(line)
    assert len(lines) == 6


def test_a_quote_is_copied_with_its_citation() -> None:
    about = {"title": "Statement {A}", "status": "draft", "issuers": ("A and B", "C"), "venue": "X"}
    statement = statement_from("They met.\nIn \\Oslo.\n", "a b", date="2023-05-01", **about)
    quote = quotes_from(statement)[0]
    place = "Statement {A} (draft), 2023-05-01 · a b · opening, paragraph 1 · characters 0–9"
    forms = copied_forms(quote, statement.provenance, "en")
    assert forms["text"] == f"“They met.”\n{place}"
    assert forms["markdown"] == f"> They met.\n>\n> — {place}"
    title = "Statement \\textbraceleft A\\textbraceright "
    assert forms["bibtex"].splitlines() == [
        "@misc{a-b-0,",
        f"  title = {{{title}}},",
        "  author = {{A and B} and {C}},",
        "  date = {2023-05-01},",
        "  type = {draft},",
        f"  note = {{{place.replace('Statement {A}', title)}; sha256 {quote.sha256}}},",
        "  abstract = {They met.}",
        "}",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_braces_of_a_bibtex_entry_are_in_pairs(text: str) -> None:
    statement = statement_from(f"{text}。", "x", title=text, issuers=(text, text))
    entry = copied_forms(quotes_from(statement)[0], statement.provenance, "en")["bibtex"]
    depth = 0
    for sign in re.findall(r"[{}]", entry):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
