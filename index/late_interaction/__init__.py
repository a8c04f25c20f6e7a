"""Compares token vectors: MaxSim, token centring, and the background questions."""
