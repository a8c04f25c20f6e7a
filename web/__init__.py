"""The web server: the page for readers, and the interfaces for programs. `ui.py` starts it."""

import os

# Gradio and its libraries read these variables while they are imported. With them, no call leaves
# this machine. NO_PROXY matters where HTTP_PROXY is set: without it, Gradio would ask the proxy for
# 127.0.0.1 when it starts.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Otherwise Gradio builds a table of timings with pandas at every event. Nobody sees this table.
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
