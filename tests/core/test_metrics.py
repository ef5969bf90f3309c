"""Every vector of the reference, at the tolerances that its acceptance check names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core import metrics
from meticulous_gui.core.saliency_metrics import object_similarity, region_similarity

EXACT = 1e-6
CLOSE = 1e-4


def square(n: int, rows: tuple[int, int], columns: tuple[int, int] | None = None) -> NDArray[np.bool_]:
    mask = np.zeros((n, n), np.bool_)
    mask[slice(*rows), slice(*(columns or rows))] = True
    return mask


MASKS = {
    "T1": (square(64, (17, 49), (16, 48)), square(64, (16, 48))),
    "T2": (square(64, (18, 50), (18, 50)), square(64, (16, 48))),
    "T3": (square(64, (14, 50)), square(64, (16, 48))),
    "T4": (square(1000, (252, 752), (250, 750)), square(1000, (250, 750))),
    "T5": (square(1000, (240, 760)), square(1000, (250, 750))),
}


def saliency_vector() -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    truth = square(8, (2, 6))
    p = np.zeros((8, 8))
    p[truth] = 0.8
    p[2:6, 6] = 0.4
    p[1, 2:6] = 0.2
    return p, truth


def matte_vector() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    truth = np.zeros((8, 8))
    truth[:, 4:] = 1.0
    truth[:, 3] = 0.5
    prediction = truth.copy()
    prediction[:, 3] = 0.25
    prediction[0, 0] = 0.1
    return prediction, truth


@pytest.mark.parametrize(
    ("name", "intersection", "union", "mae"),
    [
        ("T1", 992, 1056, 0.015625),
        ("T2", 900, 1148, 0.060547),
        ("T3", 1024, 1296, 0.066406),
        ("T4", 249_000, 251_000, 0.002),
        ("T5", 250_000, 270_400, 0.0204),
    ],
)
def test_iou_and_mae_of_the_test_masks(name: str, intersection: int, union: int, mae: float) -> None:
    prediction, truth = MASKS[name]
    assert metrics.iou_counts(prediction, truth) == (intersection, union)
    assert metrics.iou(prediction, truth) == pytest.approx(intersection / union, abs=EXACT)
    assert metrics.mae(prediction.astype(np.float64), truth) == pytest.approx(mae, abs=EXACT)


def test_dataset_and_mean_iou_differ() -> None:
    counts = [(900, 1000), (10, 40)]
    assert metrics.dataset_iou(counts) == pytest.approx(0.875, abs=EXACT)
    assert metrics.mean_iou(counts) == pytest.approx(0.575, abs=EXACT)


@pytest.mark.parametrize(
    ("size_hw", "radii"),
    [
        ((20, 30), (1, 1, 1, 1, 1)),
        ((224, 224), (1, 1, 1, 1, 1)),
        ((336, 336), (1, 1, 1, 1, 1)),
        ((512, 512), (1, 1, 1, 2, 2)),
        ((1024, 1024), (1, 2, 3, 4, 5)),
        ((1600, 2048), (1, 3, 5, 7, 9)),
        ((2328, 3492), (1, 4, 8, 12, 15)),
        ((4000, 6000), (1, 7, 13, 20, 26)),
    ],
)
def test_the_radii_of_mba(size_hw: tuple[int, int], radii: tuple[int, ...]) -> None:
    assert metrics.mba_radii(size_hw) == radii


@pytest.mark.parametrize(
    ("name", "score"),
    [("T1", 188 / 252), ("T2", 127 / 252), ("T3", 124 / 252), ("T4", 0.821352), ("T5", 0.497640)],
)
def test_mba_of_the_test_masks(name: str, score: float) -> None:
    assert metrics.mba(*MASKS[name]) == pytest.approx(score, abs=EXACT)


def test_mba_of_a_mask_at_the_border_counts_the_border_as_no_boundary() -> None:
    truth = square(64, (0, 40), (0, 30))
    assert metrics.mba(truth, truth) == 1.0
    assert metrics.mba(~truth, truth) == 0.0


@pytest.mark.parametrize("truth", [np.zeros((9, 7), np.bool_), np.ones((9, 7), np.bool_)])
def test_a_truth_without_boundary_has_no_mba(truth: NDArray[np.bool_]) -> None:
    assert metrics.mba(~truth, truth) is None


@pytest.mark.parametrize(
    ("name", "score"),
    [("T1", 180 / 300), ("T2", 8 / 472), ("T3", 0.0), ("T4", 50976 / 54752), ("T5", 34704 / 73264)],
)
def test_boundary_iou_of_the_test_masks(name: str, score: float) -> None:
    assert metrics.boundary_iou(*MASKS[name]) == pytest.approx(score, abs=EXACT)


def test_mae_and_f_of_the_saliency_vector() -> None:
    p, truth = saliency_vector()
    assert metrics.mae(p, truth) == pytest.approx(0.0875, abs=EXACT)
    curve = metrics.f_measure(p, truth)
    assert curve.max == pytest.approx(1.0, abs=CLOSE)
    # Thresholds above the 0.2 and 0.4 of the wrong pixels hit the object alone; beyond 204 nothing is left.
    assert np.flatnonzero(curve.scores == curve.max)[-1] == 204
    assert curve.mean == pytest.approx(0.710585, abs=CLOSE)
    assert curve.adaptive == pytest.approx(1.0, abs=CLOSE)


def test_codes_and_probabilities_give_one_curve() -> None:
    p, truth = saliency_vector()
    codes = np.rint(p * 255).astype(np.uint8)
    np.testing.assert_allclose(metrics.f_measure(codes, truth).scores, metrics.f_measure(p, truth).scores)
    np.testing.assert_allclose(metrics.e_measure(codes, truth).scores, metrics.e_measure(p, truth).scores)


def test_max_f_of_a_dataset_is_that_of_the_mean_curve() -> None:
    p, truth = saliency_vector()
    one, other = metrics.f_measure(p, truth), metrics.f_measure(1 - p, truth)
    assert metrics.max_f_of_dataset([one]) == one.max
    assert metrics.max_f_of_dataset([one, other]) < (one.max + other.max) / 2
    assert metrics.max_f_of_dataset([]) == 0


def test_s_of_the_saliency_vector() -> None:
    p, truth = saliency_vector()
    assert object_similarity(p, truth) == pytest.approx(0.948377, abs=CLOSE)
    assert region_similarity(p, truth) == pytest.approx(0.905482, abs=CLOSE)
    assert metrics.s_measure(p, truth) == pytest.approx(0.926930, abs=CLOSE)


def test_e_of_a_perfect_map_is_one_here_and_more_in_the_reference() -> None:
    truth = square(8, (2, 6))
    curve = metrics.e_measure(truth.astype(np.float64), truth)
    assert curve.max == pytest.approx(1.0, abs=CLOSE)
    assert curve.adaptive == pytest.approx(1.0, abs=CLOSE)
    assert curve.max * 64 / 63 == pytest.approx(1.015873, abs=CLOSE)


def test_e_by_counts_equals_e_by_pixels() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((9, 13)) < 0.4
    codes = rng.integers(0, 256, truth.shape).astype(np.uint8)
    curve = metrics.e_measure(codes, truth)
    for t in (0, 1, 100, 255):
        b = (codes >= t).astype(np.float64)
        f, q = b - b.mean(), truth - truth.mean()
        aligned = 2 * f * q / (f * f + q * q + np.spacing(1))
        assert curve.scores[t] == pytest.approx(((aligned + 1) ** 2 / 4).mean(), abs=CLOSE)


def test_weighted_f_of_the_saliency_vector() -> None:
    p, truth = saliency_vector()
    assert metrics.weighted_f(p, truth) == pytest.approx(0.827286, abs=1e-3)


def test_alpha_metrics_of_the_matte_vector() -> None:
    prediction, truth = matte_vector()
    assert metrics.sad(prediction, truth) == pytest.approx(0.0021, abs=EXACT)
    assert metrics.mse(prediction, truth) == pytest.approx(0.00796875, abs=EXACT)
    assert metrics.grad(prediction, truth) * 1000 == pytest.approx(2.780689, abs=CLOSE)
    assert metrics.conn(prediction, truth) * 1000 == pytest.approx(2.4, abs=EXACT)


def test_alpha_metrics_count_only_their_region() -> None:
    prediction, truth = matte_vector()
    region = np.zeros((8, 8), np.bool_)
    region[0, 0] = True
    assert metrics.sad(prediction, truth, region=region) == pytest.approx(0.0001)
    assert metrics.mse(prediction, truth, region=region) == pytest.approx(0.01)
    nowhere = np.zeros((8, 8), np.bool_)
    for measure in (metrics.sad, metrics.mse, metrics.grad, metrics.conn):
        assert measure(prediction, truth, region=nowhere) == 0


def test_ece_of_its_vector() -> None:
    confidence = np.array([0.95, 0.9, 0.85, 0.8, 0.7, 0.65, 0.6, 0.55, 0.52, 0.51])
    is_right = np.array([1, 1, 1, 0, 1, 0, 1, 1, 0, 1], np.bool_)
    assert metrics.ece(confidence, is_right, n_bins=5) == pytest.approx(0.227, abs=EXACT)
    assert metrics.ece(confidence.astype(np.float32), is_right, n_bins=5) == pytest.approx(0.227, abs=EXACT)


def test_temperature_of_its_vector() -> None:
    z = np.array([4, 3, 2.5, 2, 1, -1, -2, -3, 3, -2.5])
    y = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 1])
    assert metrics.fit_temperature(z, y) == pytest.approx(3.418, abs=0.002)


def test_boundary_error_is_the_shift_of_a_contour() -> None:
    truth = square(40, (10, 30))
    error = metrics.boundary_error(square(40, (10, 33)), truth)
    assert error is not None
    assert 0 < error < 3
    assert metrics.boundary_error(truth, truth) == 0
    assert metrics.boundary_error(np.zeros_like(truth), truth) is None


def test_harm_counts_what_a_refinement_broke() -> None:
    truth = square(10, (2, 8))
    before, after = truth.copy(), truth.copy()
    before[2, 2:8] = False
    after[7, 2:5] = False
    assert metrics.harm_rate(before, after, truth) == pytest.approx(0.03)


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 9), (30, 20)])
@pytest.mark.parametrize("truth_value", [False, True])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_truth_of_one_value_gives_numbers(
    size_hw: tuple[int, int], truth_value: bool, value: float
) -> None:
    """Warnings are errors in this suite, so a silent 0 / 0 would fail as well."""
    truth = np.full(size_hw, truth_value)
    p = np.full(size_hw, value)
    mask = p >= 0.5
    scores = [
        metrics.iou(mask, truth),
        metrics.boundary_iou(mask, truth),
        metrics.mae(p, truth),
        metrics.f_measure(p, truth).max,
        metrics.f_measure(p, truth).adaptive,
        metrics.s_measure(p, truth),
        metrics.e_measure(p, truth).mean,
        metrics.weighted_f(p, truth),
        metrics.sad(p, truth.astype(np.float64)),
        metrics.mse(p, truth.astype(np.float64)),
        metrics.grad(p, truth.astype(np.float64)),
        metrics.conn(p, truth.astype(np.float64)),
    ]
    assert np.isfinite(scores).all()


def test_nothing_to_count_gives_numbers() -> None:
    nothing = np.zeros(0)
    assert metrics.ece(nothing, nothing.astype(np.bool_)) == 0
    assert metrics.fit_temperature(nothing, nothing) == 1
    assert metrics.dataset_iou([]) == metrics.mean_iou([]) == 1
    empty = np.zeros((4, 5), np.bool_)
    assert metrics.iou(empty, empty) == metrics.boundary_iou(empty, empty) == 1


@given(seed=st.integers(0, 10_000), height=st.integers(1, 20), width=st.integers(1, 20))
def test_a_perfect_prediction_scores_best(seed: int, height: int, width: int) -> None:
    truth = np.random.default_rng(seed).random((height, width)) < 0.5
    p = truth.astype(np.float64)
    assert metrics.iou(truth, truth) == 1
    assert metrics.boundary_iou(truth, truth) == 1
    assert metrics.mba(truth, truth) in (1.0, None)
    assert metrics.mae(p, truth) == metrics.sad(p, p) == metrics.grad(p, p) == metrics.conn(p, p) == 0
    assert metrics.e_measure(p, truth).max == pytest.approx(1)
    if truth.any():
        assert metrics.weighted_f(p, truth) == pytest.approx(1)


@pytest.mark.parametrize(
    ("prediction", "truth"),
    [
        (np.zeros((4, 5), np.bool_), np.zeros((5, 4), np.bool_)),
        (np.zeros((4, 5), np.uint8), np.zeros((4, 5), np.bool_)),
    ],
)
def test_wrong_shapes_and_types_are_refused(prediction: Any, truth: Any) -> None:
    for measure in (metrics.iou, metrics.mba, metrics.boundary_iou, metrics.boundary_error):
        with pytest.raises(ValueError, match="masks must"):
            measure(prediction, truth)
