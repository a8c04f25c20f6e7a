"""For tests of adding files in the page: dropping and choosing files, and their rows."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ADD = ".adder .add"
PREVIEW = "dialog.preview"
# Drags files over an element and drops them there, as a browser does with files of a folder.
_DRAG = """([selector, files, types]) => {
  const data = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), sign => sign.charCodeAt(0));
    data.items.add(new File([bytes], name));
  }
  const target = document.querySelector(selector);
  return types.map(type => target.dispatchEvent(
    new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data })));
}"""


def drag(
    page: Page, files: list[tuple[str, bytes]], selector: str = ".library", *types: str
) -> list[bool]:
    """Drag files over an element and drop them; return for each event if nobody handled it."""
    content = [(name, base64.b64encode(data).decode()) for name, data in files]
    events = list(types) or ["dragenter", "dragover", "drop"]
    return list(page.evaluate(_DRAG, [selector, content, events]))


def choose(page: Page, *paths: Path) -> None:
    """Choose files with the button."""
    with page.expect_file_chooser() as chooser:
        page.click(ADD)
    chooser.value.set_files(list(paths))


def row_of(page: Page, name: str) -> Locator:
    """Return the row of a file."""
    return page.locator(".upload", has=page.locator(".file", has_text=name))


def wait_for(page: Page, name: str, state: str) -> Locator:
    """Wait until the row of a file is in a state, and return the row."""
    row = row_of(page, name)
    expect(row).to_have_attribute("data-state", state)
    return row


def field(page: Page, label: str, dialog: str = PREVIEW) -> Locator:
    """Return a field of the open form."""
    return page.locator(dialog).get_by_label(label, exact=True)
