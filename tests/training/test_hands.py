"""Photos that a set holds twice: which count, and that the figures are those of hand against hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meticulous_gui.core.metrics import iou
from training.common import hands
from training.common.shards import open_set
from training.common.split import is_near, split_of

SIDE_PX = 64
SQUARE, WIDER, OTHER = (10, 10, 50, 50), (10, 10, 51, 50), (52, 52, 63, 63)  # x0, y0, x1, y1


def mask_of(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    alpha = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    alpha[y0:y1, x0:x1] = 255
    return alpha


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photo 0 three times (masked alike twice, another object once), photo 1 once."""
    keys = [key for key in (f"photo_{n}" for n in range(99)) if split_of(f"duts_{key}") == "train"][:4]
    for part in ("DUTS-TR-Image", "DUTS-TR-Mask"):
        (tmp_path / part).mkdir()
    for key, photo, box in zip(keys, (0, 0, 0, 1), (SQUARE, WIDER, OTHER, SQUARE), strict=True):
        rgb = np.random.default_rng(photo).integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8)
        Image.fromarray(rgb).save(tmp_path / "DUTS-TR-Image" / f"{key}.jpg")
        Image.fromarray(mask_of(*box)).save(tmp_path / "DUTS-TR-Mask" / f"{key}.png")
    return tmp_path


def test_only_a_photo_with_two_masks_of_one_object_counts(folder: Path) -> None:
    photos = open_set([folder], "duts", "train")
    (found,) = hands.photos_twice(photos)
    assert (found.first.key, found.second.key) == photos.keys[:2]


def test_a_hash_is_near_itself_and_a_bit_away_but_not_its_opposite() -> None:
    others = np.array([5, 5 ^ 1, 5 ^ 0b111110000, ~np.uint64(5)], np.uint64)
    assert is_near(5, others).tolist() == [True, True, False, False]


def test_the_figures_are_of_each_hand_against_the_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = hands.main(["--data", str(folder), "--threads", "1"])
    assert "duts: photos that are there twice: 1" in capsys.readouterr().out
    agreed = figures["the other hand"]
    assert agreed["pictures"] == 2  # either is the truth once
    assert agreed["mean_iou"] == pytest.approx(iou(mask_of(*SQUARE) >= 128, mask_of(*WIDER) >= 128))
    assert set(figures) == {"the other hand", "MOS_L", "cut-out"}
