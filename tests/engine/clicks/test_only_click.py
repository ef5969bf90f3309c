"""What else the only click may mean: looked at when asked, gone round, forgotten with the click."""

from __future__ import annotations

import numpy as np

from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.steps import result_of
from tests.engine.clicks.toy import assert_obeyed, blobs, toy_segmenter
from tests.engine.stubs import Staircase, nested_things


def test_readings_of_the_first_click_go_round() -> None:
    session = ClickSession(PhotoLevels(nested_things()), Staircase())
    assert result_of(session.next_candidate()).was_refused
    result_of(session.click(80.5, 50.5))
    first = session.mask.copy()
    assert first[100, 80]
    assert not first[100, 130]
    seen = [first]
    for _ in range(4):
        report = result_of(session.next_candidate())
        assert not report.was_refused
        assert session.readings == ("part", "object", "group")
        assert_obeyed(session, report)
        assert session.reading in session.readings
        if (session.mask == first).all():
            break
        assert not any((session.mask == mask).all() for mask in seen)
        seen.append(session.mask.copy())
    assert (session.mask == first).all()
    session.undo()
    assert (session.mask == seen[-1]).all()
    assert sorted(np.count_nonzero(mask) > 3000 for mask in seen) == [False, True, True]
    result_of(session.click(5.5, 5.5, is_positive=False))
    assert result_of(session.next_candidate()).was_refused


def test_readings_are_those_of_the_click_where_it_is_now() -> None:
    rgb, _ = blobs(1, (160, 200))
    session = ClickSession(PhotoLevels(rgb), toy_segmenter(1))
    result_of(session.click(100.5, 80.5))
    for _ in session.find_readings():
        pass
    result_of(session.move(session.clicks[0].id, 20.5, 130.5))
    report = result_of(session.next_candidate())
    assert session.clicks[0].xy == (20.5, 130.5)
    assert_obeyed(session, report)
