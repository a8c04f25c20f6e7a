"""Statements that readers add, correct and remove in the page, where the operator allows it."""
