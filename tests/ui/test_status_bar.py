"""The status bar while the hand moves: what it says of the pointer comes along and disturbs nothing."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from meticulous_gui.engine.jobs import EngineStatus
from meticulous_gui.ui.bars.status import StatusBar
from meticulous_gui.ui.inbox import Inbox
from meticulous_gui.ui.work import NetworkWork
from meticulous_gui.ui.yielding_label import YieldingLabel


class Layouts(QObject):
    """Counts how often what it watches lays itself out."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[QEvent.Type] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.counts[event.type()] += 1
        return False


def shown_bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(900, 26)
    bar.show()
    qtbot.waitExposed(bar)
    return bar


def texts(bar: StatusBar) -> list[str]:
    return [label.text() for label in bar.labels]


def test_where_the_pointer_is_last_is_what_stays(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    bar.show_pointer(17.9, 4.2, is_inside=True)
    assert "17, 4" in texts(bar)
    for x in range(100, 200):
        bar.show_pointer(x, 7, is_inside=True)
    qtbot.waitUntil(lambda: "199, 7" in texts(bar))
    bar.show_pointer(-1, -1, is_inside=False)
    qtbot.waitUntil(lambda: not any(", " in text for text in texts(bar)))


def test_a_long_name_pushes_nothing_out_of_sight(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    bar.show_zoom(1.0)
    work = NetworkWork(Inbox())
    bar.show_work(work, "a photo with a name of its own " * 9 + ".jpg", is_exporting=False)
    qtbot.wait(1)
    opening, zoom = bar.labels[1], bar.labels[-1]
    assert isinstance(opening, YieldingLabel)
    assert opening.shown.startswith("Opening a photo with a name")
    assert opening.shown.endswith("…")
    assert zoom.geometry().right() <= bar.width()
    assert zoom.width() >= zoom.sizeHint().width()


def test_whatever_the_networks_say_is_shown_as_it_is(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    bar.show_engine(EngineStatus("stopped", "", (), message="The file {x} is no network."))
    assert "The file {x} is no network." in texts(bar)


def test_a_hand_that_moves_lays_nothing_out_anew(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    bar.show_pointer(9999, 9999, is_inside=True)
    qtbot.wait(100)  # the widest text has its room now
    layouts = Layouts()
    bar.installEventFilter(layouts)
    for text in ("11, 1", "8888, 1", "777, 4321"):
        x, y = (float(part) for part in text.split(", "))
        bar.show_pointer(x, y, is_inside=True)
        qtbot.waitUntil(lambda text=text: text in texts(bar))  # type: ignore[misc]
        qtbot.wait(1)
    assert layouts.counts[QEvent.Type.LayoutRequest] == 0
    bar.removeEventFilter(layouts)
