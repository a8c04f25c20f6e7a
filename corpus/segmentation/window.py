"""The input window of the model, in tokens, and the largest parts of an input.

The package `corpus` uses no model, so tokens are estimated here from the text alone.
"""

from __future__ import annotations

from corpus.characters.widths import is_wide

# Tokens that the bundled model reads at once. Longer texts are read in several windows.
WINDOW = 512
# Tokens of a question that is read together with a sentence.
QUESTION_TOKENS = 160
# Estimated tokens of one passage. The estimate may be too low by a third.
PASSAGE_TOKENS = 320
# Characters of the parent bullet that is read before an item.
CONTEXT_CHARACTERS = 600


def estimated_tokens(text: str) -> int:
    """Estimate the number of subword tokens: one per wide character, one per three others."""
    wide = 0 if text.isascii() else sum(map(is_wide, text))
    return wide + (len(text) - wide + 2) // 3
