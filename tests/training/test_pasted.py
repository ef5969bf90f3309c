"""Scenes of cut-outs over photographs: where each object lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.common.mixture import parse_shares
from training.common.pasted import KinScenes, PastedScenes, cut_out, kind_of
from training.common.shards import Pair, open_set
from training.fbrs.data import ObjectSource


@pytest.fixture(scope="module")
def scenes(data: Path) -> PastedScenes:
    return PastedScenes(open_set([data], "duts", "train"))


@pytest.fixture(scope="module")
def kin(scenes: PastedScenes) -> KinScenes:
    return KinScenes(scenes.photos)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("making", ["scenes", "kin"])
def test_no_pixel_belongs_to_two_objects(
    request: pytest.FixtureRequest, making: str, seed: int
) -> None:
    scenes = request.getfixturevalue(making)
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


def test_things_of_a_kind_are_no_larger_than_they_are_beside_their_like(kin: KinScenes) -> None:
    """None is more than a quarter longer than the photo's own object, turned by up to 20 degrees."""
    n_seen = 0
    for index in range(len(kin)):
        own = max(cut_out(kin.photos[index]).alpha.shape)
        for thing in kin.scene(index, np.random.default_rng(index)).objects:
            if thing.id:
                n_seen += 1
                assert max(thing.box.height, thing.box.width) <= own * 1.25 * 1.3 + 2
    assert n_seen >= len(kin)


def test_the_photos_own_object_can_lie_in_front_of_its_kin(kin: KinScenes) -> None:
    """Somewhere a thing is hidden by the object that was there before it."""
    index = max(range(len(kin)), key=lambda place: int((kin.photos[place].alpha >= 128).sum()))
    own = kin.photos[index].alpha >= 128
    n_behind = 0
    for seed in range(20):
        scene = kin.scene(index, np.random.default_rng(seed))
        n_behind += sum(thing.id == 0 and (thing.on(own.shape) == own).all() for thing in scene.objects)
    assert 0 < n_behind < 20


@pytest.mark.parametrize(
    ("key", "kind"),
    [("duts_n00007846_6316", "n00007846"), ("ccp_0001", "ccp"), ("duts_sun_a", "duts_sun_a")],
)
def test_a_key_says_what_kind_of_thing_it_is_or_is_its_own(key: str, kind: str) -> None:
    assert kind_of(key) == kind


def test_a_cut_out_is_no_larger_than_its_object_needs() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:20, 30:50] = 255
    thing = cut_out(Pair("a", np.zeros((40, 60, 3), np.uint8), alpha))
    assert thing.alpha.shape == (14, 24)
    assert thing.rgb.shape == (14, 24, 3)
    assert thing.alpha[7, 12] == 255


@pytest.mark.parametrize("name", ["pasted", "kin"])
def test_the_click_network_draws_one_object_of_a_pasted_scene_and_knows_the_others(
    data: Path, name: str
) -> None:
    source = ObjectSource.open([data], parse_shares(f"{name}:1,duts:0.001"), seed=0)
    assert source.sets[name].photos is source.sets["duts"]  # type: ignore[union-attr]
    n_with_others = 0
    for number in range(8):
        rgb, truth, others = source.draw(number, np.random.default_rng(number))
        assert rgb.shape[:2] == truth.shape
        assert truth.any()
        assert not (truth & others).any()
        n_with_others += bool(others.any())
    assert n_with_others >= 4
