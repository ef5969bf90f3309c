"""The band: what may change."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.band import BandRule, Region, SparseMask, band_of_logits, band_steps, rim_weight
from meticulous_gui.engine.fields import AlphaField, EnlargedField, Field, OverlaidField, PatchedField
from tests.engine.stubs import disc_logits

RULE = BandRule(near_px=12, reach_px=48, rim_px=8)


def _whole(size_hw: tuple[int, int]) -> Region:
    return Region(Box.whole(size_hw), size_hw)


def find_band(field: Field, rule: BandRule, *, region: Region) -> SparseMask:
    """Return the whole band of a level of the photo's size."""
    band = SparseMask(field.size_hw)
    for _ in band_steps(band, field, rule, region=region):
        pass
    return band


def test_a_sparse_mask_is_the_mask_it_was_made_of() -> None:
    rng = np.random.default_rng(0)
    mask = rng.random((600, 900)) < 0.00005
    sparse = SparseMask.from_mask(mask)
    assert sparse.n_pixels == mask.sum()
    np.testing.assert_array_equal(sparse.crop(Box(0, 0, 900, 600)), mask)
    np.testing.assert_array_equal(sparse.crop(Box(-3, -5, 300, 270))[5:, 3:], mask[:270, :300])
    for box in Box.whole((600, 900)).tiles(97):
        assert sparse.any_in(box) == mask[box.slices()].any()


def test_what_lies_near_a_sparse_mask_is_what_a_distance_to_all_of_it_says() -> None:
    mask = np.zeros((600, 900), np.bool_)
    mask[[5, 255, 256, 590], [10, 255, 700, 899]] = True
    sparse = SparseMask.from_mask(mask)
    rows, columns = np.mgrid[:600, :900]
    distances = [np.hypot(rows - y, columns - x) for y, x in np.argwhere(mask)]
    truth = np.min(distances, axis=0)
    for box in (Box(0, 0, 900, 600), Box(200, 230, 300, 310), Box(400, 300, 500, 400)):
        near, exact = sparse.near(box, 24), truth[box.slices()]
        assert near[exact <= 23].all()  # distances are measured to a few hundredths
        assert not near[exact > 25].any()
    bounds = sparse.bounds
    assert bounds.contains(Box(10, 5, 900, 591))
    assert SparseMask((600, 900)).bounds.is_empty


def test_a_field_over_another_counts_in_its_box_alone() -> None:
    below = np.full((40, 50), 255, np.uint8)
    over = np.zeros((10, 12), np.uint8)
    under = AlphaField(below, Box(0, 0, 50, 40), (40, 50))
    field = OverlaidField(under, AlphaField(over, Box(0, 20, 12, 30), (40, 50)), Box(0, 20, 12, 30))
    logits = field.crop(Box(-4, 0, 50, 40))[:, 4:]
    assert (logits[20:30, :12] < 0).all()
    assert (np.delete(logits, np.s_[20:30], axis=0) > 0).all()
    assert (logits[20:30, 12:] > 0).all()
    np.testing.assert_array_equal(field.crop(Box(-4, 0, 50, 40))[:, :4], np.repeat(logits[:, :1], 4, axis=1))
    assert field.is_quiet(Box(-3, 21, 10, 29))
    assert field.is_quiet(Box(20, 0, 50, 40))
    assert not field.is_quiet(Box(5, 18, 20, 40))


@pytest.mark.parametrize("scale", [1, 4])
def test_tiles_find_the_band_of_the_whole(scale: int) -> None:
    size_hw = (560, 700)
    small = disc_logits((size_hw[0] // scale, size_hw[1] // scale), sharpness=0.4)
    field = EnlargedField(small, size_hw)
    whole = field.crop(Box.whole(size_hw))
    expected = band_of_logits(whole, RULE)
    band = find_band(field, RULE, region=_whole(size_hw))
    np.testing.assert_array_equal(band.crop(Box.whole(size_hw)), expected)
    assert 0 < band.n_pixels < whole.size / 2


def test_uncertain_pixels_far_from_a_contour_count_on_the_first_level_only() -> None:
    logits = np.full((300, 300), -8, np.float32)
    logits[:20, :20] = 8
    logits[200:260, 200:260] = -1
    assert not band_of_logits(logits, RULE)[200:260, 200:260].any()
    assert band_of_logits(logits, BandRule(12, None, 8))[200:260, 200:260].all()


def test_the_band_keeps_to_the_region_and_off_what_was_decided() -> None:
    size_hw = (300, 400)
    field = EnlargedField(disc_logits(size_hw), size_hw)
    box = Box(100, 50, 300, 200)
    mask = np.zeros(box.size_hw, np.bool_)
    mask[:, :120] = True
    decided = np.zeros(size_hw, np.bool_)
    decided[:100] = True
    region = Region(box, size_hw, mask=mask, decided=decided, decided_box=Box.whole(size_hw))
    band = find_band(field, RULE, region=region).crop(Box.whole(size_hw))
    allowed = region.allowed(Box.whole(size_hw))
    assert band.any()
    assert not (band & ~allowed).any()
    assert not allowed[:100].any()
    assert not allowed[:, 220:].any()
    np.testing.assert_array_equal(band, allowed & band_of_logits(field.crop(Box.whole(size_hw)), RULE))


def test_a_region_in_which_all_is_decided_says_so() -> None:
    size_hw = (60, 80)
    box = Box(10, 10, 30, 30)
    decided = np.zeros(size_hw, np.bool_)
    decided[5:40, 5:40] = True
    whole = Box.whole(size_hw)
    assert Region(box, size_hw, decided=decided, decided_box=whole).is_all_decided()
    decided[12, 12] = False
    assert not Region(box, size_hw, decided=decided, decided_box=whole).is_all_decided()
    assert not Region(box, size_hw).is_all_decided()


def test_the_weight_of_a_region_fades_inside_it_but_not_at_the_photos_edge() -> None:
    size_hw = (100, 120)
    region = Region(Box(0, 20, 60, 100), size_hw)
    weight = region.weight(Box.whole(size_hw))
    assert weight[:20].max() == 0
    assert weight[:, 60:].max() == 0
    assert weight[99, 0] == 1
    assert 0 < weight[20, 30] < weight[22, 30] < 1
    assert weight[60, 30] == 1
    for tile in Box.whole(size_hw).tiles(33):
        np.testing.assert_array_equal(region.weight(tile), weight[tile.slices()])
    assert (_whole(size_hw).weight(Box(3, 4, 50, 60)) == 1).all()


def test_a_thin_region_still_counts_in_its_middle() -> None:
    size_hw = (100, 120)
    mask = np.zeros((100, 120), np.bool_)
    mask[40:46, 10:110] = True
    region = Region(Box.whole(size_hw), size_hw, mask=mask)
    assert region.weight(Box.whole(size_hw))[42:44, 40].min() == 1


def test_the_rim_falls_to_nothing_outside_the_band() -> None:
    mask = np.zeros((60, 300), np.bool_)
    mask[30, 100:150] = True
    band = SparseMask.from_mask(mask)
    weight = rim_weight(band, Box.whole((60, 300)), RULE)
    assert (weight[mask] == 1).all()
    assert 0 < weight[36, 120] < weight[32, 120] < 1
    assert weight[39:, :].max() == 0
    for tile in Box.whole((60, 300)).tiles(41):
        np.testing.assert_allclose(rim_weight(band, tile, RULE), weight[tile.slices()], atol=0.02)


def test_an_alpha_is_a_field_whose_last_pixels_repeat() -> None:
    alpha = np.array([[0, 255], [100, 255]], np.uint8)
    field = AlphaField(alpha, Box(10, 20, 12, 22), (40, 50))
    wide = field.crop(Box(8, 18, 14, 24))
    assert wide.shape == (6, 6)
    assert (wide[:3, :3] == wide[2, 2]).all()
    assert (wide[:, 3:] == wide[2, 3]).all()
    assert field.crop(Box(30, 30, 31, 31))[0, 0] == wide[2, 3]
    assert not field.is_quiet(Box(10, 20, 12, 22))
    assert field.is_quiet(Box(11, 20, 12, 22))


def test_a_patched_field_takes_the_other_one_where_it_changed_something() -> None:
    start = EnlargedField(np.full((8, 8), -6, np.float32), (8, 8))
    other = EnlargedField(np.full((4, 4), 6, np.float32), (8, 8))
    weight = np.zeros((4, 4), np.float32)
    weight[:, 2:] = 1
    field = PatchedField(start, other, weight, factor=2)
    assert field.crop(Box.whole((8, 8)))[0].tolist() == [-6] * 4 + [6] * 4
    assert field.is_quiet(Box(0, 0, 2, 8))
    assert not field.is_quiet(Box(2, 0, 6, 8))
