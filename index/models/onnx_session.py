"""Opens ONNX files. The only file that knows onnxruntime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast


class Session(Protocol):
    """A graph that can be run, from several threads."""

    def run(self, names: Sequence[str] | None, inputs: Mapping[str, Any]) -> list[Any]:
        """Return some outputs, or all of them, for the inputs by their names."""

    def get_outputs(self) -> Sequence[Any]:
        """Return the outputs, each with its `name`."""


def open_session(model: str | bytes) -> Session:
    """Open an ONNX file, given as a path or as its bytes. It runs in the thread that calls it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The arena would keep the memory of the longest texts. Without it, a text takes as long.
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return cast(Session, session)
