"""Previews under the pointer: measured, the newest wish wins, and outlines where things are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.commands import PreviewClick
from meticulous_gui.ui.points.hover import QUICK_S, Hover, Pace, outline_of
from tests.ui.point_stage import PointStage, fields


def test_previews_go_on_only_while_they_come_quickly() -> None:
    pace = Pace()
    pace.note(3.0)
    assert pace.is_quick, "the first one loads what the next ones use"
    for _ in range(2):
        pace.note(QUICK_S / 2)
    assert pace.is_quick
    for _ in range(3):
        pace.note(QUICK_S * 2)
    assert not pace.is_quick
    pace.forget()
    assert pace.is_quick


@pytest.mark.parametrize("side", [40, 3000])
def test_an_outline_lies_where_the_mask_ends(side: int) -> None:
    mask = np.zeros((side, side), np.bool_)
    mask[side // 4 : side // 2, side // 4 : 3 * side // 4] = True
    (outline,) = outline_of(mask, Box(100, 50, 100 + side, 50 + side))
    tolerance = max(2, side // 400)
    assert abs(outline[:, 0].min() - (100 + side / 4)) <= tolerance
    assert abs(outline[:, 0].max() - (100 + 3 * side / 4)) <= tolerance
    assert abs(outline[:, 1].max() - (50 + side / 2)) <= tolerance


def test_the_newest_place_wins_and_a_slow_device_pauses(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.open_picture(fields())
    stage.take_tool()
    now_s = [0.0]
    hover = Hover(stage.session, stage.pointing, clock_s=lambda: now_s[0])
    stage.is_slow = True
    asked = len(stage.server.commands)
    for x in (30.0, 40.0, 50.0):
        hover.point_at(x, 40.0, is_positive=True)
    hover._ask()
    hover.point_at(60.0, 40.0, is_positive=True)
    hover._ask()  # none while one is under way
    assert stage.server.commands[asked:] == [PreviewClick(50.0, 40.0)]
    for _ in range(3):
        now_s[0] += 10 * QUICK_S
        stage.answer()
        hover.point_at(60.0, 40.0, is_positive=True)
        hover._ask()
    assert not hover.is_on
    n_asked = len(stage.server.commands)
    hover._timer.stop()
    hover.point_at(20.0, 40.0, is_positive=True)
    assert not hover._timer.isActive()
    assert len(stage.server.commands) == n_asked
    stage.session.close()
