"""A float32 graph with its large matrix products in 8-bit integers, row by row, and halved word vectors.

Notes
-----
Each row of activations has a scale of its own, its largest absolute number / 127, and each column of a weight
matrix another. Products are then summed in 32-bit integers, exact in any order: a text's numbers do not
depend on its batch, as they would with one scale for the whole batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

MICROSOFT = "com.microsoft"
LIMIT = 127


def quantise(source: Path, target: Path) -> None:
    """Write the graph at `source` to `target` with 8-bit weights and float16 word vectors."""
    import onnx

    model = onnx.load(str(source))
    _use_integers(model)
    _halve_word_vectors(model)
    _forget_origin(model)
    model.opset_import.append(onnx.helper.make_opsetid(MICROSOFT, 1))
    onnx.save(model, str(target))


def _use_integers(model: Any) -> None:
    """Replace each product with a constant matrix; activations used by several are quantised once."""
    graph = model.graph
    matrices = {item.name: item for item in graph.initializer if len(item.dims) == 2}
    nodes, quantised, replaced = [], set(), set()
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in matrices:
            nodes.append(node)
            continue
        activations, weight = node.input
        if activations not in quantised:
            quantised.add(activations)
            nodes += _quantised_rows(activations)
        nodes += _integer_product(node)
        replaced.add(weight)
    kept = [item for item in graph.initializer if item.name not in replaced]
    kept += [new for name in sorted(replaced) for new in _quantised_columns(matrices[name])]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*kept, *_constants()])


def _constants() -> Iterator[Any]:
    from onnx import numpy_helper

    yield numpy_helper.from_array(np.asarray(1 / LIMIT, dtype=np.float32), "unit_of_row")
    yield numpy_helper.from_array(np.asarray(1e-9, dtype=np.float32), "smallest_row")
    yield numpy_helper.from_array(np.asarray(1, dtype=np.float32), "one")
    yield numpy_helper.from_array(np.asarray(128, dtype=np.uint8), "zero_of_rows")
    yield numpy_helper.from_array(np.asarray(0, dtype=np.int8), "zero_of_columns")


def _quantised_rows(name: str) -> list[Any]:
    """Nodes that give `<name>_scale`, one number a row, and `<name>_bytes`, with 128 for 0."""
    from onnx.helper import make_node

    return [
        make_node("ReduceMax", [name], [f"{name}_high"], axes=[-1], keepdims=1),
        make_node("ReduceMin", [name], [f"{name}_low"], axes=[-1], keepdims=1),
        make_node("Neg", [f"{name}_low"], [f"{name}_depth"]),
        make_node("Max", [f"{name}_high", f"{name}_depth", "smallest_row"], [f"{name}_largest"]),
        make_node("Mul", [f"{name}_largest", "unit_of_row"], [f"{name}_scale"]),
        make_node("Div", [name, f"{name}_scale"], [f"{name}_scaled"]),
        make_node("QuantizeLinear", [f"{name}_scaled", "one", "zero_of_rows"], [f"{name}_bytes"]),
    ]


def _integer_product(node: Any) -> list[Any]:
    """Nodes that give the output of a product from the bytes of both sides."""
    from onnx.helper import make_node

    name, weight, output = node.input[0], node.input[1], node.output[0]
    inputs = [f"{name}_bytes", f"{weight}_bytes", "one", f"{weight}_scale", "zero_of_rows", "zero_of_columns"]
    return [
        make_node("MatMulIntegerToFloat", inputs, [f"{output}_of_bytes"], domain=MICROSOFT),
        make_node("Mul", [f"{output}_of_bytes", f"{name}_scale"], [output]),
    ]


def _quantised_columns(item: Any) -> list[Any]:
    """The matrix as bytes -127..127, and its scale for each column."""
    from onnx import numpy_helper

    weight = numpy_helper.to_array(item)
    scale = np.maximum(np.abs(weight).max(axis=0) / LIMIT, 1e-12).astype(np.float32)
    rounded = np.clip(np.round(weight / scale), -LIMIT, LIMIT).astype(np.int8)
    return [
        numpy_helper.from_array(rounded, f"{item.name}_bytes"),
        numpy_helper.from_array(scale, f"{item.name}_scale"),
    ]


def _halve_word_vectors(model: Any) -> None:
    """Store the embedding table as float16 and cast what is looked up, so that all sums stay float32."""
    from onnx import TensorProto, helper, numpy_helper

    table = next(item for item in model.graph.initializer if item.name.endswith("word_embeddings.weight"))
    name = table.name
    table.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(table).astype(np.float16), name))
    place, gather = next(
        (place, node)
        for place, node in enumerate(model.graph.node)
        if node.op_type == "Gather" and node.input[0] == name
    )
    output = gather.output[0]
    gather.output[0] = f"{output}_half"
    cast = helper.make_node("Cast", [f"{output}_half"], [output], to=TensorProto.FLOAT, name="word_vectors")
    model.graph.node.insert(place + 1, cast)


def _forget_origin(model: Any) -> None:
    """Take out notes of the exporter, which may name folders of the machine it ran on."""
    del model.metadata_props[:]
    model.doc_string = ""
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
