"""A blotted mask, the two panels that change its whole edge, and what both are asked."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import Qt

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.panels.adjust import AdjustPanel
from meticulous_gui.ui.panels.clean_up import CleanUpPanel
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

SIZE_HW = (240, 330)


def blot() -> Alpha:
    """Return a disc with holes of 1, 9 and 100 pixels, and specks of 4, 25 and 400 beside it."""
    alpha = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(alpha, (150, 120), 80, 255, -1, cv2.LINE_AA)
    for x, y, side in ((120, 120, 1), (150, 90, 3), (160, 130, 10)):
        alpha[y : y + side, x : x + side] = 0
    for x, y, side in ((20, 20, 2), (280, 30, 5), (290, 190, 20)):
        alpha[y : y + side, x : x + side] = 255
    return alpha


def open_adjust(stage: WindowStage) -> AdjustPanel:
    stage.press(Qt.Key.Key_G, CTRL)
    panel = stage.window.edge_panels.adjust
    assert panel is not None
    assert panel.isVisible()
    return panel


def open_clean_up(stage: WindowStage) -> CleanUpPanel:
    stage.press(Qt.Key.Key_G, CTRL | SHIFT)
    panel = stage.window.edge_panels.clean_up
    assert panel is not None
    assert panel.isVisible()
    return panel


def n_steps(stage: WindowStage) -> int:
    return stage.document.history.n_done


def assert_enter_makes(stage: WindowStage, panel: AdjustPanel | CleanUpPanel, expected: Alpha) -> None:
    """Press Enter: what was shown is the mask, in one step that Ctrl+Z takes back."""
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, expected)
    np.testing.assert_array_equal(stage.shown_alpha(), expected)
    assert not panel.isVisible()
    assert n_steps(stage) == 1
    np.testing.assert_array_equal(stage.document.active.decided.to_mask(), expected != blot())
    stage.press(Qt.Key.Key_Z, CTRL)
    np.testing.assert_array_equal(stage.alpha, blot())


def begin_in_a_folder(stage: WindowStage) -> Document:
    """Work on the first photo of a folder of two."""
    stage.document.unsaved.mark_saved()
    make_photo(stage.folder / "z.png", SIZE_HW)
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.runner.job.finish()
    document = stage.document
    document.apply(Edit(document.active.id, document.box, blot()))
    stage.settle()
    stage.window.canvas.setFocus()
    return document
