"""The page and the programs' interfaces: what `ui.py` serves."""

import os

# Read by gradio and its libraries while they are imported: no call leaves this machine, and
# with HTTP_PROXY in the environment the launch does not ask the proxy for 127.0.0.1.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Otherwise every event rebuilds, with pandas, a table of timings that nobody sees.
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
