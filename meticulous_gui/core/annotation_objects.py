"""What readers of annotations give: the objects of one photo, each in its own box, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.rings import Ring, fill_rings
from meticulous_gui.core.types import Mask

__all__ = ["FoundObject", "ReadObjects", "UnusableError", "object_of_mask", "object_of_rings", "ring_of"]

_FARTHEST_PX: Final = 1e6
"""Corners beyond this are damage, not a polygon that reaches a little over the photo's edge."""


class UnusableError(Exception):
    """One object cannot be used; the text says why in a few words. The others of its file can."""


@dataclass(frozen=True, eq=False)
class FoundObject:
    """One object of an annotation file.

    Attributes:
        label: its class.
        name: what a person called it, "" where the file does not say.
        box: the tight box of its pixels in the photo.
        mask: (h, w) bool of the box.
    """

    label: str
    name: str
    box: Box
    mask: Mask


@dataclass
class ReadObjects:
    """The objects that could be used, in the order of the file, and why others could not.

    Attributes:
        size_hw: of the photo, as the file says or as the caller knows.
        origins: where in the file each object lies, by number, for files that are written back.
    """

    size_hw: tuple[int, int]
    objects: list[FoundObject] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    origins: list[tuple[int, ...]] = field(default_factory=list)

    def take(self, make: Callable[[], FoundObject], *, origin: Sequence[int] = ()) -> None:
        """Add the object that `make` gives, or why it gives none."""
        try:
            self.objects.append(make())
            self.origins.append(tuple(origin))
        except UnusableError as error:
            self.left_out.append(str(error))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
            self.left_out.append("it is damaged")


def ring_of(values: Sequence[Any]) -> Ring:
    """Return (N, 2) corners of a list of [x, y], or of x and y in turn.

    Raises:
        UnusableError: fewer than three corners, or numbers that are none.
        ValueError, TypeError: it is not a list of numbers.
    """
    corners = np.asarray(values, np.float64).reshape(-1, 2)
    if len(corners) < 3:
        raise UnusableError("fewer than three corners")
    if not np.isfinite(corners).all() or float(np.abs(corners).max()) > _FARTHEST_PX:
        raise UnusableError("corners that are nowhere")
    return corners


def object_of_rings(
    label: str, name: str, parts: Iterable[Sequence[Ring]], size_hw: tuple[int, int]
) -> FoundObject:
    """Return the object of some parts; within a part the even-odd rule makes holes, parts are added up.

    Only the box around the corners is filled, so that many small objects of a large photo are cheap.

    Raises:
        UnusableError: no pixel of the photo lies inside.
    """
    whole = Box.whole(size_hw)
    parts = [list(part) for part in parts]
    corners = np.concatenate([ring for part in parts for ring in part])
    low, high = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int)
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clip(whole)
    mask = np.zeros(box.size_hw, np.bool_)
    for part in parts:
        mask |= fill_rings([ring - (box.x0, box.y0) for ring in part], box.size_hw)
    return object_of_mask(label, name, mask, at_xy=(box.x0, box.y0))


def object_of_mask(label: str, name: str, mask: Mask, *, at_xy: tuple[int, int] = (0, 0)) -> FoundObject:
    """Return the object of (h, w) bool pixels whose first one lies at a place of the photo.

    Raises:
        UnusableError: it has no pixel.
    """
    box = bounding_box(mask)
    if box.is_empty:
        raise UnusableError("no pixel of the photo")
    return FoundObject(label, name, box.translate(*at_xy), np.ascontiguousarray(mask[box.slices()]))
