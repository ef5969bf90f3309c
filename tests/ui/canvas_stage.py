"""A canvas with a small document and tools, and hands that send it real Qt events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene, SceneLayer
from meticulous_gui.core.types import Alpha, Mask, RgbImage
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.layer_refusal import refusal
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.tools.brush_settings import BrushSettings
from meticulous_gui.ui.tools.toolbox import make_tools
from meticulous_gui.ui.views import ViewState
from tests.ui.fakes import HandExecutor

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NO_BUTTON = Qt.MouseButton.NoButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
ALT, SHIFT, CTRL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
ViewPoint = tuple[float, float]
Value = TypeVar("Value")


def noise_image(height: int = 200, width: int = 300) -> RgbImage:
    """Return a picture in which every pixel differs from its neighbours."""
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


class Desk:
    """The tools' context, without a session: it notes what it was asked for."""

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.scene: Scene | None = None
        self.brush = BrushSettings()
        self.brush.smoothing = 0.0
        self.refined: list[tuple[Mask, Box, ViewPoint, bool]] = []
        self.boxes: list[Box] = []
        self.asking = self.shown = self
        self.messages: list[str] = []
        self.mask_levels: Pyramid | None = None
        self.instead: Pyramid | None = None
        session = Session(HandExecutor())  # without networks: nothing can be pointed at
        self.pointing, self.hover = session.pointing, session.hover

    def compute(self, work: Callable[[], Value], done: Callable[[Value], None]) -> None:
        done(work())

    def show_instead(self, levels: Pyramid | None) -> None:
        self.instead = levels

    def commit(self, edit: Edit) -> None:
        assert self.document is not None
        try:
            self.document.apply(edit)
        except MeticulousError as error:
            self.message(str(error))

    def refine_region(
        self, mask: Mask, box: Box, focus_xy: ViewPoint, *, my_strokes_too: bool = False
    ) -> None:
        self.refined.append((mask, box, focus_xy, my_strokes_too))

    def segment_box(self, box: Box) -> None:
        self.boxes.append(box)

    def changeable(self) -> Document | None:
        why_not = refusal(self.document) if self.document is not None else None
        if why_not is not None:
            self.message(why_not.text)
        return self.document if why_not is None else None

    def message(self, text: str) -> None:
        self.messages.append(text)


class WidgetKeeper(Protocol):
    """What a stage needs of pytest-qt; a child process without pytest brings its own."""

    def addWidget(self, widget: QWidget) -> None: ...  # noqa: N802
    def waitExposed(self, widget: QWidget) -> Any: ...  # noqa: N802


class Stage:
    """A shown canvas of 400 x 300 logical pixels over a document of 300 x 200 image pixels."""

    def __init__(
        self, qtbot: WidgetKeeper, *, height: int = 200, width: int = 300, tool: str = "brush"
    ) -> None:
        self.document = Document(photo_from_array(noise_image(height, width)))
        if not self.document.layers:
            self.document.add_layer("Object 1")
        self.desk = Desk(self.document)
        self.views = ViewState()
        self.canvas = Canvas(self.views)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(400, 300)
        self.tools = make_tools(self.desk, self.canvas)
        self.levels = Pyramid(self.document.active.alpha)
        layer = SceneLayer(self.levels, self.document.active.colour)
        self.scene = self.desk.scene = Scene(Pyramid(self.document.photo.rgb), [layer])
        self.desk.mask_levels = self.levels
        self.document.subscribe(self._on_pixels)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.canvas.set_scene(self.scene)
        self.canvas.set_tool(self.tools[tool])
        self.canvas.setFocus()
        QApplication.processEvents()

    @property
    def alpha(self) -> Alpha:
        return self.document.active.alpha

    def _on_pixels(self, _layer_id: int, box: Box) -> None:
        self.levels.update(box)
        self.canvas.invalidate_image_box(box)

    def at(self, x: float, y: float) -> ViewPoint:
        """Return the logical position of an image point."""
        view_x, view_y = self.canvas.view.image_to_view(x, y)
        ratio = self.canvas.device_pixel_ratio
        return view_x / ratio, view_y / ratio

    def image_at(self, position: ViewPoint) -> ViewPoint:
        """Return the image point under a logical position."""
        ratio = self.canvas.device_pixel_ratio
        return self.canvas.view.view_to_image(position[0] * ratio, position[1] * ratio)

    def mouse(
        self,
        kind: QEvent.Type,
        position: ViewPoint,
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> None:
        is_move, is_release = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        point = QPointF(*position)
        held = NO_BUTTON if is_release else button
        event = QMouseEvent(kind, point, point, NO_BUTTON if is_move else button, held, keys)
        QApplication.sendEvent(self.canvas, event)

    def press(
        self, position: ViewPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, position, button, keys)

    def move(
        self, position: ViewPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
    ) -> None:
        self.mouse(QEvent.Type.MouseMove, position, button, keys)

    def hover(self, position: ViewPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.mouse(QEvent.Type.MouseMove, position, NO_BUTTON, keys)

    def release(
        self, position: ViewPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, position, button, keys)

    def drag(
        self,
        positions: Sequence[ViewPoint],
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> None:
        """Press at the first position, move through all, let go at the last."""
        self.press(positions[0], button, keys)
        for position in positions[1:]:
            self.move(position, button, keys)
        self.release(positions[-1], button, keys)

    def wheel(
        self,
        position: ViewPoint,
        *,
        angle: tuple[int, int] = (0, 0),
        pixels: tuple[int, int] = (0, 0),
        keys: Qt.KeyboardModifier = NO_KEYS,
        phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    ) -> None:
        point = QPointF(*position)
        event = QWheelEvent(point, point, QPoint(*pixels), QPoint(*angle), NO_BUTTON, keys, phase, False)
        QApplication.sendEvent(self.canvas, event)

    def pinch(self, position: ViewPoint, value: float) -> None:
        point = QPointF(*position)
        event = QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture,
            QPointingDevice.primaryPointingDevice(),
            2,
            point,
            point,
            point,
            value,
            QPointF(),
        )
        QApplication.sendEvent(self.canvas, event)

    def pen(
        self,
        kind: QEvent.Type,
        position: ViewPoint,
        *,
        pressure: float,
        is_eraser: bool = False,
        button: Qt.MouseButton = LEFT,
    ) -> bool:
        """Send a pen's event; return whether the canvas took it."""
        point = QPointF(*position)
        is_release = kind == QEvent.Type.TabletRelease
        event = QTabletEvent(
            kind,
            pen_device(is_eraser=is_eraser),
            point,
            point,
            pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            NO_KEYS,
            NO_BUTTON if kind == QEvent.Type.TabletMove else button,
            NO_BUTTON if is_release else button,
        )
        QApplication.sendEvent(self.canvas, event)
        return event.isAccepted()

    def key(
        self,
        key: Qt.Key,
        text: str = "",
        *,
        keys: Qt.KeyboardModifier = NO_KEYS,
        kind: QEvent.Type = QEvent.Type.KeyPress,
        is_repeat: bool = False,
    ) -> None:
        QApplication.sendEvent(self.canvas, QKeyEvent(kind, key, keys, text, is_repeat))


@cache
def pen_device(*, is_eraser: bool = False) -> QPointingDevice:
    """Return a pen or its eraser end; kept, because Qt remembers the device that sent the last event."""
    kind = QPointingDevice.PointerType.Eraser if is_eraser else QPointingDevice.PointerType.Pen
    return QPointingDevice(
        "test eraser" if is_eraser else "test pen",
        2 if is_eraser else 1,
        QPointingDevice.DeviceType.Stylus,
        kind,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure,
        1,
        1,
    )
