"""Comparing token vectors: MaxSim, centring, and the background questions."""
