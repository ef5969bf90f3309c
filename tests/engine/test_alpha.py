"""Logits to alpha and back."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.engine.alpha import (
    alpha_from_logits,
    confidence_from_logits,
    logits_from_alpha,
    softened,
)


@pytest.mark.parametrize("ramp", [0.5, 1.7, 4.0, 8.0, 20.0])
def test_every_alpha_comes_back_exactly(ramp: float) -> None:
    alpha = np.arange(256, dtype=np.uint8).reshape(16, 16)
    np.testing.assert_array_equal(alpha_from_logits(logits_from_alpha(alpha, ramp=ramp), ramp=ramp), alpha)


def test_the_contour_of_the_alpha_is_that_of_the_logits() -> None:
    logits = np.linspace(-8, 8, 4001, dtype=np.float32).reshape(1, -1)
    np.testing.assert_array_equal(alpha_from_logits(logits) >= 128, logits >= 0)


def test_alpha_rises_over_the_ramp_and_is_flat_beyond() -> None:
    logits = np.array([[-8, -2, -1, 0, 1, 2, 8]], np.float32)
    assert alpha_from_logits(logits, ramp=4.0).tolist() == [[0, 0, 64, 128, 191, 255, 255]]


def test_outside_the_band_alpha_is_exactly_nothing_or_everything() -> None:
    logits = np.array([[-0.1, 0.1, -0.1, 0.1]], np.float32)
    band = np.array([[True, True, False, False]])
    alpha = alpha_from_logits(logits, band=band)
    assert 0 < alpha[0, 0] < 128 <= alpha[0, 1] < 255
    assert alpha[0, 2:].tolist() == [0, 255]


def test_confidence_follows_the_calibrated_probability() -> None:
    logits = np.array([[0.0, 1.0, -1.0, 3.0, -30.0]], np.float32)
    for temperature in (1.0, 2.0):
        p = 1 / (1 + np.exp(-np.abs(logits) / temperature))
        expected = 255 * (2 * p - 1)
        given = confidence_from_logits(logits, temperature=temperature).astype(np.float64)
        assert np.abs(given - expected).max() <= 2


def test_a_hard_step_is_softened_and_a_soft_slope_is_not() -> None:
    step = np.where(np.arange(12) < 6, -6.0, 6.0).astype(np.float32)[None].repeat(5, axis=0)
    soft = softened(step)
    assert soft[2].tolist() == [-6, -6, -6, -6, -6, -2, 2, 6, 6, 6, 6, 6]
    slope = np.linspace(-2.5, 2.5, 12, dtype=np.float32)[None].repeat(5, axis=0)
    np.testing.assert_array_equal(softened(slope), slope)
