"""Dates in a text, in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts import dates
from corpus.facts.cldr import month_names
from corpus.facts.dates import find_dates, parse_day

DAYS = {
    "May 19-21, 2023": "2023-05-21",
    "令和5年5月26日": "2023-05-26",
    "2023年5月26日": "2023-05-26",
    "le 13 février 2025": "2025-02-13",
    "13. Februar 2025": "2025-02-13",
    "2 de junio de 2023": "2023-06-02",
    "2023년 6월 22일": "2023-06-22",
    "10 мая 2023 г.": "2023-05-10",
    "12-13 May 2022": "2022-05-13",
    "4 and 5 April 2024": "2024-04-05",
    "26<sup>th</sup> day of April, 2023": "2023-04",
    "2023-05-26": "2023-05-26",
    "1.2.2023": "2023-02-01",
}
MONTHS = {
    "June 2023": "2023-06",
    "juin 2023": "2023-06",
    "2023年六月": "2023-06",
    "tháng 6 năm 2023": "2023-06",
    "tháng 5/2016": "2016-05",
    "in 2030": "2030",
    "Reiwa 5": "2023",
}


@pytest.mark.parametrize(("text", "known"), [*DAYS.items(), *MONTHS.items()])
def test_a_date_is_read(text: str, known: str) -> None:
    assert [mention.iso for mention in find_dates(f"– {text} –")] == [known]


@pytest.mark.parametrize(
    "text", ["may it be so", "5G", "14257", "$2023", "第2回", "1.5", "", "2023 million"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_a_month_without_a_year_has_none() -> None:
    (mention,) = find_dates("6月の声明")
    assert (mention.year, mention.month, mention.iso) == (0, 6, "")
    assert mention.agrees("2023-06-22")
    assert not mention.agrees("2023-07-01")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Washington, 22 June 2023", "2023-06-22"),
        ("22 June 2023 and 23 June 2023", ""),
        ("31 February 2023", ""),
        ("June 2023", ""),
    ],
)
def test_one_day_of_the_calendar(text: str, day: str) -> None:
    assert parse_day(text) == day


@given(st.text(max_size=60))
def test_spans_are_in_order_and_within_the_text(text: str) -> None:
    mentions = find_dates(text)
    ends = [0, *(mention.span.end for mention in mentions)]
    assert all(end <= mention.span.start for end, mention in zip(ends, mentions, strict=False))
    assert ends[-1] <= len(text)


PIECES = [
    *month_names(),
    *"年月日년월일 ./-,;０5五十令和元R",
    "2023",
    "tháng ",
    "st",
    "MAY",
    "Août",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_only_texts_without_dates_are_left_out(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_dates(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_may_have_dates", lambda key: True)
        assert find_dates(text) == found
