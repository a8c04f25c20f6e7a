"""Measures rankings and answers on question sets."""
