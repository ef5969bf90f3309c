"""Several looks of the coarse network, joined: laws of the box, of the join and of what a person gets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.resample import resize
from meticulous_gui.engine.alpha import confidence_from_logits
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps
from meticulous_gui.engine.fields import EnlargedField
from meticulous_gui.engine.jobs import Partial
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.looks import SECOND_SCALES, join_looks, look_again, object_box, surest
from meticulous_gui.engine.roles import Prediction, Segmenter
from meticulous_gui.engine.steps import result_of
from meticulous_gui.engine.types import Logits, Mask, RgbImage
from tests.engine.stubs import BrightSegmenter, IdentityRefiner, coarse_hw, disc_logits


def _photo_with_star(size_hw: tuple[int, int], centre_xy: tuple[float, float], radius: float) -> RgbImage:
    """Return a bright star on a dark ground."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]] + 0.5
    dx, dy = x - centre_xy[0], y - centre_xy[1]
    rim = radius * (0.7 + 0.3 * np.cos(7 * np.arctan2(dy, dx) + 0.4))
    return np.repeat(np.where(np.hypot(dx, dy) < rim, 230, 20).astype(np.uint8)[..., None], 3, axis=2)


def _look(segmenter: Segmenter, rgb: RgbImage) -> Prediction:
    return result_of(look_again(rgb, segmenter, segmenter.segment(rgb)))


def _mask(logits: Logits, size_hw: tuple[int, int]) -> Mask:
    return np.asarray(resize(logits, size_hw) >= 0)


@pytest.mark.parametrize(("centre_xy", "radius"), [((300.0, 150.0), 60.0), ((1000.0, 640.0), 140.0)])
def test_a_small_object_is_seen_more_sharply(centre_xy: tuple[float, float], radius: float) -> None:
    rgb = _photo_with_star((800, 1400), centre_xy, radius)
    truth = rgb[..., 0] > 128
    segmenter = BrightSegmenter()
    first = _mask(segmenter.segment(rgb).logits, truth.shape)
    better = _mask(_look(segmenter, rgb).logits, truth.shape)
    assert iou(better, truth) > iou(first, truth) + 0.004
    assert iou(better, truth) > 0.98


def test_the_mirrored_look_is_mirrored_back() -> None:
    rgb = _photo_with_star((300, 500), (90.0, 120.0), 70.0)
    truth = rgb[..., 0] > 128
    assert iou(_mask(_look(BrightSegmenter(), rgb).logits, truth.shape), truth) > 0.97


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 2**32 - 1))
def test_the_box_holds_what_was_found_and_lies_on_the_photo(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    small_hw = coarse_hw((height, width), 40)
    logits = np.full(small_hw, -5, np.float32)
    y, x = int(rng.integers(small_hw[0])), int(rng.integers(small_hw[1]))
    logits[y : y + 1 + int(rng.integers(9)), x : x + 1 + int(rng.integers(9))] = 5
    box = object_box(logits, (height, width))
    whole = Box.whole((height, width))
    assert whole.contains(box)
    assert not box.is_empty
    rows, columns = np.nonzero(logits >= 0)
    scale_y, scale_x = height / small_hw[0], width / small_hw[1]
    assert box.x0 <= columns.min() * scale_x
    assert box.y0 <= rows.min() * scale_y
    assert box.x1 >= min(width, (columns.max() + 1) * scale_x - 1e-6)
    assert box.y1 >= min(height, (rows.max() + 1) * scale_y - 1e-6)


@pytest.mark.parametrize("sure_is_second", [True, False])
def test_the_network_that_is_surer_of_a_photo_is_believed(sure_is_second: bool) -> None:
    rgb = _photo_with_star((300, 400), (90.0, 150.0), 70.0)  # off the middle: a mirrored look must be turned
    truth = rgb[..., 0] > 128

    class Doubting(BrightSegmenter):
        """Believes in the dark ground, but is not sure of it."""

        def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
            return Prediction(super().segment(rgb, scale=scale).logits * np.float32(-0.05))

    sure, doubting = BrightSegmenter(), Doubting()
    first, second = (doubting, sure) if sure_is_second else (sure, doubting)
    first.second = second
    what = result_of(look_again(rgb, first, first.segment(rgb))).logits
    if sure_is_second:
        whole = what.shape
        assert ((what >= 0) == resize(truth.astype(np.uint8), whole).astype(np.bool_)).mean() > 0.9
    else:
        assert iou(_mask(what, truth.shape), truth) > 0.98
    assert second.scales == list(SECOND_SCALES)


@pytest.mark.parametrize("level", [230, 20])
def test_two_networks_that_find_the_same_look_no_further(level: int) -> None:
    rgb = np.full((300, 400, 3), 20, np.uint8)
    rgb[80:200, 50:160] = level
    first, second = BrightSegmenter(), BrightSegmenter()
    first.second = second
    found = _mask(result_of(look_again(rgb, first, first.segment(rgb))).logits, rgb.shape[:2])
    if level == 230:
        assert iou(found, rgb[..., 0] > 128) > 0.95
        assert (len(first.scales), second.scales) == (2, [SECOND_SCALES[0]]), "one of the whole, one near"
    else:
        assert not found.any()
        assert (len(first.scales), second.scales) == (3, list(SECOND_SCALES)), "nothing may be hard to see"


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.floats(0.1, 4), min_size=1, max_size=5))
def test_what_is_joined_lies_between_the_looks_whatever_their_order(seed: int, scales: list[float]) -> None:
    rng = np.random.default_rng(seed)
    looks = [rng.normal(0, scale, (20, 30)).astype(np.float32) for scale in scales]
    joined = surest(looks)
    assert joined.dtype == np.float32
    assert (joined >= np.minimum.reduce(looks) - 1e-4).all()
    assert (joined <= np.maximum.reduce(looks) + 1e-4).all()
    np.testing.assert_allclose(joined, surest(looks[::-1]), atol=1e-4)
    np.testing.assert_allclose(surest([looks[0], -looks[0]]), 0, atol=1e-4)  # as sure of the opposite


def test_each_place_is_left_to_the_look_that_is_surer_there() -> None:
    left, right = np.full((80, 240), 0.2, np.float32), np.full((80, 240), 0.2, np.float32)
    left[:, :120], right[:, 120:] = -6, -6  # as sure as each other of the photo as a whole
    joined = surest([left, right])
    assert (joined[:, :100] < -5).all()
    assert (joined[:, 140:] < -5).all()


@pytest.mark.parametrize("level", [0.0, 1e-3, 88.0])
def test_looks_of_any_conviction_can_be_joined(level: float) -> None:
    looks = [np.full((8, 9), level, np.float32)] * 2
    np.testing.assert_allclose(surest(looks), level, rtol=1e-5)


def test_specks_do_not_widen_the_box_and_nothing_found_gives_all() -> None:
    logits = np.full((100, 100), -5, np.float32)
    assert object_box(logits, (500, 500)) == Box.whole((500, 500))
    logits[20:40, 20:40] = 5
    alone = object_box(logits, (500, 500))
    logits[90:92, 90:92] = 5
    assert object_box(logits, (500, 500)) == alone
    logits[60:80, 60:80] = 5
    assert object_box(logits, (500, 500)) != alone


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_near_look_that_says_the_same_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    what = np.clip(resize(rng.normal(0, 3, (12, 16)).astype(np.float32), (252, 336)), -8, 8)
    x0, y0 = int(rng.integers(0, 300)), int(rng.integers(0, 200))
    box = Box(x0, y0, x0 + 300, y0 + 250)
    size_hw = (504, 672)
    near = resize(what, size_hw)[box.slices()]
    joined = join_looks(what, near, box, size_hw)
    assert joined.shape == size_hw
    np.testing.assert_allclose(joined, resize(what, size_hw), atol=1e-4)


def test_a_near_look_that_sees_nothing_takes_no_object_away() -> None:
    what = disc_logits((336, 336))
    joined = join_looks(what, np.full((448, 448), -8, np.float32), Box(50, 50, 350, 350), (400, 400))
    assert iou(_mask(joined, (400, 400)), _mask(what, (400, 400))) > 0.9


def test_the_map_of_a_tiny_thing_in_a_huge_photo_stays_small() -> None:
    what = np.full((252, 336), -8, np.float32)
    joined = join_looks(what, np.full((448, 448), 8, np.float32), Box(9, 9, 59, 59), (6000, 8000))
    assert max(joined.shape) <= 1344


def test_a_cut_out_looks_three_times_and_without_refining_once() -> None:
    rgb = _photo_with_star((300, 400), (200.0, 150.0), 80.0)
    for refiner, n_looks in ((IdentityRefiner(), 3), (None, 1)):
        segmenter = BrightSegmenter()
        for _ in cutout_steps(PhotoLevels(rgb), segmenter, refiner):
            pass
        assert len(segmenter.scales) == n_looks


def test_what_is_sure_in_the_end_is_what_the_joined_looks_are_sure_of() -> None:
    """Doubt of the first look that later ones do not share must not stay where the mask did not change."""
    size_hw = (300, 400)
    rgb = _photo_with_star(size_hw, (200.0, 150.0), 80.0)
    rgb[20:60, 20:60] = 105  # a logit of -2.9: doubted, and no part of the object

    class SureWhenNear(BrightSegmenter):
        def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
            found = super().segment(rgb, scale=scale)
            doubted = np.abs(found.logits) < 4
            return Prediction(np.where((scale != 1) & doubted, -8, found.logits).astype(np.float32))

    segmenter = SureWhenNear()
    confidence = np.zeros(size_hw, np.uint8)
    options = CascadeOptions(max_step=64)
    for event in cutout_steps(PhotoLevels(rgb), segmenter, IdentityRefiner(), options=options):
        if isinstance(event, Partial):
            confidence[event.box.slices()] = event.confidence
    joined = EnlargedField(resize(_look(segmenter, rgb).logits, size_hw), size_hw)
    wanted = confidence_from_logits(joined.crop(Box.whole(size_hw)))
    far = np.s_[15:65, 15:65]
    np.testing.assert_array_equal(confidence[far], wanted[far])
