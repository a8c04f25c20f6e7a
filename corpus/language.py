"""The language of a text: by its script where that is enough, else by py3langid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
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
_CANDIDATES = "ar cs de en es fa fi fr hi hu id it ja nl pl pt ro ru sv tr uk vi zh"
# Words of English alone. Two of them tell it at once, without py3langid, which is slow to load.
_ENGLISH = re.compile(
    r"\b(?:the|what|which|who|whom|whose|when|where|why|how|does|did|were|have|been|about|of|their|"
    r"agreed?|said|says?|and|with|this|that|they|from)\b",
    re.IGNORECASE,
)
_ENGLISH_WORDS = 2
_HAN_ONLY = re.compile(r"[\u3400-\u9fff\s\W\d]+")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_HAN = 8
_REMEMBERED = 256  # texts; each question is looked at several times
# Of a statement: passages with so many letters are looked at, so many of them, and the language
# must have this share of at least so many letters.
_PASSAGE_LETTERS, _MAX_PASSAGES, _MAIN_SHARE, _MIN_LETTERS = 40, 60, 0.8, 100


@lru_cache(_REMEMBERED)
def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of a text; `en` where the text is too short."""
    for language, script in _SCRIPTS:
        if script.search(text):
            return language
    if not _LETTER.search(text):
        return "en"
    if text.isascii() and sum(not word.isupper() for word in _WORD.findall(text)) < 2:
        return "en"  # an acronym, a name, a number
    if text.isascii() and len(_ENGLISH.findall(text)) >= _ENGLISH_WORDS:
        return "en"
    if len(text.strip()) <= _SHORT_HAN and _HAN_ONLY.fullmatch(text) and _in_jis(text):
        return "ja"  # 量子技術 is the same in Japanese and Chinese; most statements are in Japanese
    return _classified(text, _CANDIDATES)


def main_language(passages: Iterable[str]) -> str:
    """Return the ISO 639-1 code of the language that a text is written in.

    It is empty where that is doubtful: the text is short, or it is in several languages.

    Args:
        passages: The passages of the text. Short ones do not count.
    """
    letters: Counter[str] = Counter()
    long = ((text, len(_LETTER.findall(text))) for text in passages)
    counted = ((text, count) for text, count in long if count >= _PASSAGE_LETTERS)
    for text, count in islice(counted, _MAX_PASSAGES):
        by_script = (language for language, script in _SCRIPTS if script.search(text))
        letters[next(by_script, "") or _classified(text)] += count
    if letters.total() < _MIN_LETTERS:
        return ""
    ((language, count),) = letters.most_common(1)
    is_main = count >= _MAIN_SHARE * letters.total()
    return language if is_main and len(language) == 2 else ""


def _in_jis(text: str) -> bool:
    try:
        text.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True


def _classified(text: str, candidates: str = "") -> str:
    """Return the most likely of some languages, of all that py3langid knows if omitted."""
    language, _ = _identifier(candidates).classify(text)
    return str(language)


@cache
def _identifier(candidates: str) -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    if candidates:
        identifier.set_languages(candidates.split())
    return identifier
