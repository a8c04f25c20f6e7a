"""Search terms: the words of a text in a form that can be compared."""

from __future__ import annotations

import re

from corpus.characters.folding import fold
from corpus.records import Passage, Statement

# Blanks are not folded away, because a space between two Japanese words separates them. Line
# breaks are, because they may stand within a word.
_KINDS = ("markup", "invisible", "signs", "forms", "eras", "breaks")
_UNSPACED = (  # scripts in which words are not separated by spaces
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1100-\u11ff\uac00-\ud7af"  # Hangul has spaces, but particles are written onto the words
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana and iteration marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|\u0300-\u036f)*")
_SPACED = re.compile(rf"[^{_UNSPACED}]")


def sentence_terms(statement: Statement, passage: Passage) -> list[list[str]]:
    """Return the search terms of each sentence of a passage."""
    text = statement.source.text
    return [search_terms(sentence.of(text)) for sentence in passage.sentences]


def search_terms(text: str) -> list[str]:
    """Return the search terms of a text in order, with repetitions.

    Terms are words, or overlapping pairs of characters in scripts without spaces. The text is
    folded first, and case is ignored. So `ｵｰﾌﾟﾝＲＡＮ` has the same terms as `オープンRAN`, and as
    `オー` and `プンRAN` on two lines.
    """
    key = fold(text, kinds=_KINDS).key.casefold()
    terms: list[str] = []
    for run in _RUN.findall(key):
        if _SPACED.match(run):
            terms.append(run)
        else:
            terms.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return terms
