"""Segments: files that hold what a model made of some statements, and their words.

A segment never changes after it was written. A change of the data adds a segment, and several small
segments are merged into a larger one now and then.
"""
