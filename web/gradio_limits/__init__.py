"""Limits Gradio to the requests and the work that the page needs."""
