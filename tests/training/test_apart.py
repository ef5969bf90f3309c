"""Photographs in which several things lie apart: what counts as one, and which photos are chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.common.apart import ApartScenes, things_apart
from training.common.mixture import parse_shares
from training.common.shards import open_set
from training.common.split import split_of
from training.fbrs.data import ObjectSource

SIDE_PX = 60


def mask_of(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Return a mask with boxes (x0, y0, x1, y1) of 255."""
    alpha = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    for x0, y0, x1, y1 in boxes:
        alpha[y0:y1, x0:x1] = 255
    return alpha


ONE = mask_of((5, 5, 30, 40))
TWO = mask_of((2, 2, 25, 30), (33, 20, 58, 55))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys = [key for key in (f"photo_{n}" for n in range(99)) if split_of(f"duts_{key}") == "train"][:3]
    for part in ("DUTS-TR-Image", "DUTS-TR-Mask"):
        (tmp_path / part).mkdir()
    for n, (key, alpha) in enumerate(zip(keys, (ONE, TWO, ONE), strict=True)):
        # A picture of its own each, or the second would be a copy of the first.
        rgb = np.random.default_rng(n).integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8)
        Image.fromarray(rgb).save(tmp_path / "DUTS-TR-Image" / f"{key}.jpg")
        Image.fromarray(alpha).save(tmp_path / "DUTS-TR-Mask" / f"{key}.png")
    return tmp_path


def test_each_piece_of_a_mask_is_a_thing() -> None:
    things = things_apart(TWO)
    together = np.zeros((SIDE_PX, SIDE_PX), np.int64)
    for thing in things:
        together += thing.on((SIDE_PX, SIDE_PX))
    assert sorted(thing.area_px for thing in things) == [23 * 28, 25 * 35]
    assert np.array_equal(together, TWO >= 128)  # no pixel lost, none in two things


@pytest.mark.parametrize("other", [(40, 5, 45, 12), (30, 40, 40, 50)], ids=["speck", "touching at a corner"])
def test_a_speck_and_what_touches_are_no_things_of_their_own(other: tuple[int, int, int, int]) -> None:
    alpha = ONE.copy()
    x0, y0, x1, y1 = other
    alpha[y0:y1, x0:x1] = 255
    assert len(things_apart(alpha)) == 1


def test_only_photos_with_several_things_are_scenes(folder: Path) -> None:
    photos = open_set([folder], "duts", "train")
    scenes = ApartScenes(photos)
    assert len(photos) == 3
    assert scenes.keys == (photos.keys[1],)
    assert np.array_equal(scenes[0].rgb, photos[1].rgb)


def test_the_other_things_of_a_scene_are_what_is_not_meant(folder: Path) -> None:
    source = ObjectSource.open([folder], parse_shares("apart:1"), seed=0)
    seen = set()
    for number in range(8):
        _, truth, others = source.draw(number, np.random.default_rng(number))
        assert not (truth & others).any()
        assert np.array_equal(truth | others, TWO >= 128)
        seen.add(int(truth.sum()))
    assert {23 * 28, 25 * 35} <= seen  # either may be meant
