"""Measures answers on question sets."""
