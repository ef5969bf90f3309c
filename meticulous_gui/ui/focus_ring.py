"""A line round the button that has the keyboard: what Fusion draws there is a shade that nobody sees."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

CORNER_PX: Final = 3.0


class FocusRing(QWidget):
    """Lies over its button, as large as it, and lets everything through."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(button.size())
        button.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._button:
            self.resize(self._button.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in two colours: one of them stands out from whatever the button is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for inset_px, role in ((0.5, QPalette.ColorRole.WindowText), (1.5, QPalette.ColorRole.Window)):
            painter.setPen(QPen(self.palette().color(role), 1.0))
            rect = QRectF(self.rect()).adjusted(inset_px, inset_px, -inset_px, -inset_px)
            painter.drawRoundedRect(rect, CORNER_PX, CORNER_PX)
        painter.end()


class FocusRings(QObject):
    """Puts a ring on the button that is reached by keys, in every window of the program."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            for ring in before.findChildren(FocusRing):
                ring.hide()
                ring.deleteLater()
        is_by_keys = now is not None and now.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if is_by_keys and isinstance(now, QAbstractButton):
            FocusRing(now)
