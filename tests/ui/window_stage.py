"""A shown window on a session with a fake runner, and a hand that paints in it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
)
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.render import SceneLayer
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.window import MainWindow
from tests.core.documents import forget_history
from tests.ui.fakes import Stage
from tests.ui.mouse import ViewPoint, drag

Dialog = TypeVar("Dialog", bound=QDialog)


class WindowStage(Stage):
    """A shown window on a session with a fake runner."""

    def __init__(self, folder: Path, qtbot: QtBot, choices: Choices | None = None) -> None:
        super().__init__(folder)
        self.window = MainWindow(self.session, choices or Choices(), log_folder=folder)
        self.window.resize(1000, 700)
        qtbot.addWidget(self.window, before_close_func=lambda window: setattr(window, "_may_close", True))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.canvas.setFocus()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key with the focus where it is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def open_picture(self, rgb: RgbImage, alpha: Alpha | None = None) -> None:
        """Write a photo, open it, and give it a mask (an empty one without)."""
        path = self.folder / f"picture-{rgb.shape[0]}-{rgb.shape[1]}.png"
        Image.fromarray(rgb).save(path)
        self.session.opener.open_path(path)
        self.settle()
        self.runner.job.finish()
        self.settle()
        if alpha is not None:
            document = self.session.document
            assert document is not None
            document.apply(Edit(document.active.id, document.box, alpha))
            forget_history(document)
        self.settle()

    def at(self, x: float, y: float) -> ViewPoint:
        """Return where an image point lies on the canvas, in logical pixels."""
        canvas = self.window.canvas
        view_x, view_y = canvas.view.image_to_view(x, y)
        return view_x / canvas.device_pixel_ratio, view_y / canvas.device_pixel_ratio

    def shown_alpha(self) -> Alpha:
        """Return the level of the active layer's mask that the canvas draws from now."""
        scene = self.session.shown.scene
        assert scene is not None
        levels = SceneLayer(*scene.layers[scene.active]).alpha
        return np.array(levels.level(levels.level_for(self.window.canvas.view.zoom)))

    def dialog(self, kind: type[Dialog]) -> Dialog:
        """Return the open dialog of a kind."""
        for dialog in self.window.findChildren(kind):
            if dialog.isVisible():
                return dialog
        raise LookupError(f"no {kind.__name__} is open")

    def preferences(self) -> PreferencesDialog:
        """Open the preferences."""
        self.window.actions_set.trigger("preferences")
        self.settle()
        return self.dialog(PreferencesDialog)


def paint_a_stroke(stage: WindowStage, *, reach: float = 200) -> None:
    """Paint with the real mouse in the middle of the canvas, or so far left of it and above."""
    canvas = stage.window.canvas
    middle_x, middle_y = canvas.width() / 2, canvas.height() / 2
    start = middle_x - reach, middle_y - reach * 0.75
    drag(canvas, start, (start[0] + reach / 2 + 1, start[1]))
    stage.settle()
