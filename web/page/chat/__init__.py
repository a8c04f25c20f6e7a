"""The first tab: questions and answers."""
