from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from inference.model import DeviceLost, InvalidInput, Model, ModelError
from models.example import BIAS, WEIGHTS


def test_answers_as_the_arithmetic_says(model: Model) -> None:
    batch = model.batch([[1, 2, 3, 4], [0.5, 0, 0, -0.5]])
    scores = np.exp(batch @ WEIGHTS + BIAS)
    expected = scores / scores.sum(axis=1, keepdims=True)
    for session in model.sessions:
        np.testing.assert_allclose(model.run(session, batch), expected, rtol=1e-5)


def test_describes_itself(model: Model, model_path: Path) -> None:
    described = model.describe()
    assert described["model"] == "example"
    assert described["input_shape"] == (None, 4)
    assert described["devices"] == 2
    assert described["provider"] == "CPUExecutionProvider"
    assert len(str(described["sha256"])) == 64


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "takes any x 4"),
        ([1, 2, 3, 4], "takes any x 4"),
        ([[1, 2, 3]], "these are 1 x 3"),
        ([[1, 2, 3, 4], [1]], "differ in length"),
        ([["1", "2", "3", "4"]], "must be a number"),
        ([[True, False, True, False]], "must be a number"),
        ([[None, 1, 2, 3]], "must be a number"),
        ([[10**400, 1, 2, 3]], "must be a number"),
        ([[1e39, 1, 2, 3]], "finite"),
        ([[float("nan"), 1, 2, 3]], "finite"),
    ],
)
def test_refuses_what_the_model_cannot_take(model: Model, rows: object, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        model.batch(rows)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"MODEL_PATH.*absent\.onnx"):
        Model.load(tmp_path / "absent.onnx", "cpu", 1)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("not a model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Model.load(path, "cpu", 1)


def test_a_model_of_another_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "whole.onnx"
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "whole",
        [helper.make_tensor_value_info("x", TensorProto.INT64, ["batch"])],
        [helper.make_tensor_value_info("y", TensorProto.INT64, ["batch"])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)
    with pytest.raises(ModelError, match="one float32 input"):
        Model.load(path, "cpu", 1)


@pytest.mark.filterwarnings("ignore:Specified provider")
def test_no_gpu_is_an_error_and_never_a_slow_answer(model_path: Path) -> None:
    with pytest.raises(ModelError, match="cuda 0"):
        Model.load(model_path, "cuda", 1)


class Broken:
    """A session whose runs fail until `failures` are used up."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def run(self, *_: object) -> list[np.ndarray]:
        self.failures -= 1
        if self.failures >= 0:
            raise RuntimeError("CUDA failure 700: an illegal memory access was encountered")
        return [np.zeros((1, 2), dtype=np.float32)]


def test_a_batch_that_fails_alone_is_the_callers_fault(model: Model) -> None:
    with pytest.raises(InvalidInput, match="refuses"):
        model.run(Broken(failures=1), model.batch([[1, 2, 3, 4]]))


def test_a_device_that_fails_twice_is_lost(model: Model) -> None:
    with pytest.raises(DeviceLost, match="CUDA failure 700"):
        model.run(Broken(failures=2), model.batch([[1, 2, 3, 4]]))
