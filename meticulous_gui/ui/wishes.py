"""What a person may want of a network, as `Wish`es: their names and the requests they become."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.jobs import PhotoRef, RefineRequest, SegmentRequest, context_box
from meticulous_gui.ui.wish import Wish

CHECK_PX = 1024
"""A check begins where the photo is no longer than this: faults grow with the photo, a patch does not."""


def find_wish(
    document: Document,
    layer_id: int,
    *,
    box: Box | None = None,
    is_automatic: bool = False,
    is_ahead: bool = False,
) -> Wish:
    """Return the wish to find the object in the whole photo, or in `box` (not empty, inside the photo).

    Args:
        is_automatic: nobody asked for it.
        is_ahead: the photo is not open yet, so that everything else goes before.
    """

    def make_request(photo: PhotoRef) -> SegmentRequest:
        return SegmentRequest(photo, box=box, refine=True, urgency="ahead" if is_ahead else "now")

    title = QCoreApplication.translate("Wishes", "Find in a box") if box else ""
    return Wish(
        kind="find",
        title=title or QCoreApplication.translate("Wishes", "Find the object"),
        doing=QCoreApplication.translate("Wishes", "Finding the object"),
        layer_id=layer_id,
        box=box or document.box,
        make_request=make_request,
        is_automatic=is_automatic,
        replaces="find ahead" if is_ahead else "find",
    )


def refine_wish(
    document: Document,
    layer_id: int,
    *,
    mask: Mask | None,
    box: Box,
    focus_xy: tuple[float, float],
    my_strokes_too: bool = False,
    coarsest: int = 1,
    refiner: str = "",
) -> Wish:
    """Return the wish to perfect the edge inside a region.

    Args:
        mask: (box.height, box.width) bool, where the person painted; None for all of `box`.
        box: the region; what lies outside the photo is cut off.
        focus_xy: image pixels; patches nearest to it come first.
        my_strokes_too: whether decided pixels may change as well.
        coarsest: how far off the edge may be, see `RefineRequest`.
        refiner: the name of the network, "" for the one that is taken.
    """
    region = box.clip(document.box)
    inside = None if mask is None else np.ascontiguousarray(mask[region.translate(-box.x0, -box.y0).slices()])

    def make_request(photo: PhotoRef) -> RefineRequest:
        snapshot = document.snapshot(layer_id)
        around = context_box(region, document.photo.size_hw, coarsest=coarsest)
        return RefineRequest(
            photo,
            alpha_crop=snapshot.alpha(around),
            alpha_box=around,
            region_box=region,
            region_mask=inside,
            decided=snapshot.decided(around),
            my_strokes_too=my_strokes_too,
            focus_xy=focus_xy,
            coarsest=coarsest,
            refiner=refiner,
        )

    return Wish(
        kind="refine",
        title=QCoreApplication.translate("Wishes", "Refine the edge"),
        doing=QCoreApplication.translate("Wishes", "Refining the edge"),
        layer_id=layer_id,
        box=region,
        make_request=make_request,
        respect_decided=not my_strokes_too,
        pointed_at=inside,
    )


def check_wish(document: Document, layer_id: int) -> Wish:
    """Return the wish to say where the edge of an existing mask may be wrong; the mask stays as it is."""
    coarsest = 1
    while max(document.photo.size_hw) > CHECK_PX * coarsest:
        coarsest *= 2

    def make_request(photo: PhotoRef) -> RefineRequest:
        snapshot = document.snapshot(layer_id)
        return RefineRequest(
            photo,
            alpha_crop=snapshot.alpha(),
            alpha_box=document.box,
            region_box=document.box,
            decided=snapshot.decided(),
            coarsest=coarsest,
        )

    return Wish(
        kind="check",
        title=QCoreApplication.translate("Wishes", "Check the edge"),
        doing=QCoreApplication.translate("Wishes", "Checking the edge"),
        layer_id=layer_id,
        box=document.box,
        make_request=make_request,
    )
