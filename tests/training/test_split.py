from __future__ import annotations

import hashlib

import numpy as np
import pytest

from training.common.split import image_hash, near_held_out, split_number, split_of


def test_a_key_is_put_by_the_first_eight_digits_of_its_sha256() -> None:
    key = "duts_n00007846_6316"
    assert split_number(key) == int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100


def test_shares_are_about_ninety_five_and_five_in_a_hundred() -> None:
    splits = [split_of(f"duts_{index}") for index in range(20_000)]
    assert 0.89 < splits.count("train") / 20_000 < 0.91
    assert 0.045 < splits.count("val") / 20_000 < 0.055
    assert 0.045 < splits.count("test") / 20_000 < 0.055


@pytest.mark.parametrize("key", ["duts_a", "duts_b", "ccp_0001", "emoji_x"])
def test_number_and_split_agree(key: str) -> None:
    number = split_number(key)
    assert split_of(key) == ("train" if number < 90 else "val" if number < 95 else "test")


def test_coco_keeps_its_own_split_whatever_the_key() -> None:
    assert split_of("coco_1", coco_split="train2017") == "train"
    assert split_of("coco_1", coco_split="val2017") == "val"
    with pytest.raises(ValueError, match="coco_split"):
        split_of("coco_1", coco_split="test")


def test_a_smaller_copy_of_a_held_out_picture_is_found() -> None:
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)
    large = np.repeat(np.repeat(small, 16, axis=0), 16, axis=1)
    other = rng.integers(0, 255, (192, 256, 3), dtype=np.uint8)
    held_out = next(key for key in (f"duts_{i}" for i in range(500)) if split_of(key) == "test")
    training = [key for key in (f"more_{i}" for i in range(50)) if split_of(key) == "train"][:2]
    hashes = {
        held_out: image_hash(large),
        training[0]: image_hash(large[::2, ::2]),
        training[1]: image_hash(other),
    }
    assert near_held_out(hashes) == {training[0]}
