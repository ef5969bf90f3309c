"""Scenes of cut-outs over photographs: where each object lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.common.mixture import parse_shares
from training.common.pasted import PastedScenes, cut_out
from training.common.shards import Pair, open_set
from training.fbrs.data import ObjectSource


@pytest.fixture(scope="module")
def scenes(data: Path) -> PastedScenes:
    return PastedScenes(open_set([data], "duts", "train"))


@pytest.mark.parametrize("seed", range(12))
def test_no_pixel_belongs_to_two_objects(
    scenes: PastedScenes, seed: int
) -> None:
    index = seed % len(scenes)
    scene = scenes.scene(index, np.random.default_rng(seed))
    ground = scenes.photos[index]
    size_hw = scene.rgb.shape[:2]
    assert size_hw == ground.rgb.shape[:2]
    masks = [thing.on(size_hw) for thing in scene.objects]
    assert np.sum(masks, axis=0).max(initial=0) <= 1
    assert all(mask.any() for mask in masks)
    own = [mask for mask, thing in zip(masks, scene.objects, strict=True) if thing.id == 0]
    assert all((mask <= (ground.alpha >= 128)).all() for mask in own)


def test_scenes_hold_several_objects_and_differ_by_their_generator(scenes: PastedScenes) -> None:
    drawn = [scenes.scene(0, np.random.default_rng(seed)) for seed in range(12)]
    assert max(len(scene.objects) for scene in drawn) >= 3
    assert (drawn[0].rgb != drawn[1].rgb).any()
    again = scenes.scene(0, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn[0].rgb, again.rgb)
    assert len(drawn[0].objects) == len(again.objects)


def test_a_cut_out_is_no_larger_than_its_object_needs() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:20, 30:50] = 255
    thing = cut_out(Pair("a", np.zeros((40, 60, 3), np.uint8), alpha))
    assert thing.alpha.shape == (14, 24)
    assert thing.rgb.shape == (14, 24, 3)
    assert thing.alpha[7, 12] == 255


def test_the_click_network_draws_one_object_of_a_pasted_scene_and_knows_the_others(data: Path) -> None:
    source = ObjectSource.open([data], parse_shares("pasted:1,duts:0.001"), seed=0)
    assert source.sets["pasted"].photos is source.sets["duts"]  # type: ignore[union-attr]
    n_with_others = 0
    for number in range(8):
        rgb, truth, others = source.draw(number, np.random.default_rng(number))
        assert rgb.shape[:2] == truth.shape
        assert truth.any()
        assert not (truth & others).any()
        n_with_others += bool(others.any())
    assert n_with_others >= 4
