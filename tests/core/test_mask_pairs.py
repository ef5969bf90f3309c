from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_pairs import (
    PairedMask,
    layers_in,
    likely_mask_folders,
    mask_names,
    pair_by_stem,
    read_paired_mask,
    twins_in,
)
from meticulous_gui.core.photo import DecodeLimits, Photo, photo_from_array

STEMS = st.text("abcXY.- 12", min_size=1, max_size=6).filter(lambda stem: not stem.startswith("."))
LIMITS = DecodeLimits()


def paired_with(photo: Photo, path: Path) -> PairedMask:
    paired = read_paired_mask(photo, path, LIMITS)
    assert paired is not None
    return paired


@given(st.lists(STEMS, unique_by=str.casefold, max_size=8), st.sampled_from(["", "_mask", "-matte", "_seg"]))
def test_every_photo_finds_the_mask_of_its_stem(stems: list[str], ending: str) -> None:
    photos = [f"{stem}.JPG" for stem in stems]
    masks = [f"{stem.upper()}{ending}.png" for stem in stems]
    assert pair_by_stem(photos, masks) == dict(zip(photos, masks, strict=True))


def test_the_plain_stem_wins_and_strangers_stay_alone() -> None:
    masks = ["dog_mask.png", "dog.tif", "dog.png", "cat2.png"]
    assert pair_by_stem(["dog.jpg", "cat.jpg"], masks) == {"dog.jpg": "dog.png"}


def test_photos_that_differ_only_in_the_suffix_are_told_apart_by_their_whole_names(tmp_path: Path) -> None:
    photos = ["dog.jpg", "dog.PNG", "cat.jpg", "cat_mask.jpg"]
    assert pair_by_stem(photos, ["dog.jpg.png", "dog.png_mask.tif", "dog.png", "cat_mask.png"]) == {
        "dog.jpg": "dog.jpg.png",
        "dog.PNG": "dog.png_mask.tif",
        "cat_mask.jpg": "cat_mask.png",
    }
    assert pair_by_stem(photos[:2], ["dog.tif"]) == {"dog.jpg": "dog.tif", "dog.PNG": "dog.tif"}
    for name in (*photos, "dog.txt", "dog-cutout.png", "dog-cutout.webp"):
        (tmp_path / name).touch()
    assert twins_in(tmp_path) == {"dog.jpg", "dog.PNG"}


def test_folders_of_masks_are_known_by_their_names(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for name in ("photos", "photos_masks", "masks", "other", "photos/masks"):
        (tmp_path / name).mkdir()
    assert likely_mask_folders(photos) == [photos / "masks", tmp_path / "masks", tmp_path / "photos_masks"]
    assert likely_mask_folders(tmp_path / "masks") == [], "they have no masks of their own"


def test_only_pictures_may_be_masks(tmp_path: Path) -> None:
    for name in ("a.png", "b.txt", ".c.png", "d.TIF"):
        (tmp_path / name).touch()
    assert sorted(mask_names(tmp_path)) == ["a.png", "d.TIF"]
    with pytest.raises(MaskError, match="gone"):
        mask_names(tmp_path / "gone")


def test_a_mask_becomes_one_layer_and_a_label_map_one_for_each_object(tmp_path: Path) -> None:
    photo = photo_from_array(np.zeros((20, 30, 3), np.uint8), path=tmp_path / "dog.jpg")
    values = np.zeros((20, 30), np.uint8)
    values[5:10, 5:10] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), values)
    paired = paired_with(photo, tmp_path / "mask.png")
    assert [layer.id for layer in paired.layers.values()] == [1]
    np.testing.assert_array_equal(next(iter(paired.layers.values())).alpha, values)
    values[values > 0] = 1
    values[12:15, 12:15] = 2
    cv2.imwrite(str(tmp_path / "labels.png"), values)
    objects = paired_with(photo, tmp_path / "labels.png").layers
    assert {value: int((layer.alpha > 0).sum()) for value, layer in objects.items()} == {1: 25, 2: 9}


def test_saved_layers_are_found_in_the_label_map_that_they_were_written_into(tmp_path: Path) -> None:
    photo = photo_from_array(np.zeros((20, 30, 3), np.uint8), path=tmp_path / "dog.jpg")
    values = np.zeros((20, 30), np.uint8)
    values[2:5], values[8:10], values[11, :4], values[15:18] = 4, 1, 255, 2
    picture = Image.fromarray(values)
    picture.putpalette([channel for value in range(256) for channel in (value, 255 - value, 7)])
    picture.save(tmp_path / "labels.png")
    paired = paired_with(photo, tmp_path / "labels.png")
    mask = paired.mask
    assert mask is not None
    one, two, four = paired.layers.values()
    whole = np.full((20, 30), 255, np.uint8)
    covered = [Layer(9, "under all", whole), four, two, one]
    assert layers_in(mask, [four, two, one]) == (mask, {1: one, 2: two, 4: four})
    assert layers_in(mask, [four, two]) is None
    assert layers_in(mask, covered) is None, "what was left open is covered"


def test_a_soft_layer_is_found_in_a_mask_as_far_as_its_form_holds_it(tmp_path: Path) -> None:
    photo = photo_from_array(np.zeros((20, 30, 3), np.uint8), path=tmp_path / "dog.jpg")
    alpha = np.zeros((20, 30), np.uint8)
    alpha[4:9, 4:9], alpha[9, 4:9], alpha[3, 4:9] = 255, 140, 90
    soft, other = Layer(1, "Dog", alpha), Layer(2, "Cat", np.zeros_like(alpha))
    for name in ("dog.png", "dog.jpg", "bits.png"):
        content = np.where(alpha >= 128, 255, 0).astype(np.uint8) if name == "bits.png" else alpha
        cv2.imwrite(str(tmp_path / name), content)
        mask = paired_with(photo, tmp_path / name).mask
        assert mask is not None
        assert layers_in(mask, [other, soft]) == (mask, {1: soft})
        assert layers_in(mask, [other]) is None


def test_a_mask_of_no_use_is_one_sentence_and_no_layer(tmp_path: Path) -> None:
    photo = photo_from_array(np.zeros((20, 30, 3), np.uint8), path=tmp_path / "dog.jpg")
    cv2.imwrite(str(tmp_path / "small.png"), np.zeros((10, 10), np.uint8))
    (tmp_path / "broken.png").write_bytes(b"broken")
    for name in ("small.png", "broken.png", "missing.png"):
        paired = paired_with(photo, tmp_path / name)
        assert name in paired.note
        assert paired.mask is None
        assert not paired.layers
