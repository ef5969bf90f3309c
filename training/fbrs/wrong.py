"""Wrong masks to begin with: what an evaluation lets a click network correct, the same at every run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.metrics import iou
from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.looks import object_found
from meticulous_gui.engine.roles import Segmenter
from meticulous_gui.engine.steps import result_of
from training.common.split import generator_of
from training.fbrs.corrupt import grown_or_shrunk, shifted, wandering_edge, with_blob

WrongKind: TypeAlias = Literal["pieces", "edges", "found"]
"""pieces: a true mask with pieces added and taken; edges: one whose edge is wrong all round; found: what the
program's cut-out network makes of the photo, where that is wrong."""

WRONG_ENOUGH: Final = (0.5, 0.88)
"""IoU of masks to correct: they show the object, and need at least a click to 90 %."""

_N_TRIES: Final = 40
_MOST_PIECES: Final = 4

Harm: TypeAlias = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]


def wrong_mask(
    kind: WrongKind, key: str, truth: Mask, photo: PhotoLevels, finder: Segmenter | None
) -> Mask | None:
    """Return a wrong mask of an object, None where there is none that is wrong enough, or too wrong.

    Args:
        kind: how it is wrong.
        key: of the object; the same key gives the same mask.
        truth: (H, W) bool.
        photo: that it is on.
        finder: the cut-out network, for "found"; without it there are no such masks.
    """
    if kind == "found":
        found = None if finder is None else _found(photo, finder)
        return found if found is not None and _is_wrong_enough(found, truth) else None
    rng = generator_of(key)
    for _ in range(_N_TRIES):
        tried = _harmed(truth, _HARMS[kind], rng)
        if _is_wrong_enough(tried, truth):
            return tried
    return None


def _is_wrong_enough(mask: Mask, truth: Mask) -> bool:
    return WRONG_ENOUGH[0] <= iou(mask, truth) <= WRONG_ENOUGH[1]


def _found(photo: PhotoLevels, finder: Segmenter) -> Mask:
    found = result_of(object_found(photo, finder))
    return np.asarray(resize(found.logits, photo.size_hw) >= 0)


def _harmed(truth: Mask, harms: Sequence[Harm], rng: np.random.Generator) -> Mask:
    mask = truth.astype(np.uint8)
    for place in rng.permutation(len(harms))[: int(rng.integers(1, len(harms) + 1))].tolist():
        mask = harms[place](mask, rng)
    return mask > 0


_HARMS: Final[dict[str, tuple[Harm, ...]]] = {
    "pieces": (with_blob,) * _MOST_PIECES,
    "edges": (grown_or_shrunk, wandering_edge, shifted),
}
