"""Reads the words of a statement from a web page, without the rest of the page."""
