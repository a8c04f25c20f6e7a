"""Shutten within other frameworks; each needs an extra of its own."""
