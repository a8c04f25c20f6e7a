"""`shutten feedback`: the remarks of readers as a question set."""

from __future__ import annotations

from pathlib import Path

import click

from cli.exit_codes import DONE
from cli.groups import Command
from cli.options import Place, file_argument, library_options
from cli.output import json_line


@click.command(cls=Command)
@file_argument("out", "OUT.jsonl", "where the question set goes")
@library_options
def feedback(out: Path, place: Place) -> int:
    """Write what readers said of answers as a question set for `eval`."""
    from corpus.errors import ShuttenError
    from corpus.files import replacing
    from index.building.rebuilding import open_store
    from index.home import named_library
    from qa.feedback import Feedback

    store = open_store(named_library(*place))
    remarks = Feedback(store.home, store.statement)
    rows = [json_line(row) for row in remarks.questions()]
    if not rows:
        raise ShuttenError(f"{store.name}: no remark says what answers a question yet")
    with replacing(out) as file:
        file.write(("\n".join(rows) + "\n").encode("utf-8", "backslashreplace"))
    print(f"{out}: {len(rows)} questions, of {len(remarks.remarks())} remarks")
    return DONE
