"""Answers as data: quotes, places and facts."""
