from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.first_size import resize_within_screen


class Screen:
    def __init__(self, width: int, height: int) -> None:
        self._room = QRect(0, 0, width, height)

    def availableGeometry(self) -> QRect:  # noqa: N802
        return self._room


class Window(QWidget):
    """A window on a screen of some size."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._screen = Screen(width, height)

    def screen(self) -> Screen:  # type: ignore[override]
        return self._screen


@pytest.mark.parametrize(
    ("screen_wh", "wanted_wh"),
    [((1920, 1040), (980, 680)), ((960, 540), (960, 508)), ((1093, 574), (980, 542))],
)
def test_a_dialog_is_as_large_as_it_was_thought_or_as_there_is_room(
    qtbot: QtBot, screen_wh: tuple[int, int], wanted_wh: tuple[int, int]
) -> None:
    window = Window(*screen_wh)
    qtbot.addWidget(window)
    for shown in (window, QDialog(window)):
        resize_within_screen(shown, 980, 680)
        assert (shown.width(), shown.height()) == wanted_wh
