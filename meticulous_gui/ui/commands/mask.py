"""Commands that change the mask of the active layer, and those that take it back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.decided_steps import release_decided
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.ui.session import Session


class MaskCommands:
    """Works on the open document of a session; without one nothing happens.

    Args:
        drop_gesture: drops the stroke in hand; says whether there was one.
        take_back: takes the last piece of it back, or drops it; says whether there was one.
        undo_panel: takes back what was set last in an open panel; says whether there was something.
        redo_panel: sets it again; says whether there was something.
        drop_panel: closes the panel that shows what could be; says whether there was one.
        nothing_stopped: called where there was nothing to stop.
        visible_box: the part of the photo that is seen.
    """

    def __init__(
        self,
        session: Session,
        *,
        drop_gesture: Callable[[], bool],
        take_back: Callable[[], bool],
        undo_panel: Callable[[], bool],
        redo_panel: Callable[[], bool],
        drop_panel: Callable[[], bool],
        nothing_stopped: Callable[[], None],
        visible_box: Callable[[], Box],
    ) -> None:
        self._session = session
        self._drop_gesture = drop_gesture
        self._take_back = take_back
        self._undo_panel = undo_panel
        self._redo_panel = redo_panel
        self._drop_panel = drop_panel
        self._nothing_stopped = nothing_stopped
        self._visible_box = visible_box

    def undo(self) -> None:
        """Take back the last piece of the gesture in hand, the last setting of a panel or the newest step."""
        if not self._take_back() and not self._undo_panel():
            self._session.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._drop_gesture()
        if not self._redo_panel():
            self._session.redo()

    def stop(self) -> None:
        """Drop the gesture in hand, close a panel, or stop the networks and keep what they finished."""
        if not self._drop_gesture() and not self._drop_panel() and not self._session.cancel():
            self._nothing_stopped()

    def go_to_step(self, n_applied: int) -> None:
        """Undo or redo until this many of the steps in the history are applied."""
        document = self._session.document
        if document is None or not self._session.landing.rests(lambda: self.go_to_step(n_applied)):
            return
        self._drop_gesture()
        self._session.pointing.keep()
        while (before := _n_applied(document)) != n_applied:
            if before > n_applied:
                self._session.undo()
            else:
                self._session.redo()
            if _n_applied(document) == before:
                return

    def find_again(self) -> None:
        """Look for the object in the whole photo."""
        self._session.asking.find_again()

    def refine_all(self) -> None:
        """Perfect the whole edge."""
        self._session.asking.refine_all()

    def clear(self) -> None:
        """Empty the active layer; networks may speak everywhere again."""
        self._drop_gesture()
        document = self._session.changeable()
        if document is None:
            return
        layer = document.active
        self._session.work.drop_on_layer(layer.id)  # or what it still brings would fill the mask again
        box = bounding_box(layer.alpha)
        for tile in layer.decided.boxes():
            box = box.union(tile)
        if not box.is_empty:
            nothing = np.zeros(box.size_hw, np.bool_)
            title = QCoreApplication.translate("Commands", "Clear the mask")
            self._session.commit(Edit(layer.id, box, nothing.view(np.uint8), nothing, title))

    def invert(self) -> None:
        """Exchange inside and outside of the active layer."""
        self._drop_gesture()
        document = self._session.changeable()
        if document is not None:
            layer = document.active
            title = QCoreApplication.translate("Commands", "Invert the mask")
            self._session.commit(Edit(layer.id, document.box, 255 - layer.alpha, title=title))

    def forget_strokes(self) -> None:
        """Let networks change what a person painted in the part that is seen."""
        self._drop_gesture()
        document = self._session.changeable()
        if document is None:
            return
        freed = release_decided(document, document.active.id, self._visible_box())
        none = QCoreApplication.translate("Commands", "There are no strokes of yours in view.")
        some = QCoreApplication.translate("Commands", "Networks may change your strokes in view again.")
        self._say(none if freed.is_empty else some)

    def _say(self, sentence: str) -> None:
        self._session.message(sentence, topic="commands")


def _n_applied(document: Document) -> int:
    return sum(step.is_applied for step in document.history.steps)
