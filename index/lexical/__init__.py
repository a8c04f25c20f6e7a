"""Searches for words: search terms and BM25."""
