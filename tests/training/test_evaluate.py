from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core import metrics
from training.common.calibrate import band_of, band_pixels, calibration_error, fit_ramp
from training.common.evaluate import Scores, cases_to_look_at, table, write_sheet
from training.common.sheet import contact_sheet, error_picture, grey_picture


def _square(shift: int = 0) -> NDArray[np.uint8]:
    alpha = np.zeros((64, 64), np.uint8)
    alpha[16 + shift : 48 + shift, 16:48] = 255
    return alpha


def _soft(shift: int) -> NDArray[np.float32]:
    return (_square(shift) >= 128).astype(np.float32)


def test_the_table_holds_mean_and_dataset_iou_mba_and_mae() -> None:
    scores = Scores("shifted")
    truth = _square()
    scores.add("one", _soft(1), truth)
    scores.add("two", _soft(0), truth)
    found = scores.summary()
    assert found["pictures"] == 2
    assert found["mean_iou"] == pytest.approx((0.939394 + 1) / 2, abs=1e-6)
    assert found["dataset_iou"] == pytest.approx((992 + 1024) / (1056 + 1024))
    assert found["mba"] == pytest.approx((0.746032 + 1) / 2, abs=1e-6)
    assert found["mae"] == pytest.approx(0.015625 / 2)
    assert "shifted" in table([scores])


def test_a_truth_without_edge_counts_for_iou_and_not_for_mba() -> None:
    scores = Scores("empty")
    empty = np.zeros((20, 30), np.uint8)
    assert scores.add("e", np.zeros((20, 30), np.float32), empty).mba is None
    scores.add("one", _soft(0), _square())
    found = scores.summary()
    assert (found["mean_iou"], found["mba"]) == (1.0, 1.0)
    assert (found["pictures"], found["without_edge"]) == (2.0, 1.0)


def test_worst_median_and_best_are_named_once_each_then_the_finest_of_the_others() -> None:
    scores = Scores("many")
    truth = _square()
    for shift in range(9):
        scores.add(f"k{shift}", _soft(shift), truth)
    comb = truth.copy()
    comb[16:48:2, :40] = 0
    toothless = comb.copy()
    toothless[17:20, :40] = 0
    scores.add_alpha("comb", toothless, comb)
    assert scores.pictures[0].edge_length == 4.0
    assert scores.pictures[-1].edge_length > 20
    chosen = cases_to_look_at(scores, n_each=2)
    assert [key for key, _ in chosen[:2]] == ["k8", "k7"]
    assert {key for key, _ in chosen[4:6]} == {"k0", "k1"}
    assert chosen[6][0] == "comb"
    assert chosen[6][1].startswith("fine  IoU 0.9")
    assert len({key for key, _ in chosen}) == len(chosen) == 8
    assert len(cases_to_look_at(scores)) == 10


def test_a_sheet_is_as_wide_as_its_widest_row(tmp_path: Path) -> None:
    rgb = np.zeros((40, 80, 3), np.uint8)
    sheet = contact_sheet([("a", [rgb, rgb]), ("b", [rgb])], height_px=20)
    assert sheet.shape == (2 * (20 + 16), 80, 3)
    write_sheet(tmp_path / "deep" / "sheet.png", [("a", [rgb])])
    with Image.open(tmp_path / "deep" / "sheet.png") as picture:
        assert picture.size == (640, 336)


def test_maps_are_shown_from_black_to_white_and_errors_in_two_colours() -> None:
    np.testing.assert_array_equal(grey_picture(np.array([[0.0, 1.0]], np.float32))[0, :, 0], [0, 255])
    np.testing.assert_array_equal(grey_picture(np.array([[7, 200]], np.uint8))[0, :, 2], [7, 200])
    rgb = np.full((1, 3, 3), 100, np.uint8)
    shown = error_picture(rgb, np.array([[True, False, True]]), np.array([[True, True, False]]))
    assert len({tuple(pixel) for pixel in shown[0].tolist()}) == 3


def test_the_ramp_that_made_the_logits_is_found_again() -> None:
    rng = np.random.default_rng(0)
    distance = np.linspace(-6, 6, 200, dtype=np.float32)[None] + rng.normal(0, 0.05, (40, 1)).astype(
        np.float32
    )
    alpha = np.round(255 * np.clip(0.5 + distance / 3, 0, 1)).astype(np.uint8)
    ramp, error = fit_ramp([(2 * distance, alpha)])  # logits twice as steep: the ramp is 6
    assert 5.0 < ramp < 7.0
    assert error(ramp) < min(error(1.0), error(16.0))


def test_the_temperature_of_overconfident_logits_calibrates_them() -> None:
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 1.5, (120, 160)).astype(np.float32)
    alpha = np.where(rng.random(honest.shape) < 1 / (1 + np.exp(-honest)), 255, 0).astype(np.uint8)
    logits, truth = band_pixels([(3 * honest, alpha)])
    temperature = metrics.fit_temperature(logits, truth)
    assert temperature == pytest.approx(3.0, abs=0.2)
    assert calibration_error(logits, truth, temperature) < 0.03 < calibration_error(logits, truth, 1.0)


def test_the_band_is_where_the_mask_turns_or_the_network_doubts() -> None:
    logits = np.full((40, 60), 8.0, np.float32)
    logits[:, :30] = -8.0
    logits[5, 50] = 1.0
    band = band_of(logits)
    assert band[20, 25:35].all()
    assert not band[20, :24].any()
    assert band[5, 50]
