"""Characters of scripts, as parts of a character class in a regular expression."""

from __future__ import annotations

HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u30ff"  # hiragana and katakana, without their half-width forms
