from __future__ import annotations

import cv2
import numpy as np
import pytest

from meticulous_gui.core.types import Mask
from training.common.perturb import (
    InputShares,
    change_confidence,
    close_gaps,
    coarse_input,
    logits_of,
    perturb_mask,
    shrink,
    shrink_and_enlarge,
    warp_smoothly,
)

N_SEEDS = 200


def _disc() -> Mask:
    return cv2.circle(np.zeros((224, 224), np.uint8), (112, 112), 60, 1, -1) > 0


def _ring() -> Mask:
    outer = cv2.circle(np.zeros((224, 224), np.uint8), (112, 112), 60, 1, -1)
    return cv2.circle(outer, (112, 112), 40, 0, -1) > 0


def _star() -> Mask:
    angles = np.arange(18) * np.pi / 9
    radii = np.where(np.arange(18) % 2 == 0, 90, 40)
    points = np.stack([112 + radii * np.cos(angles), 112 + radii * np.sin(angles)], axis=1)
    return cv2.fillPoly(np.zeros((224, 224), np.uint8), [points.astype(np.int32)], 1) > 0


def _bar() -> Mask:
    mask = np.zeros((224, 224), np.bool_)
    mask[108:116, 30:194] = True
    return mask


SHAPES = {"disc": _disc, "ring": _ring, "star": _star, "bar": _bar}


def _iou(first: Mask, second: Mask) -> float:
    return float((first & second).sum() / max(1, (first | second).sum()))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_band_is_kept_over_two_hundred_seeds(shape: str) -> None:
    mask = SHAPES[shape]()
    ious = np.array([_iou(perturb_mask(mask, np.random.default_rng(seed)), mask) for seed in range(N_SEEDS)])
    assert ious.min() >= 0.78
    assert ious.max() <= 1.0
    assert 0.04 <= float((ious == 1.0).mean()) <= 0.35
    assert 0.86 <= float(ious.mean()) <= 0.97


def test_the_same_seed_gives_the_same_bytes() -> None:
    mask = _star()
    first = perturb_mask(mask, np.random.default_rng(7), magnification=8)
    second = perturb_mask(mask, np.random.default_rng(7), magnification=8)
    assert first.tobytes() == second.tobytes()


def test_the_mask_handed_in_is_not_changed() -> None:
    mask = _ring()
    before = mask.copy()
    for seed in range(5):
        perturb_mask(mask, np.random.default_rng(seed))
    np.testing.assert_array_equal(mask, before)


@pytest.mark.parametrize("value", [False, True])
def test_empty_and_full_masks_stay_or_get_one_small_blob(value: bool) -> None:
    mask = np.full((96, 128), value)
    shares = [float((perturb_mask(mask, np.random.default_rng(s)) != mask).mean()) for s in range(N_SEEDS)]
    assert 0.35 <= float(np.mean(np.array(shares) == 0)) <= 0.65
    assert max(shares) <= 0.02


def test_a_thin_bar_keeps_the_wider_band_and_stays_in_one_place() -> None:
    mask = np.zeros((160, 200), np.bool_)
    mask[80:83, 20:180] = True
    for seed in range(60):
        assert _iou(perturb_mask(mask, np.random.default_rng(seed)), mask) >= 0.58


def test_tiny_objects_are_changed_too() -> None:
    mask = np.zeros((64, 80), np.bool_)
    mask[30:42, 30:42] = True
    changed = [bool((perturb_mask(mask, np.random.default_rng(seed)) != mask).any()) for seed in range(60)]
    assert np.mean(changed) > 0.5


def test_a_step_shrunk_by_four_and_enlarged_has_the_published_values() -> None:
    step = np.zeros((1, 32), np.float32)
    step[:, 10:] = 1.0
    rows = np.repeat(step, 8, axis=0)
    np.testing.assert_allclose(shrink(rows, 4)[0], [0, 0, 0.5, 1, 1, 1, 1, 1], atol=1e-6)
    expected = [0, 0, 0.0625, 0.1875, 0.3125, 0.4375, 0.5625, 0.6875, 0.8125, 0.9375]
    np.testing.assert_allclose(shrink_and_enlarge(rows, 4)[3, 4:14], expected, atol=1e-6)


def test_the_shrink_grid_may_begin_anywhere_and_the_size_stays() -> None:
    rng = np.random.default_rng(0)
    probability = rng.random((37, 53), dtype=np.float32)
    for phase_xy in ((0, 0), (3, 1), (7, 7)):
        large = shrink_and_enlarge(probability, 8, phase_xy=phase_xy)
        assert large.shape == probability.shape
        assert float(large.min()) >= float(probability.min())
    np.testing.assert_array_equal(shrink_and_enlarge(probability, 1), probability)


def test_gamma_two_maps_seven_tenths_as_published() -> None:
    changed = change_confidence(np.array([[0.7, 0.5, 0.0, 1.0]], np.float32), 2.0)
    np.testing.assert_allclose(changed, [[0.844828, 0.5, 0.0, 1.0]], atol=1e-6)


def test_a_warp_moves_no_pixel_further_than_it_may() -> None:
    alpha = np.zeros((96, 120), np.uint8)
    alpha[30:60, 40:90] = 255
    for seed in range(10):
        warped = warp_smoothly(alpha, np.random.default_rng(seed), amount_px=3.0, wavelength_px=12.0) >= 128
        near = np.ones((9, 9), np.uint8)  # 3 px along each axis, and one for rounding
        assert not (warped & (cv2.dilate(alpha, near) == 0)).any()
        assert not (~warped & (cv2.erode(alpha, near) > 0)).any()


def test_gaps_are_filled_and_nothing_is_taken_away() -> None:
    lattice = np.zeros((160, 160), np.bool_)
    lattice[20:140, 20:140] = True
    for row in range(26, 134, 12):
        for col in range(26, 134, 12):
            lattice[row : row + 9, col : col + 9] = False
    n_filled = n_opened = 0
    for seed in range(40):
        closed = close_gaps(lattice, np.random.default_rng(seed))
        assert (lattice <= closed).all()
        share = closed[20:140, 20:140].mean()
        n_filled += bool(share == 1.0)
        n_opened += bool(lattice[20:140, 20:140].mean() < share < 0.95)
    assert n_filled >= 10
    assert n_opened >= 5


def test_closing_leaves_a_round_thing_as_it_is() -> None:
    for seed in range(10):
        assert (close_gaps(_disc(), np.random.default_rng(seed)) == _disc()).all()


def test_gaps_are_filled_where_the_truth_is_exact_only() -> None:
    only = InputShares(warped=0, perturbed_shrunk=0, true_shrunk=0, perturbed=0, true=1e-9, closed=1)
    alpha = cv2.circle(_disc() * np.uint8(255), (112, 112), 12, 0, -1)
    middle = []
    for is_exact in (False, True):
        drawn = [np.random.default_rng(seed) for seed in range(20)]
        inputs = [coarse_input(alpha, rng, only, predicted=None, is_exact=is_exact) for rng in drawn]
        middle.append([logits[112, 112] for logits in inputs])
    assert max(middle[0]) < 0 < max(middle[1])


def test_every_kind_of_input_is_finite_and_of_the_crops_size() -> None:
    alpha = (_star() * np.uint8(255))[:, 20:200]
    predicted = np.random.default_rng(0).random(alpha.shape, dtype=np.float32)
    for seed in range(80):
        rng = np.random.default_rng(seed)
        given = predicted if seed % 2 else None
        logits = coarse_input(alpha, rng, InputShares(), predicted=given, is_exact=seed % 4 == 0)
        assert logits.shape == alpha.shape
        assert logits.dtype == np.float32
        assert np.isfinite(logits).all()


def test_logits_of_certain_pixels_stop_at_the_limit() -> None:
    np.testing.assert_allclose(logits_of(np.array([[0.0, 0.5, 1.0]], np.float32)), [[-4, 0, 4]], atol=1e-5)
