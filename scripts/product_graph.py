"""Write `index/late_interaction/product.onnx`: one product of whole numbers as an ONNX graph.

    python scripts/product_graph.py [FILE]

The file has 300 bytes and comes with the project, since the library that makes it takes longer to
import than a question takes to answer.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onnx import ModelProto, TensorProto, helper

TARGET = Path(__file__).parents[1] / "index" / "late_interaction" / "product.onnx"
_INPUTS = {
    "levels": (TensorProto.UINT8, ("tokens", "dimension")),
    "query": (TensorProto.INT8, ("dimension", "asked")),
    "scales": (TensorProto.FLOAT, ("asked",)),
    "offsets": (TensorProto.FLOAT, ("asked",)),
}


def product_graph() -> ModelProto:
    """Return the graph: levels @ query * scales + offsets, f32 (tokens, asked)."""
    node = helper.make_node(
        "MatMulIntegerToFloat",
        ["levels", "query", "one", "scales", "", "", "offsets"],
        ["products"],
        domain="com.microsoft",
    )
    inputs = [helper.make_tensor_value_info(name, *kind) for name, kind in _INPUTS.items()]
    output = helper.make_tensor_value_info("products", TensorProto.FLOAT, ("tokens", "asked"))
    one = helper.make_tensor("one", TensorProto.FLOAT, (), [1.0])
    return helper.make_model(
        helper.make_graph([node], "product", inputs, [output], [one]),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ir_version=8,
        producer_name="shutten",
    )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(product_graph().SerializeToString())
