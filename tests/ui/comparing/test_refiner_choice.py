"""Which refiner perfects an edge is one choice, wherever it is made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem

from meticulous_gui.ui.bars.list_control import ListControl
from tests.ui.comparing.stage import comparison_of, drag_box, sides
from tests.ui.window_stage import WindowStage


def list_control(stage: WindowStage) -> ListControl:
    controls = stage.window.context_bar.findChildren(ListControl)
    return next(control for control in controls if control.isVisible())


def test_the_refiner_is_one_choice_in_two_places(stage: WindowStage) -> None:
    stage.window.resize(1500, 700)
    stage.press(Qt.Key.Key_R)
    control = list_control(stage)
    assert control.list.currentText() == "MOS_H"
    assert "The better edge" in control.list.toolTip()
    control.list.setCurrentIndex(control.list.findData("crm"))
    control.list.activated.emit(control.list.currentIndex())
    stage.settle()
    assert stage.window.choices.settings.engine.refiner == "crm"
    assert "A second opinion" in list_control(stage).list.toolTip()
    dialog = stage.preferences()
    box = dialog.networks.boxes["refiner"]
    assert box.currentData() == "crm"
    box.setCurrentIndex(box.findData("mos_h"))
    box.activated.emit(box.currentIndex())
    stage.settle()
    assert "The better edge" in dialog.networks.refiner_use.text()
    assert "mos_h" in dialog.networks.card.toPlainText()
    assert list_control(stage).list.currentData() == "mos_h"
    control = list_control(stage)
    control.list.setCurrentIndex(control.list.findData("crm"))
    control.list.activated.emit(control.list.currentIndex())
    assert box.currentData() == "crm"
    assert "A second opinion" in dialog.networks.refiner_use.text()
    dialog.close()


def test_a_refiner_without_weights_is_greyed_out_with_the_reason(alone: WindowStage) -> None:
    alone.press(Qt.Key.Key_R)
    box: QComboBox = list_control(alone).list
    assert [box.itemText(index) for index in range(box.count())] == [
        "MOS_H",
        "CRM (its weights are not installed)",
    ]
    assert not box.model().flags(box.model().index(1, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_the_open_list_says_when_to_take_which_and_the_bar_keeps_the_name(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_R)
    box = list_control(stage).list
    delegate = box.view().itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    written = {}
    for row in range(box.count()):
        option = QStyleOptionViewItem()
        delegate.initStyleOption(option, box.model().index(row, 0))
        written[box.itemText(row)] = option.text
        assert box.view().minimumWidth() > option.fontMetrics.horizontalAdvance(option.text)
    assert "The better edge" in written["MOS_H"]
    assert "A second opinion" in written["CRM"]
    assert box.currentText() == "MOS_H"


def test_the_one_that_is_taken_is_a(stage: WindowStage) -> None:
    comparison_of(stage).refiners.take("crm")
    drag_box(stage)
    assert sides(stage) == ["crm", "mos_h"]
