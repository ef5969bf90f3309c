"""Files and pictures that are dragged over the canvas, and dropped there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter

from meticulous_gui.ui.drop_zone import paint_drop_rim, paint_drop_zone
from meticulous_gui.ui.drops import dropped_paths, dropped_picture, is_welcome

if TYPE_CHECKING:
    from meticulous_gui.ui.canvas import Canvas


class DropInput:
    """Tells by the canvas's signals what was dropped, and shows before that it is welcome."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._is_hot = False

    def enter(self, event: QDragEnterEvent) -> None:
        """Welcome what may be dropped; a cut-out of our own that somebody thinks better of is no photo."""
        if is_welcome(event.mimeData()) and event.source() is None:
            event.acceptProposedAction()
            self._set_hot(True)

    def leave(self) -> None:
        """Look as before: nothing is dragged here any more."""
        self._set_hot(False)

    def drop(self, event: QDropEvent) -> None:
        """Take the files, or the picture where there are none."""
        self._set_hot(False)
        paths = dropped_paths(event.mimeData())
        picture = None if paths else dropped_picture(event.mimeData())
        # Only told, never read here: a slow disk must not hold the sender's drag.
        if paths:
            event.acceptProposedAction()
            self._canvas.files_dropped.emit(paths)
        elif picture is not None:
            event.acceptProposedAction()
            self._canvas.picture_dropped.emit(picture)

    def paint(self, painter: QPainter, *, title: str, hint: str) -> None:
        """Draw where a photo may be dropped on the empty canvas, or that it is welcome on the open one."""
        canvas = self._canvas
        size_hw, ratio = canvas.viewport_hw, canvas.device_pixel_ratio
        if canvas.place is None:
            paint_drop_zone(
                painter,
                size_hw,
                device_pixel_ratio=ratio,
                palette=canvas.palette(),
                font=canvas.font(),
                title=title,
                hint=hint,
                is_hot=self._is_hot,
            )
        elif self._is_hot:
            paint_drop_rim(painter, size_hw, device_pixel_ratio=ratio)

    def _set_hot(self, is_hot: bool) -> None:
        if is_hot != self._is_hot:
            self._is_hot = is_hot
            self._canvas.update()
