"""A hand on a mouse: real events with the buttons that are really held."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

ViewPoint = tuple[float, float]

LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def drag(
    widget: QWidget,
    *positions: ViewPoint,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """Press at the first position, move through all, let go at the last; logical pixels of `widget`."""
    send(widget, QEvent.Type.MouseButtonPress, positions[0], button=button, held=button, keys=keys)
    for position in between(positions):
        send(widget, QEvent.Type.MouseMove, position, button=NO_BUTTON, held=button, keys=keys)
    send(widget, QEvent.Type.MouseButtonRelease, positions[-1], button=button, held=NO_BUTTON, keys=keys)


def between(positions: Sequence[ViewPoint], n_steps: int = 8) -> list[ViewPoint]:
    """Return points on the way from one position to the next, as a hand passes them."""
    steps = [step / n_steps for step in range(1, n_steps + 1)]
    return [
        (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        for (x0, y0), (x1, y1) in pairwise(positions)
        for part in steps
    ]


def send(
    widget: QWidget,
    kind: QEvent.Type,
    position: ViewPoint,
    *,
    button: Qt.MouseButton,
    held: Qt.MouseButton,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """Send one mouse event."""
    point = QPointF(*position)
    global_point = QPointF(widget.mapToGlobal(point))
    QApplication.sendEvent(widget, QMouseEvent(kind, point, global_point, button, held, keys))
