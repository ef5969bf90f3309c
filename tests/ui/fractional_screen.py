"""A program of its own: the canvas on a screen of fractional scaling, which Qt reads once a process."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.qimage import rgb_from_qimage
from tests.ui.canvas_stage import MIDDLE, Stage


class Keeper:
    """Keeps widgets alive and waits for nothing: offscreen they are there at once."""

    def __init__(self) -> None:
        self.widgets: list[QWidget] = []

    def addWidget(self, widget: QWidget) -> None:  # noqa: N802
        self.widgets.append(widget)

    def waitExposed(self, widget: QWidget) -> Any:  # noqa: N802
        return nullcontext()


def check_frame_is_the_screen(stage: Stage) -> None:
    """Every device pixel of the frame arrives on the screen unchanged."""
    stage.canvas.hands.leave()
    shown = rgb_from_qimage(stage.canvas.grab().toImage())
    frame = stage.canvas.frame_pixels[:, :, 2::-1]
    assert shown.shape == frame.shape, (shown.shape, frame.shape)
    np.testing.assert_array_equal(shown, frame)


def main(ratio: float) -> None:
    """Raise an AssertionError where something is off at this device pixel ratio."""
    application = QApplication([])
    stage = Stage(Keeper())
    canvas = stage.canvas
    assert canvas.device_pixel_ratio == ratio, canvas.device_pixel_ratio
    assert canvas.viewport_hw == (round(300 * ratio), round(400 * ratio)), canvas.viewport_hw
    check_frame_is_the_screen(stage)

    canvas.zoom_to(3.0)
    canvas.grab()
    held = stage.image_at((200.0, 140.0))
    # 10 and 7 logical pixels are a fraction of device pixels: the pan goes to the nearest whole one.
    stage.drag([(200.0, 140.0), (203.0, 142.0), (210.0, 147.0)], MIDDLE)
    view_x, view_y = canvas.view.image_to_view(*held)
    assert max(abs(view_x - 210 * ratio), abs(view_y - 147 * ratio)) <= 1.0 + 1e-6
    origin_px = canvas.view.origin_x * canvas.view.zoom
    assert abs(origin_px - round(origin_px)) < 1e-6
    shifted = canvas.frame_pixels.copy()
    canvas.invalidate_all()
    np.testing.assert_array_equal(canvas.frame_pixels, shifted)
    check_frame_is_the_screen(stage)

    position = (120.2, 90.4)
    held = stage.image_at(position)
    for _ in range(5):
        stage.wheel(position, angle=(0, 120))
        view_x, view_y = canvas.view.image_to_view(*held)
        assert max(abs(view_x - position[0] * ratio), abs(view_y - position[1] * ratio)) <= 0.5 + 1e-6

    canvas.fit()
    canvas.grab()
    stage.drag([(100.4, 90.2), (180.6, 160.8)])
    painted = canvas.frame_pixels.copy()
    column, row = (int(value) for value in stage.image_at((100.4, 90.2)))
    assert stage.alpha[row, column] == 255
    canvas.invalidate_image_box(Box(10, 10, 40, 30))
    np.testing.assert_array_equal(canvas.frame_pixels, painted)
    check_frame_is_the_screen(stage)
    canvas.close()
    application.processEvents()


if __name__ == "__main__":
    main(float(sys.argv[1]))
