"""The emotion colours stay apart for colour-blind readers.

Simulated after Machado, Oliveira, Fernandes (2009), IEEE Transactions on Visualization and Computer Graphics
15(6), full severity, in linear RGB; distances are CIE76 in CIELAB under D65. 2.3 is just noticeable.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from reports.charts.look import EMOTION_GROUPS

SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
LEAST = 20.0


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    srgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_lab_of_known_colours() -> None:
    assert lab("#ffffff", SIGHT["usual"]) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab("#ff0000", SIGHT["usual"]) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_emotion_colours_are_told_apart(sight: str) -> None:
    colours = [lab(colour, SIGHT[sight]) for _, _, colour in EMOTION_GROUPS]
    assert len(colours) <= 6
    for one, other in combinations(colours, 2):
        assert np.linalg.norm(one - other) >= LEAST


def test_red_and_green_of_one_lightness_would_fail() -> None:
    sight = SIGHT["deuteranopia"]
    assert np.linalg.norm(lab("#a6601f", sight) - lab("#7a7a1f", sight)) < LEAST
