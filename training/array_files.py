"""Files of trained arrays, as `index.models.trained_arrays` reads them. There is no command."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpus.files import replacing
from index.models.trained_arrays import NamedArrays


def write_arrays(table: NamedArrays, target: Path) -> None:
    """Write a file of arrays, completely or not at all."""
    with replacing(target) as file:
        np.savez_compressed(file, allow_pickle=False, **table)
