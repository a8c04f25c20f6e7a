"""Which of the parties that a text names speak in it: "in Jeddah, Saudi Arabia" names a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from corpus.facts.parties import PartyMention, find_parties
from corpus.tables import read_table

_NEAR = 120  # code points beside a party that are looked at
# So often must two parties be named together to be those of a statement: less often if the title
# names one of them.
_LEAST_PAIRS, _LEAST_WITH_TITLE = 3, 2
_CLEARLY = 2.0  # and so many times as often as the next two


def speaking_parties(words: str) -> tuple[str, ...]:
    """Return the codes of the parties that speak in the first words of a statement, in order.

    Those are left out that are named as a place ("in Jeddah, Saudi Arabia"), as what is spoken of
    ("aggression against Ukraine", "Russia's war"), or as a part of another occasion ("during the
    summit of ...").

    Args:
        words: The title or the first sentences.
    """
    mentions = find_parties(words)
    between = [words[a.span.end : b.span.start] for a, b in pairwise(mentions)]
    compound = [bool(_roles().compound.fullmatch(gap)) for gap in between]
    speaking: list[str] = []
    is_left_out = False
    for place, mention in enumerate(mentions):
        is_compound = any(compound[max(0, place - 1) : place + 1])
        is_next = place > 0 and bool(_roles().joining.fullmatch(between[place - 1]))
        if not (is_left_out and is_next):
            is_left_out = not is_compound and _is_spoken_of(words, mention)
        if not is_left_out:
            speaking.append(mention.code)
    return tuple(dict.fromkeys(speaking))


def _is_spoken_of(words: str, mention: PartyMention) -> bool:
    before = words[max(0, mention.span.start - _NEAR) : mention.span.start]
    behind = words[mention.span.end :][:_NEAR]
    return bool(_roles().before.search(before) or _roles().behind.match(behind))


def parties_named_together(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the two parties that a text names together clearly more often than any others.

    "The United States and the European Union" and "U.S.-EU" name two together. The result is empty
    if no two are named so often.

    Args:
        text: The text.
        known: Codes that both must hold, such as the only one that the title names.
    """
    pairs: Counter[tuple[str, ...]] = Counter()
    for first, second in pairwise(find_parties(text)):
        between = text[first.span.end : second.span.start]
        pair = tuple(sorted((first.code, second.code)))
        if pair[0] != pair[1] and set(known) <= set(pair) and _roles().pairs.fullmatch(between):
            pairs[pair] += 1
    best, next_best = [*pairs.most_common(2), ((), 0), ((), 0)][:2]
    least = max(_LEAST_WITH_TITLE if known else _LEAST_PAIRS, _CLEARLY * next_best[1])
    return best[0] if best[1] >= least else ()


@dataclass(frozen=True, slots=True)
class _Roles:
    """The patterns of `roles.json`."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    joining: re.Pattern[str]
    compound: re.Pattern[str]
    pairs: re.Pattern[str]


@cache
def _roles() -> _Roles:
    table = read_table(__package__, "roles.json")
    # A line may end between two words.
    either = {name: "|".join(words).replace(" ", r"\s+") for name, words in table.items()}
    place = r"(?:[^\W\d_a-z][\w.'’-]*,?\s+){0,4}"
    return _Roles(
        before=re.compile(
            rf"(?<!\w)(?:(?i:{either['before']})\s+(?:the\s+)?{place}"
            rf"|(?i:{either['occasions_before']})\b[^,;.]*)\Z"
        ),
        behind=re.compile(
            rf"(?:{either['possessives']})(?!\s+(?:{either['offices']}))|{either['behind']}"
        ),
        joining=re.compile(rf"(?:{either['joining']})+"),
        compound=re.compile(either["compound"]),
        pairs=re.compile(either["pairs"]),
    )
