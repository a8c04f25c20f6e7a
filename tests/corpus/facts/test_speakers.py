"""Leaders and ministers, and the occasion, are read only where they are named plainly."""

from __future__ import annotations

import pytest

from corpus.facts.reading import complete
from corpus.facts.speakers import find_signatories, occasion_of_sentence, occasion_of_title
from corpus.records import Provenance, Source
from corpus.segmentation.parsing import parse


@pytest.mark.parametrize(
    ("sentence", "parties", "signatories"),
    [
        (
            "President Yoon Suk Yeol welcomes President Joseph R. Biden, Jr. to Seoul.",
            "KR US",
            ["President Yoon Suk Yeol", "President Joseph R. Biden, Jr."],
        ),
        (
            "Today President Joseph R. Biden Jr. of the United States (U.S.) and\nPresident Yoon "
            "Suk Yeol of the Republic of Korea (ROK) met in Washington.",
            "US KR",
            ["President Joseph R. Biden Jr.", "President Yoon Suk Yeol"],
        ),
        (
            "On 13 February 2025, the President of the United States of America, The Honorable "
            "Donald J. Trump hosted the Prime Minister of India, Shri Narendra Modi.",
            "US IN",
            [
                "President of the United States of America, The Honorable Donald J. Trump",
                "Prime Minister of India, Shri Narendra Modi",
            ],
        ),
        (
            "European Commission President Ursula von der Leyen and Prime Minister KISHIDA Fumio "
            "met.",
            "EU JP",
            [],  # what stands before the first person is not only a country
        ),
        (
            "President Ursula von der Leyen and Prime Minister KISHIDA Fumio met.",
            "EU JP",
            ["President Ursula von der Leyen", "Prime Minister KISHIDA Fumio"],
        ),
        (
            "2023年5月26日、西村康稔経済産業大臣とジーナ・レモンド商務長官は、会合を開催した。",
            "JP US",
            ["西村康稔経済産業大臣", "ジーナ・レモンド商務長官"],
        ),
        (
            "岸田文雄内閣総理大臣とジョセフ・バイデン米国大統領は、会談した。",
            "JP US",
            ["岸田文雄内閣総理大臣", "ジョセフ・バイデン米国大統領"],
        ),
    ],
)
def test_persons_who_begin_the_first_sentence(
    sentence: str, parties: str, signatories: list[str]
) -> None:
    assert find_signatories(sentence, parties.split()) == tuple(signatories)


@pytest.mark.parametrize(
    ("sentence", "parties"),
    [
        ("The leaders met in Washington.", "US IN"),
        ("President Joe Biden addressed the nation.", "US IN"),
        ("President Joe Biden and Prime Minister Rishi Sunak met.", "US GB AU"),
        (
            "Following talks of President Joe Biden and Prime Minister Rishi Sunak, we agree.",
            "US GB",
        ),
        ("President Biden and Prime Minister Modi met.", "US IN"),
        ("日韓外相は会談し、米国大統領とインド首相は歓迎した。", "JP KR"),
        ("両国首相と各国外務大臣は会談した。", "JP KR"),
        ("昨年の岸田文雄内閣総理大臣とジョセフ・バイデン大統領の会談を受けて", "JP US"),
        ("", ""),
    ],
)
def test_doubtful_persons_are_left_out(sentence: str, parties: str) -> None:
    assert find_signatories(sentence, parties.split()) == ()


@pytest.mark.parametrize(
    ("sentence", "occasion"),
    [
        (
            "We gather on the occasion of the ASEAN-U.S. Special Summit, the first one.",
            "ASEAN-U.S. Special Summit",
        ),
        (
            "They met to mark the 70th anniversary of the Alliance.",
            "70th anniversary of the Alliance",
        ),
        ("日米安保条約60周年に際し、両首脳は会談した。", "日米安保条約60周年"),
        ("Réunis à l’occasion du sommet de Paris, nous", "sommet de Paris"),
        ("They met to mark the 70<sup>th</sup> anniversary.", ""),
        ("To mark the treaty, and on the occasion of the summit, they met.", ""),
        ("They met.", ""),
    ],
)
def test_the_occasion_of_a_sentence(sentence: str, occasion: str) -> None:
    assert occasion_of_sentence(sentence) == occasion


def test_the_occasion_of_a_title() -> None:
    title = "Joint Leaders Statement to Mark the Third Anniversary of AUKUS"
    assert occasion_of_title(title) == "Third Anniversary of AUKUS"
    assert occasion_of_title("Joint Statement on Trade") == ""


def test_the_facts_say_where_they_were_found() -> None:
    text = (
        "Statement to Mark the Treaty\n\nPresident Yoon Suk Yeol and Prime Minister KISHIDA Fumio "
        "met in Tokyo.\n"
    )
    found = complete(Provenance(), Source("", text.encode()), parse(text))
    assert found.signatories == ("President Yoon Suk Yeol", "Prime Minister KISHIDA Fumio")
    assert (found.origins["signatories"], found.origins["occasion"]) == ("text", "title")
    headed = f"---\nsignatories: [A, B]\noccasion: X\n---\n{text}"
    found = complete(Provenance(), Source("", headed.encode()), parse(headed))
    assert (found.signatories, found.occasion) == (("A", "B"), "X")
    assert found.origins["signatories"] == found.origins["occasion"] == "head"
