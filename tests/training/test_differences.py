from __future__ import annotations

import numpy as np

from meticulous_gui.core.types import Alpha, RgbImage
from training.common.differences import largest_differences, rows_of
from training.common.shards import Pair


def _disc(key: str, radius_px: int) -> Pair:
    rows, cols = np.mgrid[:96, :120]
    inside = np.hypot(rows - 48, cols - 60) < radius_px
    rgb = np.where(inside[..., None], (200, 150, 90), (30, 60, 50)).astype(np.uint8)
    return Pair(key, rgb, inside.astype(np.uint8) * 255)


def _keep(_rgb: RgbImage, alpha: Alpha) -> Alpha:
    return alpha


def test_the_pictures_on_which_two_refiners_differ_most_come_first() -> None:
    pairs = [_disc("same", 20), _disc("a little", 30), _disc("much", 40)]

    def other(rgb: RgbImage, alpha: Alpha) -> Alpha:
        """Leave the first disc, shift the second by a pixel, the third by four."""
        radius = round((np.count_nonzero(rgb[..., 0] == 200) / np.pi) ** 0.5)
        return np.roll(alpha, {20: 0, 30: 1, 40: 4}[radius], axis=1)

    found = largest_differences(pairs, _keep, other, n_most=2)
    assert [each.index for each in found] == [2, 1]
    assert found[0].share > found[1].share > 0
    rows = rows_of(pairs, found)
    assert [text.split(",")[0] for text, _ in rows] == ["much", "a little"]
    assert all(len(pictures) == 6 for _, pictures in rows)
