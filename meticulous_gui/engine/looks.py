"""More looks of the coarse network at a photo: a smaller one says what belongs to the object, a larger one
where its edge runs; joined they are right more often than one look at the size the network was made for.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.resample import resize, scaled_hw
from meticulous_gui.engine.alpha import limited
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Prediction, Segmenter
from meticulous_gui.engine.types import Logits, RgbImage

__all__ = ["join_looks", "look_again", "object_box", "object_found", "surest"]

WIDE_SCALE: Final = 2 / 3
"""Of the network's own size: seen smaller, a photo is read by what is in it rather than by its edges."""

SECOND_SCALES: Final = (1.0, 6 / 7)
"""Of the second network's looks: at the mirrored photo, then at the photo as it is."""

_AGREEMENT: Final = 0.93
"""IoU of the first looks of two networks from which further looks at the whole photo say nothing new."""

_SURENESS: Final = 30.0
"""How soon the surer look outvotes the others: by a tenth surer of the photo and of the place, 400-fold."""

_PLACE: Final = 0.2  # of the long side: the square around a pixel in which a look's sureness of it is taken

NEAR_SCALE: Final = 4 / 3

_MARGIN: Final = 0.15  # of the object's longer side, on each side
_MOST_OF_PHOTO: Final = 0.9  # a crop that is hardly smaller than the photo shows nothing new
_SPECK: Final = 0.05  # parts smaller than this share of the largest one do not widen the crop
_SMOOTH: Final = 0.01  # of the long side: what changes over less is taken from the near look
_LONGEST_PX: Final = 1344  # of the joined map; four times the network's own size
_FADE_PX: Final = 8


def object_found(
    photo: PhotoLevels, segmenter: Segmenter, first: Prediction | None = None
) -> Generator[None, None, Prediction]:
    """Return the answer of all looks at a photo, once more without a look where it was given before.

    Args:
        photo: it keeps the answer.
        segmenter: the network.
        first: its answer to the whole photo, where that is known already.
    """
    if photo.found is None or photo.found[0] is not segmenter:
        if first is None:
            first = segmenter.segment(photo.rgb)
        yield
        photo.found = segmenter, (yield from look_again(photo.rgb, segmenter, first))
    return photo.found[1]


def look_again(rgb: RgbImage, segmenter: Segmenter, first: Prediction) -> Generator[None, None, Prediction]:
    """Return a better answer than ``first``; stops between the further looks.

    Args:
        rgb: (H, W, 3) uint8, the whole photo.
        segmenter: the network that gave ``first``.
        first: its answer to the whole photo.
    """
    small = resize(rgb, _at_most((rgb.shape[0], rgb.shape[1]), first.logits.shape))
    what = surest((yield from _far_looks(small, segmenter, limited(first.logits))))
    size_hw = rgb.shape[0], rgb.shape[1]
    box = object_box(what, size_hw)
    near = segmenter.segment(rgb[box.slices()], scale=NEAR_SCALE).logits
    return Prediction(join_looks(what, near, box, size_hw), first.temperature, first.ramp)


def _far_looks(
    small: RgbImage, segmenter: Segmenter, first: Logits
) -> Generator[None, None, list[Logits]]:
    """Return all looks at the whole photo, (h, w) float32 each: two where two networks find the same."""
    looks, second, size_hw = [first], segmenter.second, first.shape
    mirrored_scale, upright_scale = SECOND_SCALES
    if second is not None:
        looks.append(_mirrored_look(small, second, mirrored_scale, size_hw))
        yield
        if _agree(*looks):
            return looks
    looks.append(_mirrored_look(small, segmenter, WIDE_SCALE, size_hw))
    yield
    if second is not None:
        upright = second.segment(small, scale=upright_scale).logits
        looks.append(limited(resize(upright, (size_hw[0], size_hw[1]))))
        yield
    return looks


def _agree(one: Logits, other: Logits) -> bool:
    """Say whether two looks found the same thing; two that found nothing do not."""
    return bool((one >= 0).any()) and iou(one >= 0, other >= 0) >= _AGREEMENT


def surest(looks: Sequence[Logits]) -> Logits:
    """Return the mean of several answers to one photo, in which at each pixel the surest count most.

    How sure a look is: the mean of |tanh(z / 2)| over the photo, and that in a square around the pixel.

    Args:
        looks: one or more, (h, w) float32 logits.

    Returns:
        (h, w) float32; nowhere beyond the lowest and the highest of them.
    """
    shares = np.stack([np.exp(np.float32(_SURENESS) * (_sureness(logits) - 2)) for logits in looks])
    shares /= shares.sum(axis=0)
    joined: Logits = (shares * np.stack(looks)).sum(axis=0)
    return joined


def _sureness(logits: Logits) -> NDArray[np.float32]:
    """Return how sure a look is at each pixel, (h, w) float32, 0 .. 2."""
    sure = np.tanh(np.abs(logits) * np.float32(0.5))
    side_px = round(_PLACE * max(logits.shape)) | 1
    around = cv2.blur(sure, (side_px, side_px), borderType=cv2.BORDER_REPLICATE)
    return around + sure.mean()


def object_box(logits: Logits, size_hw: tuple[int, int]) -> Box:
    """Return the pixels of the photo around what was found; all of it where that is most of it, or nothing.

    Args:
        logits: (h, w) float32 of the whole photo.
        size_hw: of the photo.
    """
    whole = Box.whole(size_hw)
    n_parts, _, stats, _ = cv2.connectedComponentsWithStats((logits >= 0).astype(np.uint8))
    if n_parts == 1:
        return whole
    parts = stats[1:]
    parts = parts[parts[:, cv2.CC_STAT_AREA] >= _SPECK * parts[:, cv2.CC_STAT_AREA].max()]
    x0, y0 = int(parts[:, 0].min()), int(parts[:, 1].min())
    x1, y1 = int((parts[:, 0] + parts[:, 2]).max()), int((parts[:, 1] + parts[:, 3]).max())
    scale_y, scale_x = size_hw[0] / logits.shape[0], size_hw[1] / logits.shape[1]
    found = Box(int(x0 * scale_x), int(y0 * scale_y), -int(-x1 * scale_x // 1), -int(-y1 * scale_y // 1))
    box = found.pad(round(_MARGIN * max(found.size_hw))).clip(whole)
    return whole if max(box.size_hw) > _MOST_OF_PHOTO * max(size_hw) else box


def join_looks(what: Logits, near: Logits, box: Box, size_hw: tuple[int, int]) -> Logits:
    """Return logits of the photo whose smooth part is ``what`` and whose detail inside ``box`` is ``near``.

    Args:
        what: (h, w) float32 of the whole photo.
        near: (h', w') float32 of the photo's ``box``.
        box: pixels of the photo.
        size_hw: of the photo.

    Returns:
        float32, the whole photo at the scale of ``near``, as far as that is useful.
    """
    scale = min(max(near.shape) / max(box.size_hw), _LONGEST_PX / max(size_hw), 1.0)
    scale = max(scale, max(what.shape) / max(size_hw))
    map_hw = scaled_hw(size_hw, scale)
    joined = np.array(resize(what, map_hw))
    inner = _scaled_box(box, size_hw, map_hw)
    if inner.is_empty:
        return joined
    detail = resize(limited(near), inner.size_hw)
    base = joined[inner.slices()]
    smooth = cv2.GaussianBlur(base - detail, (0, 0), _SMOOTH * max(map_hw), borderType=cv2.BORDER_REPLICATE)
    weight = _fade(inner, map_hw)
    joined[inner.slices()] = base + weight * (detail + smooth - base)
    return joined


def _mirrored_look(
    small: RgbImage, segmenter: Segmenter, scale: float, size_hw: tuple[int, ...]
) -> Logits:
    """Return what a network says of the mirrored photo, mirrored back, (h, w) float32 within the limit."""
    mirrored = segmenter.segment(np.ascontiguousarray(small[:, ::-1]), scale=scale).logits
    return limited(resize(np.ascontiguousarray(mirrored[:, ::-1]), (size_hw[0], size_hw[1])))


def _scaled_box(box: Box, size_hw: tuple[int, int], map_hw: tuple[int, int]) -> Box:
    down, right = map_hw[0] / size_hw[0], map_hw[1] / size_hw[1]
    return Box(round(box.x0 * right), round(box.y0 * down), round(box.x1 * right), round(box.y1 * down))


def _fade(box: Box, size_hw: tuple[int, int]) -> NDArray[np.float32]:
    """Return 1 inside ``box``, falling towards those of its sides that are not the map's own."""
    x = np.arange(box.width, dtype=np.float32) + 0.5
    y = np.arange(box.height, dtype=np.float32) + 0.5
    left = x if box.x0 > 0 else np.full_like(x, np.inf)
    right = box.width - x if box.x1 < size_hw[1] else np.full_like(x, np.inf)
    top = y if box.y0 > 0 else np.full_like(y, np.inf)
    bottom = box.height - y if box.y1 < size_hw[0] else np.full_like(y, np.inf)
    distance = np.minimum(np.minimum(top, bottom)[:, None], np.minimum(left, right)[None, :])
    return np.minimum(distance / np.float32(_FADE_PX), 1).astype(np.float32)


def _at_most(size_hw: tuple[int, int], other_hw: tuple[int, ...]) -> tuple[int, int]:
    return min(size_hw[0], other_hw[0]), min(size_hw[1], other_hw[1])
