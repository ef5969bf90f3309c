"""What a person asks of the networks for the active layer: find the object, perfect its edge, check it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.ui.wish import Wish
from meticulous_gui.ui.wishes import check_wish, find_wish, refine_wish

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session


class Asking:
    """Queues wishes for the active layer of a session's document; without a document nothing happens.

    A layer that is hidden or locked is not changed: that is said, with the way out.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def find_again(self) -> None:
        """Look for the object in the whole photo; decided pixels stay."""
        document = self._session.changeable()
        if document is not None:
            self._session.work.add(find_wish(document, document.active.id))

    def segment_box(self, box: Box) -> None:
        """Look for the object inside `box`; nothing outside changes."""
        document = self._session.changeable()
        if document is not None:
            inside = box.clip(document.box)
            if not inside.is_empty:
                self._session.work.add(find_wish(document, document.active.id, box=inside))

    def refine_region(
        self, mask: Mask, box: Box, focus_xy: tuple[float, float], *, my_strokes_too: bool = False
    ) -> None:
        """Perfect the edge where a person painted.

        Args:
            mask: (box.height, box.width) bool, where.
            box: where `mask` lies on the photo; what lies outside is cut off.
            focus_xy: image pixels; patches nearest to it come first.
            my_strokes_too: whether decided pixels may change as well.
        """
        document = self._session.changeable()
        if document is None or box.clip(document.box).is_empty or not mask.any():
            return
        wish = refine_wish(
            document, document.active.id, mask=mask, box=box, focus_xy=focus_xy, my_strokes_too=my_strokes_too
        )
        self._add_refining(document, wish)

    def refine_all(self) -> None:
        """Perfect the whole edge."""
        document = self._session.changeable()
        if document is not None:
            box = document.box
            middle = (box.width / 2, box.height / 2)
            wish = refine_wish(document, document.active.id, mask=None, box=box, focus_xy=middle)
            self._add_refining(document, wish)

    def check_edge(self) -> None:
        """Ask where the edge may be wrong; the mask stays as it is."""
        document = self._session.document
        if document is not None:
            self._session.work.add(check_wish(document, document.active.id))

    def _add_refining(self, document: Document, wish: Wish) -> None:
        """Queue what was asked for; that it changed nothing is said, or the tool would seem broken."""
        decided = document.layer(wish.layer_id).decided.get(wish.box)
        if wish.pointed_at is not None:
            decided = decided & wish.pointed_at
        if wish.respect_decided and decided.any():
            sentence = QCoreApplication.translate(
                "Asking",
                "Nothing was changed: the network sees the same edge here, or your own strokes hold it; "
                "“My strokes too” lets it change them.",
            )
        else:
            sentence = QCoreApplication.translate(
                "Asking",
                "Nothing was changed: the network sees the same edge here. Paint what is wrong by hand.",
            )
        self._session.work.add(replace(wish, if_unchanged=sentence))
