"""Compares words with a statement: the quotes of kept answers, and claims from elsewhere."""
