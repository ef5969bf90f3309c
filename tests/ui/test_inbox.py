from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.inbox import Inbox


class HandClock:
    """Seconds that pass only when a call costs some."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_calls_of_another_thread_are_made_in_the_window_thread_and_in_order(qtbot: QtBot) -> None:
    inbox = Inbox()
    made: list[tuple[int, int]] = []

    def put_all() -> None:
        for number in range(5):
            inbox.put(lambda number=number: made.append((number, threading.get_ident())))  # type: ignore[misc]

    thread = threading.Thread(target=put_all)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(made) == 5)
    assert made == [(number, threading.get_ident()) for number in range(5)]
    inbox.close()


def test_a_frame_makes_no_more_calls_than_its_budget_allows(qtbot: QtBot) -> None:
    clock = HandClock()
    inbox = Inbox(budget_ms=8.0, clock_s=clock)
    made: list[int] = []

    def cost_three_ms(number: int) -> None:
        made.append(number)
        clock.now_s += 0.003

    for number in range(7):
        inbox.put(lambda number=number: cost_three_ms(number))  # type: ignore[misc]
    inbox.deliver()
    assert made == [0, 1, 2]
    inbox.deliver()
    assert made == [0, 1, 2, 3, 4, 5]
    qtbot.waitUntil(lambda: len(made) == 7)
    inbox.close()


def test_a_call_that_fails_does_not_hold_up_those_behind_it(qtbot: QtBot) -> None:
    inbox = Inbox()
    made: list[str] = []

    def fail() -> None:
        raise RuntimeError("as planned")

    inbox.put(fail)
    inbox.put(lambda: made.append("after"))
    with pytest.raises(RuntimeError, match="as planned"):
        inbox.deliver()
    qtbot.waitUntil(lambda: made == ["after"])
    inbox.close()


def test_a_closed_inbox_drops_everything(qtbot: QtBot) -> None:
    inbox = Inbox()
    made: list[int] = []
    inbox.put(lambda: made.append(1))
    inbox.close()
    inbox.put(lambda: made.append(2))
    inbox.deliver_all()
    assert made == []
