"""Changing a data folder: adding and removing statements, rebuilding, checking."""
