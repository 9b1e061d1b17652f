"""The integer graph on a small network; needs the extra `train`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.encoder import open_session

onnx = pytest.importorskip("onnx")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Word vectors, then a product with a constant 8 x 4 matrix."""
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(5)
    words = random.normal(size=(20, 8)).astype(np.float32)
    matrix = random.normal(size=(8, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["word_embeddings.weight", "ids"], ["states"]),
        helper.make_node("MatMul", ["states", "matrix"], ["scores"]),
    ]
    made = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "tokens"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["rows", "tokens", 4])],
        [
            numpy_helper.from_array(words, "word_embeddings.weight"),
            numpy_helper.from_array(matrix, "matrix"),
        ],
    )
    path = tmp_path / "fp32.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


def test_integers_stay_near_float32_and_do_not_feel_the_batch(graph: Path, tmp_path: Path) -> None:
    from models.training.quantise import quantise

    target = tmp_path / "int8.onnx"
    quantise(graph, target)
    exact, integer = open_session(graph, 1), open_session(target, 1)
    ids = np.random.default_rng(6).integers(0, 20, (16, 5))
    wanted = exact.run(None, {"ids": ids})[0]
    got = integer.run(None, {"ids": ids})[0]
    assert np.abs(got - wanted).max() < 0.05 * np.abs(wanted).max()
    assert np.abs(got - wanted).max() > 0
    alone = np.concatenate([integer.run(None, {"ids": ids[row : row + 1]})[0] for row in range(16)])
    np.testing.assert_array_equal(alone, got)
