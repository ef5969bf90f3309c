"""The cascade: laws of the whole way from a coarse mask to the photo."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.resample import resize
from meticulous_gui.engine.alpha import alpha_from_logits
from meticulous_gui.engine.band import BandRule, Region, rim_weight
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps, refine_steps
from meticulous_gui.engine.fields import EnlargedField
from meticulous_gui.engine.jobs import Partial, Report
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.types import Alpha, Logits, RgbImage
from tests.engine.stubs import (
    BrightSegmenter,
    BrokenRefiner,
    ConstantRefiner,
    IdentityRefiner,
    PictureRefiner,
    StubSegmenter,
    UnevenRefiner,
    coarse_hw,
    disc_logits,
    disc_photo,
    finish,
)
from tests.engine.test_band import find_band

SIZES = [(1, 1), (223, 500), (225, 225), (1000, 700), (300, 6000)]


def _cutout(
    rgb: RgbImage, refiner: Refiner | None, *, segmenter: StubSegmenter | None = None, **kwargs: object
) -> tuple[Alpha, Report]:
    alpha = np.full(rgb.shape[:2], 77, np.uint8)
    steps = cutout_steps(PhotoLevels(rgb), segmenter or StubSegmenter(), refiner, **kwargs)  # type: ignore[arg-type]
    report = finish(steps, alpha)
    return alpha, report


def _refine(
    rgb: RgbImage, alpha: Alpha, refiner: Refiner, region: Region | None = None, **kwargs: object
) -> tuple[Alpha, Report]:
    size_hw = (rgb.shape[0], rgb.shape[1])
    result = alpha.copy()
    steps = refine_steps(
        PhotoLevels(rgb),
        refiner,
        alpha=alpha,
        alpha_box=Box.whole(size_hw),
        region=region or Region(Box.whole(size_hw), size_hw),
        **kwargs,  # type: ignore[arg-type]
    )
    report = finish(steps, result)
    return result, report


def _wavy_logits(size_hw: tuple[int, int]) -> Logits:
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    return (7 * np.cos(x / 9) * np.cos(y / 11)).astype(np.float32)


@pytest.mark.parametrize("size_hw", SIZES)
def test_an_identity_refiner_leaves_the_enlarged_coarse_mask(size_hw: tuple[int, int]) -> None:
    """Check 5: what comes out is the alpha of the coarse logits enlarged to the photo, pixel for pixel."""
    logits = _wavy_logits(coarse_hw(size_hw))
    segmenter = StubSegmenter(logits)
    rgb = np.zeros((*size_hw, 3), np.uint8)
    options = CascadeOptions(max_step=64, looks_again=False)  # one level: no enlargement in two steps
    alpha, report = _cutout(rgb, IdentityRefiner(), segmenter=segmenter, options=options)
    assert len(report.n_patches) == 1
    field = EnlargedField(resize(logits, size_hw) if max(size_hw) <= 336 else logits, size_hw)
    rule = BandRule(reach_px=None)
    whole = Box.whole(size_hw)
    band = find_band(field, rule, region=Region(whole, size_hw))
    expected = alpha_from_logits(field.crop(whole), band=rim_weight(band, whole, rule) > 0)
    np.testing.assert_array_equal(alpha, expected)


@pytest.mark.parametrize("coarsest", [1, 4, 8])
@pytest.mark.parametrize("size_hw", SIZES)
def test_an_identity_refiner_leaves_an_existing_alpha_untouched(
    size_hw: tuple[int, int], coarsest: int
) -> None:
    rng = np.random.default_rng(0)
    hard = np.where(_wavy_logits(size_hw) > 0, 255, 0).astype(np.uint8)
    soft = rng.integers(0, 256, size_hw, dtype=np.uint8)
    rgb = np.zeros((*size_hw, 3), np.uint8)
    specks = np.where(rng.random(size_hw) < 0.1, soft, hard)
    for alpha in (hard, soft, specks) if max(size_hw) < 1000 else (hard,):
        result, _ = _refine(rgb, alpha, IdentityRefiner(), coarsest=coarsest)
        np.testing.assert_array_equal(result, alpha)


def test_a_photo_smaller_than_the_coarse_mask_still_gets_a_level_of_its_own_size() -> None:
    refiner = IdentityRefiner()
    alpha, report = _cutout(disc_photo((90, 120)), refiner)
    assert refiner.n_calls == 1
    assert report.n_patches == (1,)
    assert abs(int((alpha >= 128).sum()) - np.pi * 27**2) < 60


@pytest.mark.parametrize("size_hw", [(700, 1000), (1500, 1200)])
def test_the_refined_edge_is_where_the_photo_has_it(size_hw: tuple[int, int]) -> None:
    rgb = disc_photo(size_hw)
    coarse = disc_logits(coarse_hw(size_hw))
    shifted = np.roll(coarse, 2, axis=1)
    alpha, report = _cutout(rgb, PictureRefiner(), segmenter=StubSegmenter(shifted))
    truth = disc_logits(size_hw) >= 0
    assert ((alpha >= 128) == truth).mean() > 0.9999
    assert report.kept_out == ()
    unrefined, _ = _cutout(rgb, None, segmenter=StubSegmenter(shifted))
    assert ((unrefined >= 128) == truth).mean() < 0.995


@pytest.mark.parametrize("refiner", [PictureRefiner(), IdentityRefiner()])
def test_outside_the_last_band_alpha_is_nothing_or_everything_exactly(refiner: Refiner) -> None:
    """And where the band ends in doubt it comes to that gradually."""
    logits = np.where(disc_logits((336, 300)) >= 0, 7, -0.5).astype(np.float32)
    options = CascadeOptions(max_step=2)  # on the first level the band holds all that is doubted
    alpha, _ = _cutout(disc_photo((1008, 900)), refiner, segmenter=StubSegmenter(logits), options=options)
    distance = disc_logits((1008, 900), sharpness=0.05) / 0.05
    assert set(np.unique(alpha[np.abs(distance) > 80])) == {0, 255}
    steps = np.abs(np.diff(alpha.astype(np.int16), axis=1))
    assert steps[distance[:, 1:] < -20].max() < 32


def test_neither_the_order_nor_the_batch_size_matters() -> None:
    size_hw = (900, 700)
    rgb = disc_photo(size_hw)
    start = np.where(np.roll(disc_logits(size_hw), 5, axis=1) >= 0, 255, 0).astype(np.uint8)
    first, _ = _refine(rgb, start, PictureRefiner(batch_size=1))
    assert not np.array_equal(first, start)
    for batch_size, focus in ((4, (0.0, 0.0)), (3, (700.0, 900.0)), (64, (350.0, 0.0))):
        again, _ = _refine(rgb, start, PictureRefiner(batch_size=batch_size), focus_xy=focus)
        np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("size_hw", [(1, 1), (300, 200), (1500, 1200)])
def test_a_job_that_nobody_watches_ends_with_the_same_mask(size_hw: tuple[int, int]) -> None:
    rgb, logits = disc_photo(size_hw), np.roll(disc_logits(coarse_hw(size_hw)), 2, axis=1)
    n_partials = []
    alphas = []
    for is_watched in (True, False):
        options = CascadeOptions(is_watched=is_watched)
        alpha = np.full(size_hw, 77, np.uint8)
        events = list(
            cutout_steps(PhotoLevels(rgb), StubSegmenter(logits), PictureRefiner(), options=options)
        )
        partials = [event for event in events if isinstance(event, Partial)]
        for partial in partials:
            alpha[partial.box.slices()] = partial.alpha
        n_partials.append(len(partials))
        alphas.append(alpha)
    np.testing.assert_array_equal(alphas[0], alphas[1])
    assert n_partials[1] < n_partials[0] or size_hw == (1, 1)


@settings(max_examples=8)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 2**32 - 1))
def test_the_partials_of_a_cutout_cover_the_photo(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, coarse_hw((height, width))).astype(np.float32)
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    seen = np.zeros((height, width), np.bool_)
    for event in cutout_steps(PhotoLevels(rgb), StubSegmenter(logits), None):
        if isinstance(event, Partial):
            seen[event.box.slices()] = True
    assert seen.all()


def test_moving_the_picture_by_whole_steps_moves_the_result() -> None:
    """Check 6a: on a canvas of 1024 px a shift by (160, 320) puts the same pixels into other patches."""
    small = disc_photo((200, 200))
    results = []
    for dx, dy in ((0, 0), (320, 160), (37, 11)):
        rgb = np.full((1024, 1024, 3), 60, np.uint8)
        alpha = np.zeros((1024, 1024), np.uint8)
        x, y = 350 + dx, 350 + dy
        rgb[y : y + 200, x : x + 200] = small
        alpha[y + 50 : y + 150, x + 50 : x + 150] = 255
        refined, _ = _refine(rgb, alpha, UnevenRefiner())
        results.append(refined[y - 40 : y + 240, x - 40 : x + 240])
    np.testing.assert_array_equal(results[0], results[1])
    # The refiner is one that would show it: by other steps it sees the picture at another place of a patch.
    assert (results[0] != results[2]).any()


def test_a_thin_stripe_at_the_right_and_bottom_edge_survives() -> None:
    rgb = np.zeros((700, 1000, 3), np.uint8)
    alpha = np.zeros((700, 1000), np.uint8)
    alpha[:, -2:] = 255
    alpha[-2:] = 255
    result, _ = _refine(rgb, alpha, IdentityRefiner())
    np.testing.assert_array_equal(result, alpha)


def test_a_region_refine_changes_nothing_outside_its_region_nor_what_was_decided() -> None:
    size_hw = (600, 800)
    rgb = disc_photo(size_hw)
    alpha = np.where(np.roll(disc_logits(size_hw), 6, axis=1) >= 0, 255, 0).astype(np.uint8)
    box = Box(150, 100, 420, 400)
    y, x = np.mgrid[:300, :270]
    mask = np.hypot(x - 135, y - 150) < 130
    decided = np.zeros(size_hw, np.bool_)
    decided[250:300] = True
    region = Region(box, size_hw, mask=mask, decided=decided, decided_box=Box.whole(size_hw))
    result, report = _refine(rgb, alpha, PictureRefiner(), region)
    allowed = region.allowed(Box.whole(size_hw))
    np.testing.assert_array_equal(result[~allowed], alpha[~allowed])
    truth = disc_logits(size_hw) >= 0
    inner = region.weight(Box.whole(size_hw)) == 1
    assert ((result >= 128) == truth)[inner].mean() > 0.999
    assert ((alpha >= 128) == truth)[inner].mean() < 0.99
    assert report.n_patches[-1] > 0


def test_a_region_that_is_decided_all_over_says_so_and_runs_nothing() -> None:
    refiner = PictureRefiner()
    size_hw = (300, 300)
    region = Region(
        Box(10, 10, 90, 90), size_hw, decided=np.ones(size_hw, np.bool_), decided_box=Box.whole(size_hw)
    )
    alpha = np.zeros(size_hw, np.uint8)
    result, report = _refine(disc_photo(size_hw), alpha, refiner, region)
    assert "by hand" in report.message
    assert refiner.n_calls == 0
    np.testing.assert_array_equal(result, alpha)


def test_a_region_without_an_edge_says_so() -> None:
    alpha = np.zeros((300, 300), np.uint8)
    _, report = _refine(disc_photo((300, 300)), alpha, PictureRefiner())
    assert "no edge" in report.message


@pytest.mark.parametrize("coarsest", [8, 16])
def test_a_mask_that_is_off_by_many_pixels_is_mended_from_a_coarser_level(coarsest: int) -> None:
    size_hw = (900, 1100)
    rgb = disc_photo(size_hw)
    truth = disc_logits(size_hw) >= 0
    alpha = np.where(np.roll(truth, 75, axis=1), 255, 0).astype(np.uint8)
    coarse, _ = _refine(rgb, alpha, PictureRefiner(), coarsest=coarsest)
    fine, _ = _refine(rgb, alpha, PictureRefiner(), coarsest=1)
    assert ((coarse >= 128) == truth).mean() > 0.999
    assert ((fine >= 128) == truth).mean() < 0.99


def test_a_patch_that_denies_what_was_certain_is_kept_out_and_reported() -> None:
    size_hw = (500, 700)
    alpha = np.where(disc_logits(size_hw) >= 0, 255, 0).astype(np.uint8)
    result, report = _refine(disc_photo(size_hw), alpha, ConstantRefiner(value=-7.0))
    np.testing.assert_array_equal(result, alpha)
    assert len(report.kept_out) == sum(report.n_patches) > 0
    assert "there the mask was left as it was" in report.message


def test_a_network_that_gives_no_numbers_is_an_error() -> None:
    with pytest.raises(EngineError, match="no mask"):
        _cutout(disc_photo((300, 300)), BrokenRefiner())


def test_faint_pieces_that_a_job_made_are_dropped_and_a_persons_soft_brush_is_not() -> None:
    size_hw = (300, 400)
    rgb = np.full((*size_hw, 3), 60, np.uint8)
    rgb[100:200, 100:200] = 200
    rgb[30:50, 300:320] = 117  # the stub sees a logit of -.66: an alpha of a third
    alpha = np.zeros(size_hw, np.uint8)
    alpha[95:205, 95:205] = 255
    alpha[35:45, 305:315] = 130  # an edge, so that the network looks here
    alpha[250:270, 50:70] = 90
    result, _ = _refine(rgb, alpha, PictureRefiner())
    assert result[20:60, 290:330].max() == 0
    assert (result[110:190, 110:190] == 255).all()
    kept, _ = _refine(np.full((*size_hw, 3), 60, np.uint8), alpha, IdentityRefiner())
    assert (kept[250:270, 50:70] == 90).all()


def test_faint_pieces_of_a_cutout_are_dropped_too() -> None:
    rgb = disc_photo((336, 336), noise=0)
    rgb[20:60, 20:60] = 117  # the stub sees a logit of -.66: an alpha of a third
    logits = disc_logits((336, 336))
    logits[20:60, 20:60] = -2  # uncertain, so that the network looks here
    alpha, _ = _cutout(rgb, PictureRefiner(), segmenter=StubSegmenter(logits))
    assert alpha[:80, :80].max() == 0
    assert alpha[168, 168] == 255


def test_nothing_found_is_said() -> None:
    logits = np.full((336, 336), -8, np.float32)
    alpha, report = _cutout(disc_photo((400, 400)), PictureRefiner(), segmenter=StubSegmenter(logits))
    assert report.is_empty
    assert report.message == "No object was found."
    assert alpha.max() == 0


def test_stopping_in_between_leaves_whole_patches() -> None:
    """Check 12: what was delivered before a stop is a blend of finished patches."""
    size_hw = (900, 1000)
    rgb = disc_photo(size_hw)
    start = np.where(np.roll(disc_logits(size_hw), 5, axis=1) >= 0, 255, 0).astype(np.uint8)
    refiner = PictureRefiner(batch_size=1)
    steps = refine_steps(
        PhotoLevels(rgb),
        refiner,
        alpha=start,
        alpha_box=Box.whole(size_hw),
        region=Region(Box.whole(size_hw), size_hw),
        focus_xy=(200.0, 450.0),
    )
    alpha = start.copy()
    boxes: list[Box] = []
    while refiner.n_calls < 4:
        event = next(steps)
        if isinstance(event, Partial):
            alpha[event.box.slices()] = event.alpha
            boxes.append(event.box)
    steps.close()
    assert refiner.n_calls == 4
    assert [box.size_hw for box in boxes] == [(224, 224)] * len(boxes)
    whole, _ = _refine(rgb, start, PictureRefiner())
    touched = np.zeros(size_hw, np.bool_)
    for box in boxes:
        touched[box.slices()] = True
        centre = box.pad(-64).slices()  # where no neighbour has a share
        np.testing.assert_array_equal(alpha[centre], whole[centre])
    assert (alpha != start).any()
    np.testing.assert_array_equal(alpha[~touched], start[~touched])
    # Towards neighbours that are not done the new edge fades into the old one.
    assert (np.minimum(start, whole) <= alpha).all()
    assert (alpha <= np.maximum(start, whole)).all()


def test_the_first_patches_are_nearest_to_the_focus() -> None:
    size_hw = (900, 1000)
    alpha = np.where(disc_logits(size_hw) >= 0, 255, 0).astype(np.uint8)
    steps = refine_steps(
        PhotoLevels(disc_photo(size_hw)),
        PictureRefiner(batch_size=1),
        alpha=alpha,
        alpha_box=Box.whole(size_hw),
        region=Region(Box.whole(size_hw), size_hw),
        focus_xy=(770.0, 450.0),
    )
    boxes = [event.box for event in steps if isinstance(event, Partial) and event.box.size_hw == (224, 224)]
    distance = [np.hypot((b.x0 + b.x1) / 2 - 770, (b.y0 + b.y1) / 2 - 450) for b in boxes]
    assert len(distance) > 4
    assert distance == sorted(distance)


def test_skipping_leaves_out_what_the_level_before_did_not_move() -> None:
    size_hw = (2000, 2600)
    logits = (disc_logits(coarse_hw(size_hw)) >= 0) * np.float32(16) - 8
    rgb = np.zeros((*size_hw, 3), np.uint8)
    without, report = _cutout(rgb, IdentityRefiner(), segmenter=StubSegmenter(logits))
    options = CascadeOptions(has_skipping=True)
    with_it, skipped = _cutout(rgb, IdentityRefiner(), segmenter=StubSegmenter(logits), options=options)
    assert report.n_skipped == 0
    assert skipped.n_skipped + sum(skipped.n_patches) == sum(report.n_patches)
    np.testing.assert_array_equal(with_it >= 128, without >= 128)


def _peak_bytes(size_hw: tuple[int, int]) -> int:
    rgb = disc_photo(size_hw)
    photo = PhotoLevels(rgb)
    tracemalloc.start()
    try:
        for _ in cutout_steps(photo, BrightSegmenter(), PictureRefiner()):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_more_area_takes_at_most_four_bytes_a_pixel() -> None:
    """Check 12: memory follows the band; of the whole photo only alpha and small levels are held."""
    small, large = (2000, 3000), (2828, 4243)
    more = _peak_bytes(large) - _peak_bytes(small)
    assert more <= 4 * (large[0] * large[1] - small[0] * small[1])


def test_no_step_makes_a_person_wait_for_more_than_a_batch() -> None:
    refiner = PictureRefiner(batch_size=2)
    rgb = disc_photo((2000, 3000))
    n_steps = sum(1 for _ in cutout_steps(PhotoLevels(rgb), StubSegmenter(), refiner))
    assert n_steps > 100
    assert max(refiner.batch_sizes) == 2
