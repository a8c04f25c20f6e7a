"""Reads a PDF: characters with their places, lines, columns, furniture, blocks, and the text."""
