"""Word search: terms and BM25."""
