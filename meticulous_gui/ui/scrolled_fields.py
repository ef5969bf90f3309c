"""Fields below one another that are scrolled through where there is no room for all."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QScrollArea, QSlider, QWidget

FIELDS: Final = (QAbstractSpinBox, QComboBox, QSlider)


class ScrolledFields(QScrollArea):
    """Scrolls down and up; the wheel changes no value that it comes by, only one that has the keyboard."""

    def __init__(self, fields: QWidget, name: str, parent: QWidget) -> None:
        """Hold a widget with all of its fields.

        Args:
            fields: what is scrolled.
            name: accessible name.
        """
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fields = fields
        self.setWidget(fields)
        self.setAccessibleName(name)
        for kind in FIELDS:
            for field in fields.findChildren(kind):
                field.installEventFilter(self)
                if field.focusPolicy() is Qt.FocusPolicy.WheelFocus:
                    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return the size of all fields and a scroll bar beside them.

        Qt's own hint ends after so many lines, however much room there is; and a bar that once took its width
        from fields that wrap would never go.
        """
        hint = self._fields.sizeHint()
        return QSize(hint.width() + self.verticalScrollBar().sizeHint().width(), hint.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the scroll bar while there is something to scroll."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, FIELDS) and not watched.hasFocus():
            bar = self.verticalScrollBar()
            if bar.maximum() > bar.minimum():
                event.ignore()
                return True
        return super().eventFilter(watched, event)
