"""Models that encode texts: the bundled one with its adapters, and any other."""
