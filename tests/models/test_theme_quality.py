import numpy as np
import pytest

from models.theme_quality import Agreement, agreement, agreement_of_assigned, mean_pairwise_ari

LABELS = ["pay", "pay", "wait", "wait", "app", "app"]


def test_themes_that_are_the_labels_agree_wholly() -> None:
    assert agreement(LABELS, np.array([2, 2, 0, 0, 1, 1])) == Agreement(1.0, 1.0, 1.0, 6)


def test_one_theme_for_all_agrees_by_chance() -> None:
    assert agreement(LABELS, np.zeros(6, dtype=np.int64)) == Agreement(0.0, 0.0, 0.0, 6)


def test_unassigned_texts_are_one_theme_or_left_out() -> None:
    themes = np.array([0, 0, 1, 1, -1, -1])
    assert agreement(LABELS, themes).ari == 1
    partly = np.array([0, 0, 1, -1, -1, -1])
    assert agreement(LABELS, partly).ari < 1
    assert agreement_of_assigned(LABELS, partly) == Agreement(1.0, 1.0, 1.0, 3)


def test_without_an_assigned_text_there_is_no_agreement() -> None:
    assert agreement_of_assigned(LABELS, np.full(6, -1)) == Agreement(0.0, 0.0, 0.0, 0)


def test_fits_are_compared_in_pairs_on_what_both_saw() -> None:
    one, other = np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])
    assert mean_pairwise_ari([one, other, one]) == 1
    strayed = np.array([0, 0, 1, 0])
    assert mean_pairwise_ari([one, strayed]) < 1
    seen = [np.array([0, 1, 2, 3]), np.array([0, 1, 2])]
    assert mean_pairwise_ari([one, strayed], seen) == pytest.approx(1)
