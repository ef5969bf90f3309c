"""Run lengths of masks as COCO has them: column by column, beginning with a run of zeros, also as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from meticulous_gui.core.types import Mask

__all__ = ["compressed", "run_lengths"]


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
