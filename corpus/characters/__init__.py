"""Characters and how they are compared: folding, numbers in kanji, widths."""
