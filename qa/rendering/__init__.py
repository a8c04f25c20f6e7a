"""Answers in words, in Japanese and in English."""
