"""Cuts the text of a statement into passages and sentences, as offsets."""
