"""Closes the addresses of Gradio that nothing here needs."""

from __future__ import annotations

import re

from gradio import processing_utils

from web.gradio_limits.fields import NAME
from web.gradio_limits.uploads import GRADIO_ROOT

# The addresses that the page and `gradio_client` use. Gradio also offers files by path or address,
# a proxy, streams, and editing of the page by a language model. These stay closed.
_ALLOWED = re.compile(
    rf"{GRADIO_ROOT}/(?:info|upload|upload_progress|startup-events|app_id|cancel|reset"
    rf"|heartbeat/{NAME}|queue/(?:join|data)|call/ask(?:/{NAME})?)/?"
)


def is_allowed_path(path: str) -> bool:
    """Tell whether a path is outside of Gradio's addresses, or one of them that is needed."""
    return not path.startswith(GRADIO_ROOT) or _ALLOWED.fullmatch(path) is not None


def refuse_downloads() -> None:
    """Keep Gradio from downloading a "file" whose path is a web address.

    Any request could name such a file.
    """

    async def refuse(url: str, cache_dir: str) -> str:
        del cache_dir
        raise ValueError(f"{url[:100]}: nothing is fetched from elsewhere")

    processing_utils.async_ssrf_protected_download = refuse
