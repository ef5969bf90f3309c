"""Which pictures are trained on, which choose between runs and which are looked at once.

The rule is a function of the key alone, so that every network and every machine agrees without a list.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Split = Literal["train", "val", "test", "all"]
"""A part of the data; all: every picture, of sets that nothing is trained on."""

_FIRST_VALIDATION = 90  # of a hundred: 0-89 train, 90-94 validation, 95-99 test
_FIRST_TEST = 95
_NEAR_BITS = (
    4  # differing bits of 64 up to which two pictures count as one; unrelated ones differ in about 32
)


def split_number(key: str) -> int:
    """Return the key's place in 0..99, the same on every machine.

    Args:
        key: prefixed key, such as ``duts_n00007846_6316``; a copy at another size keeps its key.
    """
    return int(hashlib.sha256(key.encode("utf-8")).hexdigest()[:8], 16) % 100


def generator_of(key: str, *more: int) -> np.random.Generator:
    """Return random numbers for a picture, the same at every run; ``more`` tells several uses apart.

    Keys of one length with one place in 0..99 share theirs; the tables were measured so.
    """
    return np.random.default_rng((split_number(key), len(key), *more))


def split_of(key: str, *, coco_split: str | None = None) -> Split:
    """Return the part of the data that a picture belongs to.

    COCO's pictures keep the part that COCO gave them (``train2017`` or ``val2017``), because published
    tests are made from its validation pictures; of these none is trained on.

    Args:
        key: prefixed key.
        coco_split: the picture's own ``coco_split``, for pictures of COCO only.

    Raises:
        ValueError: a ``coco_split`` that is neither ``train2017`` nor ``val2017``.
    """
    if coco_split is not None:
        if coco_split not in ("train2017", "val2017"):
            msg = f"coco_split must be train2017 or val2017, got {coco_split!r} for {key}"
            raise ValueError(msg)
        return "train" if coco_split == "train2017" else "val"
    number = split_number(key)
    if number >= _FIRST_TEST:
        return "test"
    return "val" if number >= _FIRST_VALIDATION else "train"


def image_hash(rgb: NDArray[np.uint8]) -> int:
    """Return 64 bits that say where the picture gets brighter to the right, on a 9 x 8 grid.

    Scaling and recompression change few of them, so that near copies can be found.

    Args:
        rgb: (H, W, 3) uint8.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (small[:, 1:] > small[:, :-1]).reshape(-1)
    return int("".join("1" if bit else "0" for bit in bits), 2)


def is_near(value: int, others: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say of which hashes, (N,), a hash differs by so few bits that both are of one picture: (N,) bool."""
    differing = np.unpackbits((others ^ np.uint64(value)).view(np.uint8)).reshape(len(others), 64).sum(axis=1)
    return np.asarray(differing <= _NEAR_BITS)


def near_held_out(hashes: dict[str, int]) -> set[str]:
    """Return the training keys whose picture nearly equals one of validation or test.

    Args:
        hashes: ``image_hash`` by prefixed key, of every picture at hand.

    Returns:
        Keys that must not be trained on.
    """
    held_out = [value for key, value in hashes.items() if split_of(key) != "train"]
    training = [(key, value) for key, value in hashes.items() if split_of(key) == "train"]
    if not held_out or not training:
        return set()
    others = np.array(held_out, np.uint64)
    return {key for key, value in training if is_near(value, others).any()}
