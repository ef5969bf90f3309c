from __future__ import annotations

import numpy as np

from training.common.augment import (
    EDGE_PX,
    ColourChange,
    change_colours,
    coarse_sample,
    generator,
    pixel_weight,
    random_crop_keeping_object,
    rotate,
)


def _photo(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rgb = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    alpha[height // 4 : height // 2, width // 4 : 3 * width // 4] = 255
    return rgb, alpha


def test_the_same_step_and_index_give_the_same_sample() -> None:
    rgb, alpha = _photo(80, 120)
    samples = [
        coarse_sample(rgb, alpha, generator(3, step, index), side_px=64)
        for step, index in ((5, 2), (5, 2), (5, 3), (6, 2))
    ]
    for name in ("image", "target", "weight"):
        np.testing.assert_array_equal(samples[0][name], samples[1][name])
    assert (samples[0]["image"] != samples[2]["image"]).any()
    assert (samples[0]["image"] != samples[3]["image"]).any()


def test_samples_have_the_asked_size_and_do_not_touch_the_photo() -> None:
    rgb, alpha = _photo(90, 64)
    before = rgb.copy(), alpha.copy()
    for index in range(20):
        sample = coarse_sample(rgb, alpha, generator(0, 0, index), side_px=80)
        assert sample["image"].shape == (80, 80, 3)
        assert sample["target"].shape == sample["weight"].shape == (80, 80)
        assert set(np.unique(sample["weight"])) <= {0, 1, 5}
    np.testing.assert_array_equal(rgb, before[0])
    np.testing.assert_array_equal(alpha, before[1])


def test_pixels_within_five_of_the_edge_count_five_times() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[:, 30:] = 255
    weight = pixel_weight(alpha, np.ones(alpha.shape, np.bool_))
    row = weight[20]
    assert (row[30 - EDGE_PX : 30 + EDGE_PX] == 5).all()
    assert (row[: 30 - EDGE_PX] == 1).all()
    assert (row[30 + EDGE_PX :] == 1).all()


def test_invalid_pixels_weigh_nothing_and_masks_without_edge_weigh_one() -> None:
    alpha = np.zeros((8, 9), np.uint8)
    valid = np.ones(alpha.shape, np.bool_)
    valid[:, 0] = False
    weight = pixel_weight(alpha, valid)
    assert (weight[:, 0] == 0).all()
    assert (weight[:, 1:] == 1).all()


def test_a_rotation_marks_the_mirrored_corners() -> None:
    rgb, alpha = _photo(60, 60)
    turned = rotate(rgb, alpha, 15.0)
    assert not turned.valid[0, 0]
    assert turned.valid[30, 30]
    assert turned.rgb[0, 0].any()


def test_crops_keep_most_of_the_object() -> None:
    rgb, alpha = _photo(100, 140)
    whole = int((alpha >= 128).sum())
    for seed in range(40):
        _, crop = random_crop_keeping_object(rgb, alpha, np.random.default_rng(seed))
        assert int((crop >= 128).sum()) >= 0.6 * whole


def test_no_change_of_colours_changes_nothing() -> None:
    rgb, _ = _photo(20, 30)
    still = ColourChange(0.0, 0.0, 0.0, 0.0, grey_chance=0.0, jpeg_chance=0.0)
    changed = change_colours(rgb, np.random.default_rng(0), still)
    assert np.abs(changed.astype(int) - rgb).max() <= 1


def test_grey_pictures_have_three_equal_channels() -> None:
    rgb, _ = _photo(20, 30)
    grey = ColourChange(grey_chance=1.0, jpeg_chance=0.0)
    changed = change_colours(rgb, np.random.default_rng(0), grey).astype(int)
    assert np.abs(changed[..., 0] - changed[..., 1]).max() <= 1
    assert np.abs(changed[..., 0] - changed[..., 2]).max() <= 1
