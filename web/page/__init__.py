"""The page that Gradio serves."""
