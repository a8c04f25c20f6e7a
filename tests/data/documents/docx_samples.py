"""Makes the Word files of the tests again: `python tests/data/documents/docx_samples.py [NAME...]`.

Needs python-docx; some are made by LibreOffice (`soffice`) and pandoc. Beside each NAME.docx stands
NAME.txt, the text that a perfect reader gives.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "corpus" / "formats"))  # docx_packing

from docx_sources import lists, marks, programs
from docx_sources.sample import Sample

FOLDER = Path(__file__).parent / "docx"
SAMPLES: dict[str, Callable[[], Sample]] = {
    "jucip": lists.jucip,
    "japanese-lists": lists.japanese_lists,
    "english-outline": lists.english_outline,
    "changes": marks.changes,
    "tables": marks.tables,
    "notes-and-signs": marks.notes_and_signs,
    "python-docx": programs.python_docx,
    "libreoffice-page": programs.libreoffice_page,
    "libreoffice-odt": programs.libreoffice_odt,
    "pandoc": programs.pandoc,
}


def main() -> None:
    """Make the samples that are named, or all."""
    for name in sys.argv[1:] or SAMPLES:
        sample = SAMPLES[name]()
        (FOLDER / f"{name}.docx").write_bytes(sample.data)
        (FOLDER / f"{name}.txt").write_text(sample.text, "utf-8")


if __name__ == "__main__":
    main()
