"""Run lengths of masks as COCO has them: column by column, beginning with a run of zeros, also as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from meticulous_gui.core.types import Mask

__all__ = ["compressed", "decompressed", "mask_of_run_lengths", "run_lengths"]

_MAX_BITS = 60
"""No run is as long as two to this power; what claims to be is damage."""


def run_lengths(mask: Mask) -> list[int]:
    """Return the lengths of runs of equal pixels, down the columns from the left; the first is of zeros.

    Args:
        mask: (H, W) bool.
    """
    pixels = mask.ravel(order="F")
    changes = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    lengths = np.diff(np.concatenate([[0], changes, [pixels.size]])).tolist()
    return [0, *lengths] if pixels.size and pixels[0] else lengths


def compressed(lengths: Sequence[int]) -> str:
    """Return run lengths as COCO's text: 5 bits a letter, differences from the fourth on."""
    letters = []
    for index, length in enumerate(lengths):
        value = length - lengths[index - 2] if index > 2 else length
        has_more = True
        while has_more:
            bits = value & 0x1F
            value >>= 5
            # Done when what is left repeats the sign bit of what was written.
            has_more = value != (-1 if bits & 0x10 else 0)
            letters.append(chr(48 + bits + (0x20 if has_more else 0)))
    return "".join(letters)


def mask_of_run_lengths(lengths: Sequence[int], size_hw: tuple[int, int]) -> Mask:
    """Return (H, W) bool pixels of run lengths.

    Raises:
        ValueError: they are not as many as the pixels, or one is negative.
    """
    runs = np.asarray(lengths, np.int64)
    n_pixels = size_hw[0] * size_hw[1]
    if (runs < 0).any() or (runs > n_pixels).any() or int(runs.sum()) != n_pixels:
        raise ValueError(f"run lengths must add up to {size_hw[0]} x {size_hw[1]} pixels, got {runs.sum()}")
    values = np.arange(len(runs)) % 2 == 1
    return np.ascontiguousarray(np.repeat(values, runs).reshape(size_hw, order="F"))


def decompressed(text: str) -> list[int]:
    """Return the run lengths of COCO's text.

    Raises:
        ValueError: a letter that does not belong there, or an end in the middle of a number.
    """
    lengths: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        if not 0 <= bits < 64 or shift > _MAX_BITS:
            raise ValueError(f"{letter!r} is no letter of run lengths")
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:  # the highest bit written is the sign
            value -= 1 << shift
        lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("run lengths end in the middle of a number")
    return lengths
