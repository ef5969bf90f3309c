"""A window that compares what refiners answer, and what must be seen in it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.jobs import RefineRequest
from meticulous_gui.ui.comparing.comparison import Comparison, Side
from tests.ui.fakes import FakeJob
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE_HW = (240, 330)
REGION = Box(60, 40, 260, 160)
INK = Box(100, 60, 220, 140)
"""Where refiners answer something else than the mask."""
OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}
"""A small MOS_H."""


def disc() -> Alpha:
    alpha = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(alpha, (150, 110), 60, 255, -1, cv2.LINE_AA)
    return alpha


def make_stage(qtbot: QtBot, folder: Path) -> WindowStage:
    stage = WindowStage(folder, qtbot)
    rng = np.random.default_rng(5)
    stage.open_picture(rng.integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8), disc())
    stage.window.canvas.zoom_to(1.0)
    return stage


def comparison_of(stage: WindowStage) -> Comparison:
    return stage.window.comparing.comparison


def n_steps(stage: WindowStage) -> int:
    assert stage.session.document is not None
    return stage.session.document.history.n_done


def drag_box(stage: WindowStage) -> None:
    """Ask for `REGION` with the Refine tool that compares."""
    stage.press(Qt.Key.Key_C)
    drag(
        stage.window.canvas,
        stage.at(REGION.x0 + 0.5, REGION.y0 + 0.5),
        stage.at(REGION.x1 - 0.5, REGION.y1 - 0.5),
        keys=SHIFT,
    )
    stage.settle()


def jobs_of(stage: WindowStage) -> list[FakeJob]:
    """Return the refines that were asked for."""
    return [job for job in stage.runner.jobs if isinstance(job.request, RefineRequest)]


def answer(stage: WindowStage, value: int) -> None:
    stage.runner.job.paint(INK, value)
    stage.runner.job.finish()
    stage.settle()


def compare(stage: WindowStage, *values: int) -> None:
    """Ask, and let each refiner answer one value in `INK`."""
    drag_box(stage)
    for value in values:
        answer(stage, value)


def refined(value: int) -> Alpha:
    """Return the mask after a refine that answered this."""
    alpha = disc()
    alpha[INK.slices()] = value
    return alpha


def wiped(stage: WindowStage, left: Alpha, right: Alpha) -> Alpha:
    """Return what the canvas must show."""
    x = comparison_of(stage).line_x
    return np.concatenate([left[:, :x], right[:, x:]], axis=1)


def sides(stage: WindowStage) -> list[str]:
    names: tuple[Side, ...] = ("a", "b")
    return [comparison_of(stage).name(side) for side in names]
