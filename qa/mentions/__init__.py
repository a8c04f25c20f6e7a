"""The numbers and names that a text mentions."""
