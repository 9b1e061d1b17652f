import numpy as np
import pytest
from numpy.typing import NDArray

from models.theme_tree import GRAINS, NeighbourSmoothing, Size, Tree, WardThemes, mean_silhouettes


def bundles(
    n_bundles: int, n_each: int, *, spread: float, seed: int = 5
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Unit vectors in bundles, and the bundle of each; a spread of .3 is tight, of 3 formless."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(n_bundles, 64))
    bundle = np.arange(n_bundles * n_each) % n_bundles
    vectors = centres[bundle] + spread * random.normal(size=(len(bundle), 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), bundle


def themes(vectors: NDArray[np.float32], size: Size) -> WardThemes:
    reduction = NeighbourSmoothing()
    return WardThemes(reduction, GRAINS[size]).fit(reduction.fit_transform(vectors))


@pytest.mark.parametrize("n_bundles", [3, 12, 60])
def test_clear_classes_are_found_whatever_their_number(n_bundles: int) -> None:
    vectors, bundle = bundles(n_bundles, 30, spread=0.3)
    found = themes(vectors, "normal").labels_
    assert found.max() + 1 == n_bundles
    assert len(set(zip(found.tolist(), bundle.tolist(), strict=True))) == n_bundles


def test_sentences_without_classes_get_the_number_that_the_setting_expects() -> None:
    vectors, _ = bundles(1, 3_000, spread=3.0)
    n_themes = [themes(vectors, size).labels_.max() + 1 for size in ("coarse", "normal", "fine")]
    assert n_themes == pytest.approx([7, 14, 29], rel=0.5)
    assert n_themes == sorted(set(n_themes))


def test_families_hold_whole_themes_about_four_each() -> None:
    vectors, _ = bundles(24, 30, spread=0.3)
    found = themes(vectors, "normal")
    n_themes = found.labels_.max() + 1
    pairs = set(zip(found.labels_.tolist(), found.families_.tolist(), strict=True))
    assert len(pairs) == n_themes
    assert len({family for _, family in pairs}) == round(n_themes / 4)


def test_few_sentences_by_themselves_make_no_theme() -> None:
    vectors, bundle = bundles(4, 30, spread=0.1)
    kept = np.flatnonzero((bundle > 0) | (np.arange(len(bundle)) < 12))  # three of the first bundle
    found = themes(vectors[kept], "normal").labels_
    assert (found[bundle[kept] == 0] == -1).all()
    assert found.max() + 1 == 3


def test_a_cut_undoes_the_last_joins() -> None:
    # 0 and 1 into 4, 2 and 3 into 5, 4 and 5 into 6
    tree = Tree(np.array([4, 4, 5, 5, 6, 6, 6]))
    assert tree.cut(1).tolist() == [0, 0, 0, 0]
    assert tree.cut(2).tolist() == [0, 0, 1, 1]
    assert tree.cut(3).tolist() == [2, 2, 0, 1]
    assert len(set(tree.cut(4).tolist())) == 4


def test_the_silhouette_is_rousseeuws() -> None:
    from sklearn.metrics import silhouette_score

    points, bundle = bundles(6, 20, spread=1.0)
    coarser, finer = bundle // 2, bundle
    expected = [silhouette_score(points, labels) for labels in (coarser, finer)]
    assert mean_silhouettes(points, [coarser, finer]) == pytest.approx(expected, abs=1e-4)


def test_a_cluster_of_one_has_silhouette_nought() -> None:
    points = np.array([[0, 0], [0, 1], [5, 5]], dtype=np.float32)
    (found,) = mean_silhouettes(points, [np.array([0, 0, 1])])
    near = 1 - 1 / np.array([np.hypot(5, 5), np.hypot(5, 4)])
    assert found == pytest.approx(near.sum() / 3, abs=1e-6)


def test_smoothing_draws_bundles_together() -> None:
    vectors, bundle = bundles(6, 40, spread=1.0)
    points = NeighbourSmoothing().fit_transform(vectors)
    before, after = (mean_silhouettes(of, [bundle])[0] for of in (vectors, points))
    assert after > before + 0.2


def test_identical_sentences_are_no_trouble() -> None:
    vectors, _ = bundles(3, 1, spread=0.1)
    repeated = np.repeat(vectors, 40, axis=0)
    assert themes(repeated, "normal").labels_.max() + 1 == 3
    assert set(themes(repeated[:40], "normal").labels_.tolist()) <= {-1, 0, 1, 2, 3}


def test_sources_far_apart_are_not_all_there_is() -> None:
    random = np.random.default_rng(5)
    sources = np.eye(32, dtype=np.float32)[np.arange(1_000) % 2] * 4
    vectors = (sources + random.normal(size=(1_000, 32))).astype(np.float32)
    found = themes(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), "normal")
    assert found.labels_.max() + 1 >= GRAINS["normal"].expected(1_000) - 2
