"""The whole program by keyboard, and a contrast for everything that is drawn to be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.dialogs.palette import CommandPalette
from meticulous_gui.ui.dialogs.shortcuts import ShortcutSheet
from meticulous_gui.ui.focus_ring import FocusRing, FocusRings
from meticulous_gui.ui.icons import icon_names, icon_pixmap
from meticulous_gui.ui.qimage import rgba_from_qimage
from meticulous_gui.ui.strip.states import LOOKS
from meticulous_gui.ui.theme import canvas_surround, contrast_ratio, make_palette
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
OWNERS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)
MAX_TABS = 120


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    """A folder with its strip, a mask, the queue of many photos."""
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in ("a.png", "b.png"):
        make_photo(stage.folder / name, (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    yield stage
    stage.session.close()


# --- the keyboard -----------------------------------------------------------------------------------------


def walked(start: QWidget) -> set[QWidget]:
    """Return what the focus comes by when Tab is pressed again and again."""
    start.setFocus()
    seen: set[QWidget] = set()
    for _ in range(MAX_TABS):
        focused = QApplication.focusWidget()
        assert focused is not None, "Tab leads nowhere"
        seen.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return seen


def is_part(widget: QWidget) -> bool:
    """Return whether a widget is Qt's own part of a control, or a text that is only shown."""
    if widget.objectName().startswith("qt_") or (isinstance(widget, QLineEdit) and widget.isReadOnly()):
        return True
    parent = widget.parentWidget()
    return parent is not None and (isinstance(parent, OWNERS) or is_part(parent))


def unreached(top: QWidget, seen: set[QWidget], stage: WindowStage) -> list[str]:
    """Return the visible controls that neither Tab, nor arrow keys, nor a menu reach."""
    menus = {entry for menu in stage.window.menuBar().findChildren(QMenu) for entry in menu.actions()}
    found = []
    for kind in CONTROLS:
        for widget in top.findChildren(kind):
            if not widget.isVisible() or not widget.isEnabled() or widget in seen or is_part(widget):
                continue
            group = widget.group() if isinstance(widget, QAbstractButton) else None
            if group is not None and group.exclusive() and seen & set(group.buttons()):
                continue  # arrow keys go from one to the next
            if isinstance(widget, QToolButton) and widget.defaultAction() in menus:
                continue
            found.append(f"{type(widget).__name__} “{widget.accessibleName()}”")
    return found


def test_tab_stops_only_where_something_is_seen(stage: WindowStage) -> None:
    window = stage.window
    for is_shown in (False, True, False):
        if window.folder.batch.isVisible() is not is_shown:
            window.actions_set.trigger("batch")
        stage.settle()
        for widget in walked(window.canvas):
            assert window.rect().intersects(QRect(widget.mapTo(window, QPoint()), widget.size())), widget


def test_a_button_that_is_reached_by_keys_is_seen(stage: WindowStage) -> None:
    FocusRings(stage.window)
    stage.open_with_mask()
    row = stage.window.layers.rows[0]
    stage.window.activateWindow()
    for is_dark in (False, True):
        stage.window.setPalette(make_palette(is_dark=is_dark))
        row.setFocus()
        without = row.eye.grab().toImage()
        QTest.keyClick(row, Qt.Key.Key_Tab)
        assert row.eye.hasFocus()
        assert contrast_in(row.eye.grab().toImage(), without) >= 3.0
    row.eye.resize(row.eye.width() + 9, row.eye.height())
    (size,) = (ring.size() for ring in row.eye.findChildren(FocusRing) if ring.isVisible())
    assert size == row.eye.size()
    stage.window.canvas.setFocus()
    assert not any(ring.isVisible() for ring in row.eye.findChildren(FocusRing))


def contrast_in(one: QImage, other: QImage) -> float:
    """Return the strongest contrast of pixels at the same place."""
    places = ((x, y) for x in range(one.width()) for y in range(one.height()))
    return max(contrast_ratio(one.pixelColor(x, y), other.pixelColor(x, y)) for x, y in places)


def test_tab_or_a_menu_reaches_every_control_of_the_window(stage: WindowStage) -> None:
    window = stage.window
    window.actions_set.trigger("batch")
    stage.settle()
    for dock in (window.folder.batch, window.panels):
        dock.show()
        dock.raise_()
        stage.settle()
        assert unreached(window, walked(window.canvas), stage) == []
    for tool_id in window.toolbox.tools:
        window.toolbox.choose(tool_id)
        assert unreached(window.context_bar, walked(window.canvas), stage) == [], tool_id


@pytest.mark.parametrize(
    ("action_id", "kind"),
    [
        ("export_as", ExportDialog),
        ("shortcuts", ShortcutSheet),
        ("about", AboutDialog),
    ],
)
def test_tab_reaches_every_control_of_a_dialog(
    stage: WindowStage, action_id: str, kind: type[QDialog]
) -> None:
    stage.window.actions_set.trigger(action_id)
    stage.settle()
    dialog = stage.dialog(kind)
    dialog.activateWindow()
    assert unreached(dialog, walked(QApplication.focusWidget() or dialog), stage) == []


def test_tab_reaches_every_control_of_the_preferences_and_leads_out_of_each(stage: WindowStage) -> None:
    dialog = stage.preferences()
    dialog.activateWindow()
    for page in range(dialog.pages.count()):
        dialog.list.setCurrentRow(page)
        seen = walked(dialog.list)
        assert unreached(dialog, seen, stage) == []
        assert dialog.list in seen, "Tab comes round"


def test_the_palette_is_moved_through_from_its_field(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("palette")
    stage.settle()
    palette = stage.dialog(CommandPalette)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    found = palette.findChildren(QAbstractItemView)[0]
    before = found.currentIndex().row()
    QTest.keyClick(focused, Qt.Key.Key_Down)
    assert found.currentIndex().row() == before + 1


def test_arrow_keys_choose_the_ground_of_the_export_preview(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("export_as")
    stage.settle()
    dialog = stage.dialog(ExportDialog)
    dialog.activateWindow()
    ground = dialog.grounds
    ground.checkerboard.setFocus()
    QTest.keyClick(ground.checkerboard, Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget() or ground.black, Qt.Key.Key_Space)
    assert ground.black.isChecked()


# --- contrast ---------------------------------------------------------------------------------------------


def ink_of(name: str, palette: QPalette) -> QColor:
    """Return the strongest colour that an icon is drawn with."""
    colour = palette.color(QPalette.ColorRole.WindowText)
    pixels = rgba_from_qimage(icon_pixmap(name, size_px=48, colour=colour).toImage())
    strongest = pixels.reshape(-1, 4)[pixels[:, :, 3].argmax()]
    assert strongest[3] >= 250, f"{name} is drawn faintly"
    return QColor(*(int(value) for value in strongest[:3]))


@pytest.mark.parametrize("is_dark", [False, True])
def test_every_icon_stands_out_from_its_bar(is_dark: bool, qapp: QApplication) -> None:
    palette = make_palette(is_dark=is_dark)
    for name in set(icon_names()) - {"app"}:  # the program's own has its own ground
        assert contrast_ratio(ink_of(name, palette), palette.color(QPalette.ColorRole.Window)) >= 4.5, name


def test_the_marks_of_states_carry_white_shapes_that_are_seen() -> None:
    for state, look in LOOKS.items():
        if state is not PhotoState.UNTOUCHED:
            assert contrast_ratio(QColor(look.colour), QColor("white")) >= 3, state
    shapes = {(look.icon, bool(look.colour)) for look in LOOKS.values()}
    assert len(shapes) == len(LOOKS), "states differ without their colours"


@pytest.mark.parametrize("is_dark", [False, True])
def test_what_is_drawn_without_words_stands_out(is_dark: bool) -> None:
    palette = make_palette(is_dark=is_dark)
    window = palette.color(QPalette.ColorRole.Window)
    for role in (QPalette.ColorRole.Accent, QPalette.ColorRole.Highlight):
        ground = canvas_surround(palette) if role is QPalette.ColorRole.Accent else window
        assert contrast_ratio(palette.color(role), ground) >= 2.5, role
