"""The language of a question: by its script where that is enough, else by py3langid."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Scripts that belong to one language. They are tried in this order.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")),
    ("ko", re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)
# With fewer candidates, fewer short questions are taken for a related language.
_CANDIDATES = "ar cs de en es fa fi fr hi hu id it ja nl pl pt ro ru sv tr uk vi zh".split()
_HAN_ONLY = re.compile(r"[\u3400-\u9fff\s\W\d]+")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_HAN = 8


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of a text; `en` where the text is too short."""
    for language, script in _SCRIPTS:
        if script.search(text):
            return language
    if not _LETTER.search(text):
        return "en"
    if text.isascii() and sum(not word.isupper() for word in _WORD.findall(text)) < 2:
        return "en"  # an acronym, a name, a number
    if len(text.strip()) <= _SHORT_HAN and _HAN_ONLY.fullmatch(text) and _in_jis(text):
        return "ja"  # 量子技術 is the same in Japanese and Chinese; most statements are in Japanese
    language, _ = _identifier().classify(text)
    return str(language)


def _in_jis(text: str) -> bool:
    try:
        text.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_CANDIDATES)
    return identifier
