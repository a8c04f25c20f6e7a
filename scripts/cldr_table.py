"""Write `corpus/facts/cldr.json`: the names of months and countries in the Unicode CLDR.

    python scripts/cldr_table.py [FILE]

They are kept in a file of the project because the library that has them takes a tenth of a second
to read them, and because another version of it would read other names in the same statement.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import get_month_names

from corpus.facts.cldr import LANGUAGES

TARGET = Path(__file__).parents[1] / "corpus" / "facts" / "cldr.json"
_ABOUT = "Names in the Unicode CLDR (Unicode License v3), written by scripts/cldr_table.py."


def cldr_table() -> dict[str, Any]:
    """Return the numbers of months by name, and the names of territories by language and code.

    The names of months are in small letters, without the full stop of an abbreviation.
    """
    months: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_month_names(width, context, Locale(language))
                months |= {name.casefold().rstrip("."): number for number, name in names.items()}
    territories = {language: Locale(language).territories.items() for language in LANGUAGES}
    return {
        "about": _ABOUT,
        "months": months,
        **{
            language: {code: name for code, name in sorted(names) if code.isalpha()}
            for language, names in territories.items()
        },
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    lines = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in cldr_table().items()
    ]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
