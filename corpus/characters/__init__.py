"""How characters are compared and measured: folding, numerals, column widths."""
