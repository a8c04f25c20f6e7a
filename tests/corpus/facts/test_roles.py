"""Which of the parties that a text names speak in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.parties import find_parties
from corpus.facts.roles import parties_named_together, speaking_parties

SPEAKING = {
    "Joint Statement by the G7 Announcing Further Economic Costs on Russia": ("G7",),
    "President Biden met with Egyptian President Sisi in Jeddah, Saudi Arabia to reaffirm the "
    "U.S.-Egypt partnership": ("EG", "US"),
    "The Prime Ministers of Cambodia and Thailand, meeting in Putrajaya, Malaysia": ("KH", "TH"),
    "The President of Kenya met the King of Jordan during the Summit of the United States and the "
    "Gulf Cooperation Council (GCC) and Egypt, Iraq, and Oman": ("KE", "JO"),
    "We condemn Russia’s war of aggression against Ukraine and Moldova": (),
    "After the invasion of Ukraine, the leaders of France and Germany met": ("FR", "DE"),
    "India’s Prime Minister and Japan’s Foreign Minister": ("IN", "JP"),
    "Joint Statement on the U.S.-Ukraine Strategic Partnership": ("US", "UA"),
    "Joint Leaders Statement on AUKUS": ("AUKUS",),
    "Joint Communiqué on Japan and Chile": ("JP", "CL"),
    "Dichiarazione congiunta di Italia e Giappone": ("IT", "JP"),
    "Japan’s Joint Statement with Norway": ("JP", "NO"),
    "Déclaration conjointe de la France et du Canada sur la guerre contre l’Ukraine": ("FR", "CA"),
    "ロシアによる侵略を受け、日英両国の首脳は、広島において会談した": ("JP", "GB"),
    "日米両閣僚は、ウクライナ情勢を協議し、中国への懸念を示した": ("JP", "US"),
    "한국과 일본 정상은 우크라이나에 대한 침략을 규탄하였다": ("KR", "JP"),
}


@pytest.mark.parametrize(("words", "codes"), SPEAKING.items())
def test_only_those_that_speak_are_parties(words: str, codes: tuple[str, ...]) -> None:
    assert speaking_parties(words) == codes


@given(st.lists(st.sampled_from(["Japan", "in Norway", "against Chile", "U.S.-Kenya", "and", ","])))
def test_those_that_speak_are_named(words: list[str]) -> None:
    text = " ".join(words)
    speaking = speaking_parties(text)
    assert set(speaking) <= {mention.code for mention in find_parties(text)}
    assert len(set(speaking)) == len(speaking)


TOGETHER = [
    ("The United States and the European Union act. The U.S.-EU talks. US-EU trade.", (), "EU US"),
    ("The US and the EU act. The U.S.-EU talks.", (), ""),  # too seldom
    ("The US and the EU act. The U.S.-EU talks.", ("EU",), "EU US"),
    ("The US and the EU act. The U.S.-EU talks.", ("JP",), ""),
    ("US-EU, US-EU, US-EU, Japan and Chile, Japan and Chile.", (), ""),  # not clearly more often
    ("日米両国。日米首脳。日米協力。", (), "JP US"),
]


@pytest.mark.parametrize(("text", "known", "codes"), TOGETHER)
def test_two_parties_are_named_together(text: str, known: tuple[str, ...], codes: str) -> None:
    assert parties_named_together(text, known) == tuple(codes.split())
