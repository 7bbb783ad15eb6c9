"""Writes the model that ships with the skeleton: python models/example.py model.onnx

It scores two classes from four numbers by a fixed linear layer and a softmax. Put your own ONNX file in its place.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = np.array([[1.0, -1.0], [0.5, -0.5], [-0.5, 0.5], [-1.0, 1.0]], dtype=np.float32)
BIAS = np.array([0.1, -0.1], dtype=np.float32)


def write(path: Path) -> None:
    rows, columns = WEIGHTS.shape
    graph = helper.make_graph(
        nodes=[
            helper.make_node("Gemm", ["features", "weights", "bias"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        name="example",
        inputs=[helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", rows])],
        outputs=[helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", columns])],
        initializer=[numpy_helper.from_array(WEIGHTS, "weights"), numpy_helper.from_array(BIAS, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
