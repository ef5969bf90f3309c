"""The new edge of an object is sharpened in the background, as soon as the object is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.new_edge import NewEdge, new_edge
from meticulous_gui.ui.wishes import refine_wish

if TYPE_CHECKING:
    from meticulous_gui.ui.points.open_object import OpenObject
    from meticulous_gui.ui.session import Session


def sharpen(session: Session, opened: OpenObject, box: Box, changed: Mask) -> None:
    """Have the networks sharpen the new edge of an object that was kept, in the background.

    Args:
        box: where its mask changed.
        changed: (box.height, box.width) bool, the pixels that did.
    """
    document, layer_id, mask = opened.document, opened.layer_id, opened.mask

    def ask(edge: NewEdge | None) -> None:
        if edge is None or session.document is not document or not document.has_layer(layer_id):
            return
        if document.layer(layer_id).locked:
            return
        middle = (edge.box.x0 + edge.box.x1) / 2, (edge.box.y0 + edge.box.y1) / 2
        wish = refine_wish(
            document, layer_id, mask=edge.mask, box=edge.box, focus_xy=middle, coarsest=edge.coarsest
        )
        session.work.add(wish)

    session.compute(lambda: new_edge(mask, box, changed), ask)
