"""Accounts and limits: which requests are let in, how many, how often, and how large."""
