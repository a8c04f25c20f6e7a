"""Retrievers for other frameworks. Each needs an extra of its own."""
