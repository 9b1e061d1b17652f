from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.heads import Heads, LinearHead

VECTORS = np.asarray([[1, 0], [0, 1], [0, 0]], dtype=np.float32)


def head(*labels: str, scale: float = 1.0) -> LinearHead:
    weight = scale * np.arange(2 * len(labels), dtype=np.float64).reshape(2, len(labels))
    return LinearHead(labels, weight, np.zeros(len(labels)))


def heads() -> Heads:
    return Heads(
        sentiment=head("negative", "neutral", "positive"),
        emotion=head("anger", "joy"),
        stage=head("use", "support"),
        pain=head("pain"),
        valence=head("valence"),
        thresholds={"pain": 0.4, "stage": 0.5},
    )


def test_softmax_by_hand() -> None:
    two = LinearHead(("a", "b"), np.asarray([[0, np.log(3)], [0, 0]]), np.zeros(2))
    np.testing.assert_array_equal(two.softmax(VECTORS), [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5]])


def test_softmax_of_large_scores_does_not_overflow() -> None:
    np.testing.assert_array_equal(head("a", "b", scale=1e6).softmax(VECTORS)[0], [0, 1])


def test_sigmoid_by_hand() -> None:
    one = LinearHead(("pain",), np.asarray([[np.log(4)], [-np.log(4)]]), np.zeros(1))
    np.testing.assert_array_equal(one.sigmoid(VECTORS), [0.8, 0.2, 0.5])


def test_valence_stays_within_its_scale() -> None:
    one = LinearHead(("valence",), np.asarray([[9.0], [-9.0]]), np.asarray([0.25]))
    np.testing.assert_array_equal(one.clipped(VECTORS), [2, -2, 0.25])


def test_saved_heads_come_back_as_they_were(tmp_path: Path) -> None:
    heads().save(tmp_path / "heads.safetensors")
    back = Heads.load(tmp_path / "heads.safetensors")
    assert dict(back.thresholds) == {"pain": 0.4, "stage": 0.5}
    for name in Heads.NAMES:
        before, after = getattr(heads(), name), getattr(back, name)
        assert after.labels == before.labels
        np.testing.assert_array_equal(after.weight, before.weight)
        np.testing.assert_array_equal(after.bias, before.bias)


def test_the_same_heads_give_the_same_bytes(tmp_path: Path) -> None:
    heads().save(tmp_path / "a")
    heads().save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_shapes(rows: int) -> None:
    vectors = np.zeros((rows, 2), dtype=np.float32)
    assert head("a", "b", "c").softmax(vectors).shape == (rows, 3)
    assert head("a").sigmoid(vectors).shape == (rows,)
    assert head("a").clipped(vectors).shape == (rows,)
