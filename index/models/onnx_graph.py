"""Builds an ONNX graph node by node. The only file that knows the library onnx."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

Shape = tuple[int | str, ...]  # a name stands for any length

_OPSET, _IR_VERSION = 17, 8
_MICROSOFT = "com.microsoft"  # the operators of onnxruntime itself
_LARGEST = 127  # of an int8
_ZERO = 128  # the u8 value that stands for 0


@dataclass(frozen=True, slots=True)
class Rounded:
    """The name of a value that is rounded to u8 row by row, and the name of the row scales."""

    values: str
    scales: str


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """A complete graph with its inputs and outputs."""

    _proto: ModelProto

    def serialized(self) -> bytes:
        """Return the bytes of an ONNX file."""
        return bytes(self._proto.SerializeToString())

    def save(self, path: Path) -> None:
        """Write an ONNX file, and the weights to a file `.bin` beside it.

        onnxruntime maps such a file into memory, which is quicker than reading an ONNX file, and
        needs less memory.
        """
        import onnx

        weights = path.with_suffix(".bin")
        onnx.save_model(self._proto, path, save_as_external_data=True, location=weights.name)
        weights.chmod(path.stat().st_mode)  # only the owner could read it


class OnnxGraph:
    """The nodes and constants of a graph.

    A value of the graph is known by its name. Each method adds to the graph and returns the name of
    the value that it added.
    """

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def constant(self, values: npt.ArrayLike, dtype: type = np.float32) -> str:
        """Add a constant tensor."""
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        array: npt.NDArray[Any] = np.ascontiguousarray(values, dtype)
        # A number would become a vector of length 1.
        self._constants.append(numpy_helper.from_array(array.reshape(np.shape(values)), name))
        return name

    def ints(self, *values: int) -> str:
        """Add a constant tensor of int64 numbers, such as a shape."""
        return self.constant(values, np.int64)

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node; `output` names its value where the graph returns it."""
        from onnx import helper

        output = output or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def rounded(self, x: str) -> Rounded:
        """Round each row of a matrix to u8, with a scale of its own."""
        largest = self.add("ReduceMax", self.add("Abs", x), axes=[-1], keepdims=1)
        largest = self.add("Max", largest, self.constant(1e-9))
        scales = self.add("Mul", largest, self.constant(1 / _LARGEST))
        flat = self.add("Squeeze", scales, self.ints(1))
        zeros = self.add("Expand", self.constant([_ZERO], np.uint8), self.add("Shape", flat))
        return Rounded(self.add("QuantizeLinear", x, flat, zeros, axis=0), scales)

    def linear(self, x: Rounded, matrix: Floats, bias: Floats) -> str:
        """Add a linear layer with int8 weights and a scale for each output.

        Args:
            x: The input.
            matrix: f32 (outputs, inputs).
            bias: f32 (outputs,).
        """
        scales = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / _LARGEST
        product = self.add(
            "MatMulIntegerToFloat",
            x.values,
            self.constant(np.rint(matrix / scales[:, None]).T, np.int8),
            self.constant(1.0),  # the row scales follow: this operator takes one for all rows only
            self.constant(scales),
            self.constant(_ZERO, np.uint8),
            domain=_MICROSOFT,
        )
        return self.add("Add", self.add("Mul", product, x.scales), self.constant(bias))

    def model(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> OnnxModel:
        """Return the graph as an ONNX model. All inputs and outputs are f32.

        Args:
            inputs: The shape of each input by name.
            outputs: The shape of each output by name.
        """
        from onnx import TensorProto, helper

        sources, results = (
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in values.items()
            ]
            for values in (inputs, outputs)
        )
        body = helper.make_graph(self._nodes, "encoder", sources, results, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return OnnxModel(
            helper.make_model(
                body, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="shutten"
            )
        )
