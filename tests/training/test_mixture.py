from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from meticulous_gui.core.errors import UsageError
from training.common.augment import generator
from training.common.composite import composite, empty_background
from training.common.mixture import CompositeSettings, Mixture, Share, parse_shares
from training.common.shards import Pair, PairSet, _Source


def _set(prefix: str, n: int, *, object_rows: slice = slice(4, 8)) -> PairSet:
    """Return plain photos, each of its own grey, with a bright object."""
    sources = []
    for index in range(n):
        mask = np.zeros((24, 32), np.uint8)
        mask[object_rows, 8:16] = 255
        rgb = np.where(mask[..., None] > 0, np.uint8(250), np.full((24, 32, 3), index, np.uint8))
        streams = [io.BytesIO(), io.BytesIO()]
        Image.fromarray(rgb).save(streams[0], "PNG")
        Image.fromarray(mask).save(streams[1], "PNG")
        sources.append(_Source(f"{prefix}_{index:03d}", streams[0].getvalue(), streams[1].getvalue()))
    return PairSet(sources)


def test_one_pass_shows_every_picture_once_and_the_next_in_another_order() -> None:
    mixture = Mixture((Share("a", 1.0),), {"a": _set("a", 12)}, seed=3, photo_set="a")
    passes = [[mixture.pair("a", 12 * epoch + place).key for place in range(12)] for epoch in (0, 1)]
    assert sorted(passes[0]) == sorted(passes[1]) == list(mixture.sets["a"].keys)
    assert passes[0] != passes[1]


def test_sets_are_drawn_by_their_shares() -> None:
    mixture = Mixture(parse_shares("a:3,b:1"), {"a": _set("a", 5), "b": _set("b", 5)}, seed=0, photo_set="a")
    names = [mixture.choose(generator(1, number, 0)) for number in range(2000)]
    assert 0.70 < names.count("a") / 2000 < 0.80


@pytest.mark.parametrize("text", ["", "a:0", "a:-1", "a:x", "a:nan", ":1"])
def test_shares_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="sets must look like"):
        parse_shares(text)


@pytest.mark.parametrize("text", ["shapes:1,duts:1", "emoji"])
def test_objects_without_a_photo_are_no_first_set(text: str) -> None:
    with pytest.raises(UsageError, match="the first set gives the photographs"):
        Mixture.open([], parse_shares(text), seed=0)


def test_a_background_shows_no_object() -> None:
    photos = _set("p", 3, object_rows=slice(0, 2))
    for seed in range(20):
        ground = empty_background(photos, np.random.default_rng(seed))
        assert ground.shape[2] == 3
        assert ground.max() < 3, "nothing but the plain grey of a photo"


def test_where_the_object_is_everywhere_the_background_is_a_blur() -> None:
    striped = _set("p", 1, object_rows=slice(0, 24, 2))
    for seed in range(10):
        ground = empty_background(striped, np.random.default_rng(seed)).astype(int)
        assert np.abs(np.diff(ground, axis=0)).max(initial=0) < 60, "stripes of 0 and 250 are gone"


def test_a_composite_is_the_object_inside_and_the_ground_outside() -> None:
    rgb = np.full((40, 40, 3), 250, np.uint8)
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:30, 10:30] = 255
    ground = np.full((20, 30, 3), 10, np.uint8)
    seen = []
    for seed in range(10):
        image, coverage = composite(
            Pair("o", rgb, alpha), ground, np.random.default_rng(seed), side_px=64, scale=(0.5, 0.9)
        )
        assert image.shape == (64, 64, 3)
        assert (image[coverage == 0] == 10).all()
        seen.append(int((coverage == 255).sum()))
        assert (image[coverage == 255] > 60).all()
    assert max(seen) > 0


def test_a_scene_is_a_photo_or_an_object_put_over_one() -> None:
    settings = CompositeSettings(64, scale=(0.5, 0.9), has_empty_ground=False)
    photos = Mixture(parse_shares("a"), {"a": _set("a", 3)}, seed=0, photo_set="a")
    rgb, alpha, pair = photos.scene(0, generator(0, 0, 0), composites=settings)
    assert pair is not None
    assert rgb is pair.rgb
    assert alpha is pair.alpha
    drawn = Mixture(parse_shares("a:0.001,shapes:1"), {"a": _set("a", 3)}, seed=0, photo_set="a")
    rgb, alpha, pair = drawn.scene(0, generator(0, 0, 0), composites=settings)
    assert pair is None
    assert rgb.shape == (64, 64, 3)
    assert alpha.shape == (64, 64)
    assert alpha.max() > 100
    assert alpha.min() == 0
