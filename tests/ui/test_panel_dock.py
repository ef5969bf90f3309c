"""The dock beside the canvas: many layers get more of its height, unless a hand has shared it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.window_stage import WindowStage


def heights(stage: WindowStage) -> tuple[int, int]:
    layers, history = stage.window.panels.splitter.sizes()
    return layers, history


def add_layers(stage: WindowStage, count: int) -> None:
    for _ in range(count):
        stage.document.add_layer()
    stage.settle()


@pytest.mark.parametrize("height", [700, 1000])
def test_layers_have_the_room_that_they_need_up_to_a_limit(stage: WindowStage, height: int) -> None:
    stage.open_with_mask()
    stage.window.resize(1000, height)
    stage.settle()
    layers, history = heights(stage)
    assert layers < history
    add_layers(stage, 5)
    assert stage.window.layers.visibleRegion().contains(stage.window.layers.only_where_empty.geometry())
    more, _ = heights(stage)
    assert more > layers
    add_layers(stage, 30)
    most, least = heights(stage)
    assert most > least > 0.6 * most
    assert stage.window.layers.rows[0].visibleRegion().boundingRect() == stage.window.layers.rows[0].rect()


def test_who_has_moved_the_line_between_them_keeps_it_there(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.settle()
    handle = stage.window.panels.splitter.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(9, 1))
    QTest.mouseMove(handle, QPoint(9, 40))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(9, 40))
    before = heights(stage)
    add_layers(stage, 12)
    assert heights(stage) == before
