from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.heads import GO_EMOTIONS, Heads, head_columns, head_labels

LABELS = {"stage": ("use", "support"), "pain": ("pain",), "valence": ("valence",), "valence_spread": ("log",)}


def heads(**temperatures: float) -> Heads:
    return Heads(LABELS, temperatures, {"pain": 0.4, "stage": 0.5, "second_stage": 0.2}, {"joy": 0.3})


def scores(*rows: tuple[float, ...]) -> np.ndarray:
    return np.asarray(rows, dtype=np.float32)


def test_columns_lie_side_by_side_in_the_order_of_the_heads() -> None:
    assert head_columns(LABELS) == {
        "stage": slice(0, 2),
        "pain": slice(2, 3),
        "valence": slice(3, 4),
        "valence_spread": slice(4, 5),
    }


def test_the_models_heads() -> None:
    assert {name: len(labels) for name, labels in head_labels().items()} == {
        "stage": 9,
        "emotion": 13,
        "go_emotions": 28,
        "sentiment": 3,
        "aspect": 3,
        "pain": 1,
        "valence": 1,
        "valence_spread": 1,
    }
    assert len(set(GO_EMOTIONS)) == 28


def test_softmax_by_hand() -> None:
    got = heads().softmax("stage", scores((0, np.log(3), 9, 9, 9), (5, 5, 0, 0, 0)))
    np.testing.assert_allclose(got, [[0.25, 0.75], [0.5, 0.5]], atol=1e-6)


def test_temperature_divides_the_scores() -> None:
    got = heads(stage=2.0).softmax("stage", scores((0, 2 * np.log(3), 0, 0, 0)))
    np.testing.assert_allclose(got, [[0.25, 0.75]], atol=1e-6)


def test_softmax_of_large_scores_does_not_overflow() -> None:
    np.testing.assert_array_equal(heads().softmax("stage", scores((-1e6, 1e6, 0, 0, 0))), [[0, 1]])


def test_sigmoid_by_hand() -> None:
    got = heads().sigmoid("pain", scores((0, 0, np.log(4), 0, 0), (0, 0, -np.log(4), 0, 0)))
    np.testing.assert_allclose(got, [[0.8], [0.2]], atol=1e-6)


def test_valence_stays_within_its_scale() -> None:
    got = heads().valence(scores((0, 0, 0, 9, 0), (0, 0, 0, -9, 0), (0, 0, 0, 0.25, 0)))
    np.testing.assert_array_equal(got, [2, -2, 0.25])


def test_spread_is_stretched_by_its_temperature() -> None:
    got = heads(valence_spread=1.5).valence_sd(scores((0, 0, 0, 0, 0), (0, 0, 0, 0, np.log(2))))
    np.testing.assert_allclose(got, [1.5, 3.0], atol=1e-6)


def test_saved_heads_come_back_as_they_were(tmp_path: Path) -> None:
    before = heads(stage=1.2)
    before.save(tmp_path / "heads.json")
    assert Heads.load(tmp_path / "heads.json") == before


def test_the_same_heads_give_the_same_bytes(tmp_path: Path) -> None:
    heads().save(tmp_path / "a")
    heads().save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_shapes(rows: int) -> None:
    empty = np.zeros((rows, 5), dtype=np.float32)
    assert heads().softmax("stage", empty).shape == (rows, 2)
    assert heads().sigmoid("pain", empty).shape == (rows, 1)
    assert heads().valence(empty).shape == heads().valence_sd(empty).shape == (rows,)
