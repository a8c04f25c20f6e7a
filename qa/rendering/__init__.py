"""Answers as text: for the terminal, as Markdown, and the structure that HTML shares with them."""
