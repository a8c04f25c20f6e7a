"""Builds an ONNX graph node by node. The only file that knows the library onnx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.models.encoder import Floats
from index.models.lora import LayerWeights
from index.models.weights import BLOCK, Bytes

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto, ValueInfoProto

_OPSET, _IR_VERSION = 17, 8
_MICROSOFT = "com.microsoft"  # the operators of onnxruntime itself
_INT8_ACTIVATIONS = 4  # onnxruntime multiplies int8 weights with int8 activations
_MASKED = -10000.0  # added to the attention scores of padding tokens


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
        self._constants.append(numpy_helper.from_array(array, name))
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

    def linear(
        self, x: str, weights: LayerWeights, name: str, rows: int, scale: float = 1.0
    ) -> str:
        """Add a linear layer with int8 weights.

        Args:
            x: The input.
            weights: Where the matrix `name`.w and the bias `name`.b are taken from.
            name: The name of the layer.
            rows: The number of outputs.
            scale: The output is multiplied by this.
        """
        values, scales = weights.blocks(f"{name}.w", rows)
        product = self.add(
            "MatMulNBits",
            x,
            self.constant(values, np.uint8),
            self.constant(scales * scale),
            domain=_MICROSOFT,
            K=values.shape[1] * BLOCK,
            N=rows,
            bits=8,
            block_size=BLOCK,
            accuracy_level=_INT8_ACTIVATIONS,
        )
        return self.add("Add", product, self.constant(weights.vector(f"{name}.b") * scale))

    def lookup(self, ids: str, values: Bytes, scales: Floats) -> str:
        """Look up the rows of an int8 matrix by number; see `ModelWeights.blocks`."""
        return self.add(
            "GatherBlockQuantized",
            self.constant(values.reshape(len(values), -1), np.uint8),
            ids,
            self.constant(scales),
            domain=_MICROSOFT,
            bits=8,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def attention_mask(self) -> str:
        """Add what attention scores are summed with: 0 for a token, `_MASKED` for padding."""
        from onnx import TensorProto

        present = self.add("Cast", "attention_mask", to=TensorProto.FLOAT)
        present = self.add("Unsqueeze", present, self.ints(1, 2))
        absent = self.add("Sub", self.constant(1.0), present)
        return self.add("Mul", absent, self.constant(_MASKED))

    def serialized(
        self, source: tuple[str, tuple[int, ...]], outputs: Mapping[str, tuple[int, ...]]
    ) -> bytes:
        """Return the bytes of an ONNX file.

        All inputs and outputs have the shape (batch, length, ...).

        Args:
            source: The name of the input besides `attention_mask`, and its further dimensions.
                Without further dimensions it is int64, with them f32.
            outputs: The further dimensions of each output by name. All outputs are f32.
        """
        from onnx import TensorProto, helper

        def tensor(name: str, kind: int, dimensions: tuple[int, ...]) -> ValueInfoProto:
            return helper.make_tensor_value_info(name, kind, ["batch", "length", *dimensions])

        name, dimensions = source
        kind = TensorProto.FLOAT if dimensions else TensorProto.INT64
        inputs = [tensor(name, kind, dimensions), tensor("attention_mask", TensorProto.INT64, ())]
        results = [tensor(name, TensorProto.FLOAT, rest) for name, rest in outputs.items()]
        body = helper.make_graph(self._nodes, "encoder", inputs, results, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(
            body, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="shutten"
        )
        return bytes(model.SerializeToString())
