"""How characters are compared and measured: folding, numbers in kanji, column widths."""
