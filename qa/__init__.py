"""Answers: quoting, abstaining, conversation, rendering, evaluation, command line."""
