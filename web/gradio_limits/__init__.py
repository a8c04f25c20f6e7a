"""Limits what Gradio accepts to what the page sends."""
