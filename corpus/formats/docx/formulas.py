"""Formulas (Office Math) as a line of text: `10⁹`, `a/b`, `√(x)`."""

from __future__ import annotations

from corpus.formats.docx.markup import Element, child, name

_FRACTION, _NUMERATOR, _DENOMINATOR = name("m:f"), name("m:num"), name("m:den")
_DELIMITED, _DELIMITERS = name("m:d"), name("m:dPr")
_OPENING, _CLOSING, _CHARACTER = name("m:begChr"), name("m:endChr"), name("m:val")
_ROOT, _DEGREE, _ARGUMENT = name("m:rad"), name("m:deg"), name("m:e")
_SUM, _SUM_PROPERTIES, _SUM_SIGN = name("m:nary"), name("m:naryPr"), name("m:chr")
RAISED = (name("m:sup"), _DEGREE)  # exponents, upper limits of sums and degrees of roots
FORMULAS = (_FRACTION, _DELIMITED, _ROOT, _SUM)


def as_line(element: Element) -> list[Element | str]:
    """Return a part of a formula in one line: its own parts, and the signs that Word draws.

    Args:
        element: An element with a tag of `FORMULAS`.
    """
    if element.tag == _FRACTION:
        numerator, denominator = child(element, _NUMERATOR), child(element, _DENOMINATOR)
        parts = [part for part in (numerator, denominator) if part is not None]
        return [parts[0], "/", *parts[1:]] if len(parts) == 2 else [*parts]
    arguments = [part for part in element if part.tag == _ARGUMENT]
    if element.tag == _ROOT:
        return [*(part for part in element if part.tag == _DEGREE), "√(", *arguments, ")"]
    if element.tag == _SUM:
        sign = child(child(element, _SUM_PROPERTIES), _SUM_SIGN)
        return [_sign(sign, "∫"), *element]
    properties = child(element, _DELIMITERS)
    opening, closing = child(properties, _OPENING), child(properties, _CLOSING)
    return [_sign(opening, "("), *arguments, _sign(closing, ")")]


def _sign(element: Element | None, usual: str) -> str:
    return usual if element is None else element.get(_CHARACTER) or ""
