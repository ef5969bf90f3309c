"""From a first click to a file: click, correct, take back, keep, sharpen, export, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.engine.jobs import Finished, Partial, RefineRequest, Report
from tests.ui.point_stage import CYAN, OTHER_RED, RED, RIGHT, PointStage, fields

CTRL = Qt.KeyboardModifier.ControlModifier


def test_click_correct_undo_keep_refine_export(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.open_picture(fields())
    stage.take_tool()

    stage.click(55, 45)
    assert stage.mask[45, 55]
    stage.click(130, 25)
    assert stage.has_most_of(CYAN)
    stage.click(162, 82, button=RIGHT)
    assert not stage.mask[82, 162]
    stage.click(100, 100)
    assert stage.mask[100, 100]
    stage.press(Qt.Key.Key_Z, CTRL)
    assert not stage.mask[100, 100]
    selected = stage.alpha
    stage.press(Qt.Key.Key_Return)
    assert np.array_equal(stage.alpha, selected)

    sharpen(stage)
    assert stage.titles == ["Point at the object", "Refine the edge"]
    assert (stage.alpha == 254).any()
    assert stage.alpha[45, 55] == 255, "the person's own word"
    assert np.array_equal(stage.mask, selected >= 128)

    stage.press(Qt.Key.Key_E, CTRL)
    stage.settle()
    (written,) = stage.exported or [*tmp_path.glob("*-cutout.png")]
    with Image.open(written) as cutout:
        assert np.array_equal(np.asarray(cutout)[:, :, 3], stage.alpha)
    assert stage.share_of(RED) > 0
    assert stage.share_of(OTHER_RED) < 1
    stage.session.close()


def sharpen(stage: PointStage) -> None:
    """Answer the refinement of a new edge: what was wholly inside becomes 254."""
    job = next(job for job in stage.server.jobs if isinstance(job.request, RefineRequest))
    request = job.request
    assert isinstance(request, RefineRequest)
    box = request.region_box
    sharpened = stage.alpha[box.slices()].copy()
    sharpened[request.region_mask & (sharpened == 255)] = 254
    job.tell(Partial(box, sharpened, np.full(box.size_hw, 255, np.uint8)))
    job.tell(Finished(Report(box)))
    stage.settle()


def test_who_exports_right_after_a_click_gets_the_edge_that_is_sharpened(point_stage: PointStage) -> None:
    point_stage.click(55, 45)
    point_stage.press(Qt.Key.Key_E, CTRL)
    folder = point_stage.folder
    assert not [*folder.glob("*-cutout.png")]
    assert "still being worked on" in point_stage.texts[-1]
    sharpen(point_stage)
    (written,) = folder.glob("*-cutout.png")
    with Image.open(written) as cutout:
        assert (np.asarray(cutout)[:, :, 3] == 254).any()
