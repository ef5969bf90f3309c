"""Ctrl+Z in a field for numbers: for what is typed there, else for what was done to the mask."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox


class TypedUndo(QObject):
    """Lets Ctrl+Z and its opposite pass by a field in which nothing is typed; Qt's keeps them for good."""

    def __init__(self, field: QAbstractSpinBox) -> None:
        super().__init__(field)
        self._field = field
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the key to the window's shortcuts by hiding the field's claim to it."""
        if watched is self._field and event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            line = self._field.lineEdit()
            is_undo = event.matches(QKeySequence.StandardKey.Undo) and not line.isUndoAvailable()
            is_redo = event.matches(QKeySequence.StandardKey.Redo) and not line.isRedoAvailable()
            return is_undo or is_redo
        return super().eventFilter(watched, event)
