"""How commands print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

_GAP = "  "  # between two columns
_MIN_SHORTENED = 20  # columns that a shortened cell keeps


def json_line(value: object) -> str:
    """Return a value as JSON in one line, without the line break."""
    return json.dumps(value, ensure_ascii=False)


def print_json(value: object) -> None:
    """Print a value as JSON in one line."""
    print(json_line(value))


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, shortened: int) -> None:
    """Print a table whose columns stand below each other, with wide characters too.

    Args:
        head: The names of the columns.
        rows: The cells of each row.
        shortened: The column whose cells are cut short if a row is wider than the terminal. In a
            file or a pipe, nothing is cut.
    """
    from shutil import get_terminal_size

    from corpus.characters.widths import columns, cut

    table = [list(head), *map(list, rows)]
    widths = [max(map(columns, cells)) for cells in zip(*table, strict=True)]
    if sys.stdout.isatty():
        spare = get_terminal_size().columns - sum(widths) - len(_GAP) * (len(widths) - 1)
        widths[shortened] = max(_MIN_SHORTENED, widths[shortened] + min(0, spare))
    for row in table:
        row[shortened] = cut(row[shortened], widths[shortened])
        cells = (
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        )
        print(_GAP.join(cells).rstrip())
