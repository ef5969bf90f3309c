"""A photo of a hundred megapixels: clicks are obeyed and come back, and no piece of work is a stall."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from meticulous_gui.engine.clicks.session import ClickReport, ClickSession, Steps
from meticulous_gui.engine.ladder import PhotoLevels
from tests.engine.stubs import ColourClick

SIZE_HW = 8660, 11548
MOST_S = 1.0


def _slowest(steps: Steps) -> tuple[ClickReport, float]:
    """Return the report and the processor time of the longest piece of work between two stops."""
    slowest = 0.0
    while True:
        began = time.thread_time()
        try:
            next(steps)
        except StopIteration as stop:
            report: ClickReport = stop.value
            return report, max(slowest, time.thread_time() - began)
        slowest = max(slowest, time.thread_time() - began)


@pytest.mark.slow
def test_clicks_on_a_hundred_megapixels() -> None:
    rgb = np.zeros((*SIZE_HW, 3), np.uint8)
    cv2.ellipse(rgb, (6000, 4000), (2500, 1800), 20.0, 0, 360, (220, 60, 40), -1)
    session = ClickSession(PhotoLevels(rgb), ColourClick())
    before = session.mask.copy()
    clicks = [(6000.5, 4000.5, True), (0.5, 0.5, False), (11547.5, 8659.5, True), (6000.5, 2500.5, True)]
    for x, y, is_positive in clicks:
        report, seconds = _slowest(session.click(x, y, is_positive=is_positive))
        assert not report.was_refused
        assert seconds < MOST_S
    for click in session.clicks:
        assert session.mask[click.row, click.col] == click.is_positive
    assert session.mask[3000:5000, 5000:7000].mean() > 0.9
    for _ in clicks:
        session.undo()
    assert np.array_equal(session.mask, before)
