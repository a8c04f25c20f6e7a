"""Search keys: the words of a text, normalised for look-up. The text itself is never changed."""

from __future__ import annotations

import re

from corpus.characters.folding import fold

# A space between two words of Japanese keeps them apart; a line break does not.
KINDS = ("markup", "invisible", "signs", "forms", "eras", "breaks")
# Scripts written without spaces are keyed by overlapping pairs of characters.
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1100-\u11ff\uac00-\ud7af"  # Hangul: spaced, but its particles cling to the words
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana and iteration marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|\u0300-\u036f)*")
_SPACED = re.compile(rf"[^{_UNSPACED}]")


def search_terms(text: str) -> list[str]:
    """Terms of `text` in order, repeats included: character pairs for unspaced scripts, else words.

    The text is folded first, and case with it, so `ｵｰﾌﾟﾝＲＡＮ`, `オー` and `プンRAN` on two lines,
    and `オープンRAN` have the same terms.
    """
    key = fold(text, kinds=KINDS).key.casefold()
    terms: list[str] = []
    for run in _RUN.findall(key):
        if _SPACED.match(run):
            terms.append(run)
        else:
            terms.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return terms
