"""What Gradio opens and nothing here needs: shut."""

from __future__ import annotations

import re

from gradio import processing_utils

from web.gradio_limits.fields import NAME
from web.gradio_limits.uploads import ROOT

# What the page and `gradio_client` ask for. Not among it: files by path or address, proxying,
# streams, editing by a language model.
_NEEDED = re.compile(
    rf"{ROOT}/(?:info|upload|upload_progress|startup-events|app_id|cancel|reset"
    rf"|heartbeat/{NAME}|queue/(?:join|data)|call/ask(?:/{NAME})?)/?"
)


def needed(path: str) -> bool:
    """Whether a path is one of Gradio's that something here asks for, or none of Gradio's."""
    return not path.startswith(ROOT) or _NEEDED.fullmatch(path) is not None


def refuse_downloads() -> None:
    """Keep Gradio from fetching a "file" whose path is an address, as any request may name one."""

    async def refuse(url: str, cache_dir: str) -> str:
        del cache_dir
        raise ValueError(f"{url[:100]}: nothing is fetched from elsewhere")

    processing_utils.async_ssrf_protected_download = refuse
