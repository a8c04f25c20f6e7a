"""Checks words against a statement: kept quotes, and claims from elsewhere."""
