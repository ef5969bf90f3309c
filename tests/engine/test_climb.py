"""One run up the ladder: what the refiner is given, what is kept, what is let go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine import climb
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps, refine_steps
from meticulous_gui.engine.jobs import Partial, Report
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.tiling import Blend
from meticulous_gui.engine.types import Alpha, Batch, Mask
from tests.engine.stubs import IdentityRefiner, PictureRefiner, StubSegmenter, finish


@dataclass
class RecordingRefiner(IdentityRefiner):
    """Changes nothing and keeps what it was given."""

    inputs: list[Batch] = field(default_factory=list)

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        self.inputs.append(logits.copy())
        return super().answer(rgb, logits)


def refine(alpha: Alpha, refiner: IdentityRefiner, **options: object) -> Report:
    """Refine all of ``alpha`` on a black photo."""
    size_hw = (alpha.shape[0], alpha.shape[1])
    steps = refine_steps(
        PhotoLevels(np.zeros((*size_hw, 3), np.uint8)),
        refiner,
        alpha=alpha,
        alpha_box=Box.whole(size_hw),
        region=Region(Box.whole(size_hw), size_hw),
        **options,  # type: ignore[arg-type]
    )
    return finish(steps, alpha.copy())


def test_the_edge_of_a_hard_mask_is_softened_for_the_refiner_only() -> None:
    alpha = np.zeros((224, 224), np.uint8)
    alpha[:, 100:] = 255
    refiner = RecordingRefiner()
    refine(alpha, refiner)
    row = refiner.inputs[0][0, 0, 112]
    assert np.flatnonzero(np.abs(row) < 3).tolist() == [99, 100]
    assert (np.delete(np.abs(row), [99, 100]) >= 6).all()


def test_an_object_that_fills_an_odd_photo_has_no_edge_at_its_rim() -> None:
    report = refine(np.full((301, 403), 255, np.uint8), IdentityRefiner(), coarsest=4)
    assert sum(report.n_patches) == 0
    assert "no edge" in report.message


def test_around_a_box_the_refiner_still_sees_the_mask() -> None:
    refiner = RecordingRefiner()
    logits = np.full((336, 336), -5, np.float32)
    logits[100:236, 100:236] = 5
    steps = cutout_steps(
        PhotoLevels(np.zeros((1344, 1344, 3), np.uint8)),
        StubSegmenter(logits),
        refiner,
        region_box=Box(350, 350, 450, 450),
        options=CascadeOptions(max_step=2),
    )
    alpha = np.zeros((1344, 1344), np.uint8)
    report = finish(steps, alpha)
    assert len(report.n_patches) > 1
    # Nowhere the logit of "unknown": between the two there is only the narrow slope of the edge.
    assert max(float((np.abs(given) < 0.01).mean()) for given in refiner.inputs) < 0.01


def test_finished_patches_are_let_go_as_soon_as_no_neighbour_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n_held = []

    class Watched(Blend):
        def release(self, index: int) -> None:
            super().release(index)
            n_held.append(sum(logits is not None for logits in self._logits.values()))

    monkeypatch.setattr(climb, "Blend", Watched)
    size_hw = (300, 6000)
    alpha = np.zeros(size_hw, np.uint8)
    alpha[100:200, 30:-30] = 255
    report = refine(alpha, IdentityRefiner(), focus_xy=(0.0, 150.0))
    assert sum(report.n_patches) == len(n_held) > 70
    assert max(n_held) < 12
    assert n_held[-1] == 0


def far_off() -> tuple[PhotoLevels, Alpha]:
    """Return a photo of bright stripes and a mask of them; the first stripe begins 30 px later than there."""
    alpha = np.zeros((200, 2400), np.uint8)
    for left in (300, 900, 1400, 1900):
        alpha[:, left : left + 200] = 255
    rgb = np.repeat(alpha[..., None], 3, axis=2)
    rgb[:, 300:330] = 0
    return PhotoLevels(rgb), alpha


def bright(alpha: Alpha, photo: PhotoLevels, **options: object) -> tuple[Report, PictureRefiner]:
    """Refine ``alpha`` in place by a network that can tell bright from dark anywhere."""
    whole = Box.whole(photo.size_hw)
    given = {"region": Region(whole, photo.size_hw)} | options
    refiner = PictureRefiner()
    steps = refine_steps(photo, refiner, alpha=alpha.copy(), alpha_box=whole, **given)  # type: ignore[arg-type]
    return finish(steps, alpha), refiner


def test_an_edge_that_went_far_is_looked_at_again_until_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, alpha = far_off()
    report, _ = bright(alpha, photo)
    assert ((alpha >= 128) == (photo.rgb[..., 0] > 0)).all()
    once = far_off()[1]
    monkeypatch.setattr(climb, "_MOST_LOOKS", 1)
    report_once, _ = bright(once, photo)
    assert (once[:, 320] >= 128).all()  # one look reaches some twenty pixels
    # The other edges were right: only the patches around the first are asked once more.
    assert report_once.n_patches[0] < report.n_patches[0] < 2 * report_once.n_patches[0]


def cut_out_of(is_bright: Mask, found: Mask) -> Mask:
    """Return the cut-out of a photo, bright where its object is, of which ``found`` was found at first."""
    rgb = np.repeat(is_bright.astype(np.uint8)[..., None] * np.uint8(255), 3, axis=2)
    segmenter = StubSegmenter(np.where(found, np.float32(6), np.float32(-6)))
    alpha = np.zeros(is_bright.shape, np.uint8)
    finish(cutout_steps(PhotoLevels(rgb), segmenter, PictureRefiner()), alpha)
    return alpha >= 128


def test_a_cut_out_opens_what_lies_behind_what_it_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thing found wider by 50 px than it is, one look takes less than half away."""
    is_bright, found = np.zeros((320, 320), np.bool_), np.zeros((320, 320), np.bool_)
    is_bright[:, 150:250] = found[:, 100:250] = True
    assert (cut_out_of(is_bright, found) == is_bright).all()
    monkeypatch.setattr(climb, "_MOST_LOOKS", 1)
    assert cut_out_of(is_bright, found)[:, 130:150].all()


def test_a_second_look_at_a_cut_out_adds_nothing() -> None:
    """Above, the thing was found too wide, below not wide enough: only what is too much goes on going."""
    is_bright, found = np.zeros((320, 320), np.bool_), np.zeros((320, 320), np.bool_)
    found[:, 100:250] = True
    is_bright[:160, 150:250] = is_bright[160:, 50:250] = True
    result = cut_out_of(is_bright, found)
    assert not result[:140, :150].any()
    assert result[165:300, 90:100].all()  # the first look
    assert (result[165:300] == result[299]).all()  # near what went and far from it, that look's edge


def test_another_look_changes_only_what_may_change() -> None:
    photo, alpha = far_off()
    before = alpha.copy()
    size_hw = photo.size_hw
    mask = np.zeros((200, 400), np.bool_)
    mask[:, :120] = True
    decided = np.zeros((200, 400), np.bool_)
    decided[80:120] = True
    box = Box(200, 0, 600, 200)
    bright(alpha, photo, region=Region(box, size_hw, mask=mask, decided=decided, decided_box=box))
    assert (alpha[80:120] == before[80:120]).all()
    assert (alpha[:, 320:] == before[:, 320:]).all()
    assert (alpha[:70, 300:310] < 128).all()


def test_what_another_look_leaves_is_as_sure_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, alpha = far_off()
    faint = PhotoLevels(photo.rgb // 255 * 134)  # hardly more bright than dark
    whole = Box.whole(photo.size_hw)
    shown = []
    for most in (1, climb._MOST_LOOKS):
        monkeypatch.setattr(climb, "_MOST_LOOKS", most)
        region = Region(whole, photo.size_hw)
        steps = refine_steps(faint, PictureRefiner(), alpha=alpha, alpha_box=whole, region=region)
        confidence = np.full(photo.size_hw, 255, np.uint8)
        for event in steps:
            if isinstance(event, Partial):
                confidence[event.box.slices()] = event.confidence
        shown.append(confidence[:, 300:500])
    once, again = shown
    assert (once[:, 190:] < 128).all()
    assert (again[:, 190:] == once[:, 190:]).all()  # in the patches of the second look, far from its edge
    assert (again[:, 31:35] < once[:, 31:35]).all()


def test_the_guard_lets_an_edge_move_and_a_strand_go() -> None:
    options = CascadeOptions()
    before = np.full((224, 224), -6, np.float32)
    before[:, :112] = 6
    band = np.zeros((224, 224), np.bool_)
    band[:, 100:124] = True
    moved = np.roll(before, 8, axis=1)
    moved[:, :8] = 6
    assert not climb.contradicts(before, moved, band, options)
    assert climb.contradicts(before, -before, band, options)
    strand = np.full((224, 224), -6, np.float32)
    strand[:, 100:103] = 6
    assert not climb.contradicts(strand, np.full_like(strand, -6), band, options)
    assert climb.contradicts(before, np.full_like(before, -6), band, options)
