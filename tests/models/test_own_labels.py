from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelAltered
from models.own_labels import OwnHead, TooFewExamples, cross_validated, fit_own_head


def bundles(n_labels: int, n_each: int = 12) -> tuple[np.ndarray, list[str]]:
    """Unit vectors around one axis a label."""
    random = np.random.default_rng(4)
    labels = [f"label {place}" for place in range(n_labels) for _ in range(n_each)]
    vectors = np.repeat(np.eye(6, dtype=np.float32)[:n_labels], n_each, axis=0)
    vectors += random.normal(0, 0.2, vectors.shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels


def head(n_labels: int = 3) -> OwnHead:
    vectors, labels = bundles(n_labels)
    return fit_own_head(vectors, labels, target="stage", encoder_id="encoder-1")


@pytest.mark.parametrize("n_labels", [2, 3])
def test_a_head_reads_back_bundles_it_learned(n_labels: int) -> None:
    vectors, labels = bundles(n_labels)
    read, probability = head(n_labels).read(vectors)
    assert read == labels
    assert (probability > 1 / n_labels).all()


def test_two_labels_get_the_probabilities_of_the_logistic_curve() -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, labels = bundles(2)
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=2_000).fit(vectors, labels)
    _, probability = head(2).read(vectors)
    np.testing.assert_allclose(probability, model.predict_proba(vectors).max(axis=1), atol=1e-4)


def test_cross_validation_never_reads_an_example_by_a_head_that_saw_it() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(200, 6)).astype(np.float32)
    labels = random.permutation(["a", "b"] * 100).tolist()
    read = cross_validated(vectors, labels, seed=1)
    right = np.mean(np.array(read) == np.array(labels))
    assert 0.35 < right < 0.65


def test_a_saved_head_reads_the_same_and_keeps_its_name(tmp_path: Path) -> None:
    vectors, _ = bundles(3)
    path = head().save(tmp_path, {"n_examples": 36})
    assert path.name == f"{head().id}.safetensors"
    assert OwnHead.load(path).read(vectors)[0] == head().read(vectors)[0]


@pytest.mark.parametrize("what", ["label", "number"])
def test_a_flipped_byte_is_refused(tmp_path: Path, what: str) -> None:
    path = head().save(tmp_path, {})
    content = bytearray(path.read_bytes())
    content[content.index(b"label 1") if what == "label" else -1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelAltered, match="its numbers and labels are those of stage-"):
        OwnHead.load(path)


@pytest.mark.parametrize("labels", [["one"] * 20, ["one"] * 20 + ["two"] * 7])
def test_too_few_examples_are_refused_with_what_was_found(labels: list[str]) -> None:
    with pytest.raises(TooFewExamples, match="at least 8 examples"):
        fit_own_head(np.zeros((len(labels), 6), np.float32), labels, target="stage", encoder_id="e")
