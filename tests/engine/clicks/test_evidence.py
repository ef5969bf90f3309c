"""What is known of a whole photo helps a first click where it means the same thing, and only there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps
from meticulous_gui.engine.clicks.crop import Crop, whole_crop
from meticulous_gui.engine.clicks.evidence import Evidence, joined, mean_of
from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.looks import object_found
from meticulous_gui.engine.roles import Prediction, Segmenter
from meticulous_gui.engine.steps import result_of
from meticulous_gui.engine.types import Logits, RgbImage
from tests.engine.clicks.toy import blobs, toy_segmenter
from tests.engine.stubs import ColourClick, IdentityRefiner
from tests.engine.stubs import finish as finish_job

SIZE_HW = 80, 100


@dataclass(eq=False)
class Knowing:
    """Says of any photo of the right size that the object is this one.

    Attributes:
        truth: (H, W) bool.
        n_looks: how often it was asked.
    """

    truth: Mask
    n_looks: int = 0
    second: Segmenter | None = None

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        self.n_looks += 1
        truth = np.ascontiguousarray(self.truth[:, ::-1]) if scale < 1 else self.truth
        return Prediction(resize(logits_of(truth), (rgb.shape[0], rgb.shape[1])))


def logits_of(mask: Mask) -> Logits:
    return np.where(mask, np.float32(6), np.float32(-6))


def boxes(*found: Box, size_hw: tuple[int, int] = SIZE_HW) -> Mask:
    mask = np.zeros(size_hw, np.bool_)
    for box in found:
        mask[box.slices()] = True
    return mask


LEFT, RIGHT = Box(10, 20, 40, 60), Box(60, 20, 90, 60)
IN_LEFT = (40, 25)  # row, column


@given(st.floats(0.5, 3), st.floats(-20, 40), st.floats(-20, 40), st.floats(40, 120))
def test_a_crop_shows_it_where_the_photo_is(scale: float, x0: float, y0: float, side: float) -> None:
    truth = boxes(LEFT)
    map_hw = round(scale * SIZE_HW[0]), round(scale * SIZE_HW[1])
    evidence = Evidence(resize(logits_of(truth), map_hw), SIZE_HW)
    crop = Crop(x0, y0, side, 64)
    seen = crop.box_in(SIZE_HW)
    if seen.is_empty:
        return
    wrong = crop.paste_mask(evidence.on(crop), seen) != truth[seen.slices()]
    inner = boxes(LEFT.pad(-3)) | ~boxes(LEFT.pad(3))  # the edge itself may be off by a pixel of the maps
    assert not wrong[inner[seen.slices()]].any()
    assert evidence.box.pad(3).contains(LEFT)


def test_only_pieces_that_are_clicked_or_found_by_both_are_meant() -> None:
    crop = whole_crop(SIZE_HW, size_px=100)
    both = Evidence(logits_of(boxes(LEFT, RIGHT)), SIZE_HW)
    answer_to_one = Evidence(logits_of(boxes(LEFT)), SIZE_HW).on(crop)
    one = both.of_clicks([IN_LEFT], answer_to_one, crop)
    assert one is not None
    assert np.array_equal(one.logits >= 0, boxes(LEFT))
    pair = both.of_clicks([IN_LEFT], both.on(crop), crop)
    assert pair is not None
    assert np.array_equal(pair.logits >= 0, boxes(LEFT, RIGHT))
    under = both.under(*IN_LEFT)
    assert under is not None
    assert np.array_equal(under.logits >= 0, boxes(LEFT))


def test_it_is_no_evidence_of_what_lies_beside_it_or_is_another_thing() -> None:
    crop = whole_crop(SIZE_HW, size_px=100)
    evidence = Evidence(logits_of(boxes(LEFT)), SIZE_HW)
    same = evidence.on(crop)
    assert evidence.of_clicks([(5, 5)], same, crop) is None
    assert evidence.of_clicks([IN_LEFT, (5, 5)], same, crop) is None
    assert evidence.of_clicks([], same, crop) is None
    detail = Evidence(logits_of(boxes(Box(22, 36, 28, 44))), SIZE_HW).on(crop)
    assert evidence.of_clicks([IN_LEFT], detail, crop) is None
    assert evidence.under(5, 5) is None


def test_no_network_outvotes_the_other() -> None:
    shy, wild = np.full((2, 2), -3, np.float32), np.full((2, 2), 1e6, np.float32)
    assert np.array_equal(mean_of(shy, wild), mean_of(wild, shy))
    assert (mean_of(shy, wild) == 2.5).all()


def test_together_two_networks_leave_no_hole_that_one_of_them_does_not_see() -> None:
    ring, whole = np.full((12, 12), -5, np.float32), np.full((12, 12), -5, np.float32)
    ring[2:10, 2:10], whole[2:10, 2:10] = 4, 3
    ring[4:8, 4:8] = -5  # a hole for one of them, and doubt in the mean of both
    assert (mean_of(ring, whole)[4:8, 4:8] < 0).all()
    for found in (joined(ring, whole), joined(whole, ring)):
        assert np.array_equal(found >= 0, whole >= 0)
    assert np.array_equal(joined(ring, ring), mean_of(ring, ring))  # a hole for both stays one


def test_what_is_in_doubt_at_the_rim_is_no_hole() -> None:
    part, whole = np.full((12, 12), -5, np.float32), np.full((12, 12), 3, np.float32)
    part[:6] = 4
    assert np.array_equal(joined(part, whole), mean_of(part, whole))


def test_a_click_on_what_is_known_is_answered_by_both_networks() -> None:
    rgb, truth = blobs(4)
    row, col = np.argwhere(truth)[truth.sum() // 2]
    alone = ClickSession(PhotoLevels(rgb), ColourClick())
    helped = ClickSession(PhotoLevels(rgb), ColourClick(), finder=Knowing(truth))
    for session in (alone, helped):
        result_of(session.click(col + 0.5, row + 0.5))
        assert session.mask[row, col]
    assert iou(helped.mask, truth) >= iou(alone.mask, truth)


def test_what_is_known_of_something_else_changes_nothing() -> None:
    rgb, truth = blobs(4)
    row, col = np.argwhere(truth)[truth.sum() // 2]
    elsewhere = np.zeros_like(truth)
    elsewhere[:8, :8] = True
    alone = ClickSession(PhotoLevels(rgb), ColourClick())
    other = ClickSession(PhotoLevels(rgb), ColourClick(), finder=Knowing(elsewhere))
    for session in (alone, other):
        result_of(session.click(col + 0.5, row + 0.5))
    assert np.array_equal(alone.mask, other.mask)


@settings(max_examples=8)
@given(st.integers(0, 1000))
def test_clicks_are_obeyed_against_all_evidence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgb, truth = blobs(seed)
    session = ClickSession(PhotoLevels(rgb), toy_segmenter(seed % 3), finder=Knowing(truth))
    for _ in range(3):
        row, col = int(rng.integers(SIZE_HW[0])), int(rng.integers(SIZE_HW[1]))
        result_of(session.click(col + 0.5, row + 0.5, is_positive=bool(rng.integers(2))))
        last = {(click.row, click.col): click.is_positive for click in session.clicks}
        assert all(session.mask[place] == sign for place, sign in last.items())


def test_a_mask_to_correct_is_not_questioned() -> None:
    rgb, truth = blobs(4)
    finder = Knowing(truth)
    session = ClickSession(PhotoLevels(rgb), ColourClick(), finder=finder, initial=truth)
    result_of(session.click(5.5, 5.5, is_positive=False))
    assert finder.n_looks == 0


def test_a_photo_is_looked_at_once_for_all_sessions_and_the_cut_out() -> None:
    rgb, truth = blobs(4)
    photo, finder = PhotoLevels(rgb), Knowing(truth)
    finish_job(
        cutout_steps(photo, finder, IdentityRefiner(), options=CascadeOptions()), np.zeros(SIZE_HW, np.uint8)
    )
    n_looks = finder.n_looks
    for _ in range(2):
        session = ClickSession(photo, ColourClick(), finder=finder)
        for _ in session.prepare_steps():
            pass
        result_of(session.click(50.5, 40.5))
    assert finder.n_looks == n_looks
    for _ in object_found(photo, Knowing(truth)):
        pass
    assert photo.found is not None
    assert photo.found[0] is not finder, "another network, another answer"
