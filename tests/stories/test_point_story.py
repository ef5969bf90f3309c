"""Objects selected by clicks: real weights, a real child process and a real mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from meticulous_gui.core.photo import load_photo
from tests.stories.conftest import Person

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL = Qt.KeyboardModifier.ControlModifier
CUP, SPOON, TABLE = (300, 180), (370, 300), (560, 350)


def click(person: Person, at: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    """Click on the photo, and wait for the answer."""
    x, y = person.on_canvas(*at)
    QTest.mouseClick(person.canvas, button, pos=QPoint(round(x), round(y)))
    pointing = person.session.pointing
    person.wait_until(lambda: not pointing.is_waiting)


def is_in(person: Person, at: tuple[int, int]) -> bool:
    return bool(person.alpha[at[1], at[0]] >= 128)


def test_click_correct_undo_keep_refine_export(person: Person) -> None:
    path = person.open_sample()
    person.window.actions_set.trigger("clear_mask")
    QTest.keyClick(person.canvas, Qt.Key.Key_P)

    click(person, CUP)
    assert is_in(person, CUP)
    assert not is_in(person, TABLE)
    first = person.alpha
    click(person, SPOON, RIGHT)
    assert is_in(person, CUP)
    assert not is_in(person, SPOON)
    corrected = person.alpha
    click(person, TABLE)
    assert is_in(person, TABLE)
    for state in (corrected, first):
        QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
        person.wait_until(lambda: not person.session.pointing.is_waiting)
        np.testing.assert_array_equal(person.alpha, state)
    QTest.keyClick(person.canvas, Qt.Key.Key_Y, CTRL)
    person.wait_until(lambda: not person.session.pointing.is_waiting)
    np.testing.assert_array_equal(person.alpha, corrected)

    person.canvas.setFocus()
    QTest.keyClick(person.canvas, Qt.Key.Key_Return)
    person.wait_until(lambda: person.session.work.is_running)
    person.wait_for_networks()
    sharpened = person.alpha
    soft = (sharpened > 0) & (sharpened < 255)
    assert soft.any(), "the edge is an edge now"
    assert is_in(person, CUP)
    assert not is_in(person, SPOON)

    exported: list[object] = []
    person.window.saving.exported.connect(exported.append)
    QTest.keyClick(person.canvas, Qt.Key.Key_E, CTRL)
    person.wait_until(lambda: bool(exported))
    cutout = load_photo(path.with_name("coffee-cutout.png"))
    assert cutout.alpha is not None
    np.testing.assert_array_equal(cutout.alpha, sharpened)
