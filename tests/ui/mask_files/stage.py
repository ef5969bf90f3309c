"""A mask for the photo, and how a person takes it from a file and gives it back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.ui.window_stage import WindowStage

CTRL = Qt.KeyboardModifier.ControlModifier
SIZE_HW = (40, 60)


def disc(size_hw: tuple[int, int] = SIZE_HW) -> NDArray[np.uint8]:
    """Return a mask that the automatic one is not."""
    height, width = size_hw
    y, x = np.mgrid[:height, :width]
    inside = (x / width - 0.5) ** 2 + (y / height - 0.5) ** 2 < 0.1
    return np.where(inside, 255, 0).astype(np.uint8)


def save(path: Path, pixels: NDArray[np.uint8]) -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def pixels_of(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image).copy()


def take(stage: WindowStage, path: Path) -> None:
    """Take a mask by the menu's dialog."""
    stage.window.actions_set.trigger("open_mask")
    dialog = stage.dialog(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    stage.window.activateWindow()
    stage.window.canvas.setFocus()
    stage.settle()


def choices(stage: WindowStage) -> list[str]:
    """Return what the newest message offers."""
    return [choice.text for choice in stage.window.messages.messages[0].choices]


def choose(stage: WindowStage, text: str) -> None:
    stage.window.messages.choose(text)
    stage.settle()


def press_save(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_S, CTRL)
