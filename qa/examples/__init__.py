"""Questions to begin with, made from the statements that are there."""
